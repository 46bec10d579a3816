// What passes a filter is told apart exactly as when everything is read (BL-20).
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Dialect, RawRecord } from '../core/dialect.ts'
import type { LineFilter } from './lineFilter.ts'
import { dialectOf, readStream, streamOf } from './testing.ts'

const numRuns = Number(process.env['FC_RUNS'] ?? 400)
const columns = ['a', 'b']

/** The bytes of every good record, as a filter is shown them. */
async function goodLines(text: string, dialect: Dialect): Promise<Set<string>> {
  const asked = new Map<number, string>()
  const records = await recordsOf(text, dialect, {
    knows: () => false,
    passes: (bytes, from, to, ordinal) => {
      asked.set(ordinal, textOf(bytes, from, to))
      return false
    },
  })
  return new Set(records.filter(({ bad }) => bad === null).map(({ ordinal }) => asked.get(ordinal)!))
}

/** Lets pass what was remembered. */
function passing(seen: ReadonlySet<string>): LineFilter {
  const known = (bytes: Uint8Array, from: number, to: number): boolean => seen.has(textOf(bytes, from, to))
  return { knows: known, passes: known }
}

function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.subarray(from, to)).toString('latin1')
}

/** In small blocks: records are cut anywhere. */
function recordsOf(text: string, dialect: Dialect, filter: LineFilter | null): Promise<RawRecord[]> {
  const bytes = Buffer.from(text, dialect.encoding === 'utf-16le' ? 'utf16le' : 'utf8')
  const blocks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) =>
    bytes.subarray(i * 7, i * 7 + 7),
  )
  return readStream(streamOf(...blocks), dialect, { columns: [...columns], filter })
}

const place = ({ ordinal, line, offset, length, bad }: RawRecord): string =>
  `${ordinal} @${line}:${offset}+${length} ${bad?.code ?? ''}`

const csvPiece = fc.constantFrom(
  '1,a',
  '2,b',
  '3,"c ""x"""',
  '4,"d\ne"',
  '5,"open',
  'x"y,"z',
  '',
  ',,',
  '6,é',
)
const rowEnd = fc.constantFrom('\n', '\n', '\r\n', '\r')
const csvText = fc
  .array(fc.tuple(csvPiece, rowEnd), { maxLength: 12 })
  .map((rows) => `a,b\n${rows.flat().join('')}`)
const jsonText = fc
  .array(fc.constantFrom('{"a":1}', ' {"a":"x"} ', '{"a":{"b":2}}', '{"a":', 'null', ''), { maxLength: 10 })
  .map((rows) => rows.join('\n'))

const shown = (record: RawRecord, cells: RawRecord['cells']): string =>
  `${place(record)} ${JSON.stringify(cells)}`

/** The second file, read whole and through a filter that knows the first: what passed has the cells it would have had. */
async function bothWays(first: string, second: string, dialect: Dialect): Promise<[string[], string[]]> {
  const seen = await goodLines(first, dialect)
  const whole = await recordsOf(second, dialect, null)
  const filtered = await recordsOf(second, dialect, passing(seen))
  const passed = (record: RawRecord): boolean => record.cells === null && record.bad === null
  return [
    filtered.map((record, i) => shown(record, passed(record) ? (whole[i]?.cells ?? null) : record.cells)),
    whole.map((record) => shown(record, record.cells)),
  ]
}

test.each<[string, Partial<Dialect>]>([
  ['rows that end anyhow', {}],
  ['rows of a file in UTF-16', { encoding: 'utf-16le' }],
  ['rows that end with CRLF only', { rowDelimiter: '\r\n' }],
  ['rows that are padded', { onBad: 'pad' }],
  ['rows without quotes', { quote: '' }],
])('BL-20: %s are told apart the same with and without a filter', async (_, differences) => {
  await fc.assert(
    fc.asyncProperty(csvText, csvText, async (first, second) => {
      const [filtered, whole] = await bothWays(first, `${second}${first}`, dialectOf(differences))
      expect(filtered).toEqual(whole)
    }),
    { seed: 41, numRuns },
  )
})

test('BL-20: JSON lines are told apart the same with and without a filter', async () => {
  await fc.assert(
    fc.asyncProperty(jsonText, jsonText, async (first, second) => {
      const [filtered, whole] = await bothWays(first, `${second}\n${first}`, dialectOf({ format: 'jsonl' }))
      expect(filtered).toEqual(whole)
    }),
    { seed: 42, numRuns },
  )
})

test('BL-20: of a file with the same lines every readable record passes, quoted line ends included', async () => {
  const text = 'a,b\n1,x\r\n2,"y\nz"\n3\n4,"w"\n'
  const seen = await goodLines(text, dialectOf())
  expect([...seen]).toEqual(['1,x', '2,"y\nz"', '4,"w"'])
  const records = await recordsOf(text, dialectOf(), passing(seen))
  expect(records.map(({ cells, bad }) => bad?.code ?? cells)).toEqual([null, null, 'read.field_count', null])
})
