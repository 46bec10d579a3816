// Canonical texts are what PostgreSQL prints: whatever our check accepts, the real column takes and gives back unchanged.
import fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { attributeTypes, columnTypes, type AttributeType } from '../src/core/attribute.ts'
import { attributeCleaner } from '../src/core/cleanerFor.ts'
import { testDatabase } from './postgres.ts'
import { sampleValues, type SampleValue } from './support/sampleValues.ts'

const database = testDatabase({ empty: true })
let client: Client
beforeAll(async () => {
  client = new Client(database.connection)
  await client.connect()
  await client.query(
    "set time zone 'UTC'; set datestyle to iso; set intervalstyle to postgres; set extra_float_digits to 1",
  )
})
afterAll(async () => {
  await client.end()
})

/** Values as they travel: no parser of the driver in between. */
const asText = { getTypeParser: () => (value: string) => value }

async function printed(type: AttributeType, texts: readonly string[]): Promise<string[]> {
  const text = `select v::${columnTypes[type]} as value from unnest($1::text[]) with ordinality as t(v, n) order by n`
  const { rows } = await client.query<{ value: string }>({ text, values: [texts], types: asText })
  return rows.map(({ value }) => value)
}

function accepted(
  type: AttributeType,
  samples: readonly SampleValue[],
): { given: string; canonical: string }[] {
  return samples.flatMap(({ text, format }) => {
    const canonical = attributeCleaner(type, 'none', format)(text)
    return typeof canonical === 'string' ? [{ given: text, canonical }] : []
  })
}

const numRuns = 20

describe.each(attributeTypes)('%s', (type) => {
  test('what the check accepts is printed back letter for letter', async () => {
    let total = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(sampleValues(type), { minLength: 100, maxLength: 300, size: 'max' }),
        async (samples) => {
          const texts = accepted(type, samples).map(({ canonical }) => canonical)
          total += texts.length
          expect(await printed(type, texts)).toEqual(texts)
        },
      ),
      { seed: 11, numRuns },
    )
    expect(total).toBeGreaterThan(200)
  })
})

test.each(attributeTypes.filter((type) => type !== 'text_list'))(
  'cleaning a canonical %s changes nothing',
  (type) => {
    const clean = attributeCleaner(type, 'none', {})
    const samples = fc.sample(sampleValues(type), { seed: 12, numRuns: 1_000 })
    const texts = accepted(type, samples).map(({ canonical }) => canonical)
    expect(texts.map(clean)).toEqual(texts)
  },
)

test('JSON keeps its meaning: PostgreSQL finds the given and the canonical text equal', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(sampleValues('json'), { minLength: 50, maxLength: 150, size: 'max' }),
      async (samples) => {
        // PostgreSQL looks at a value even where a later equal key replaces it; we send only what is left.
        const pairs = accepted('json', samples).filter(({ given }) => !/\\u(?:0000|d[89a-f])/i.test(given))
        const text = `select g, c from unnest($1::text[], $2::text[]) as t(g, c) where g::jsonb is distinct from c::jsonb`
        const values = [pairs.map(({ given }) => given), pairs.map(({ canonical }) => canonical)]
        expect((await client.query({ text, values })).rows).toEqual([])
      },
    ),
    { seed: 13, numRuns },
  )
})

test('what PostgreSQL refuses as JSON is refused before', async () => {
  const texts = [
    '{a:1}',
    '"\\u0000"',
    '{"\\u0000":1}',
    '"\\ud800"',
    '"\\ude00\\ud83d"',
    '01',
    '1.',
    '.5',
    '+1',
    "'a'",
    '[1,]',
    '"\t"',
    '1e200000',
  ]
  const refuse = attributeCleaner('json', 'none', {})
  for (const text of texts) {
    await expect(client.query('select $1::jsonb', [text])).rejects.toThrow(/./)
    expect(refuse(text)).toMatchObject({ code: expect.any(String) as string })
  }
})
