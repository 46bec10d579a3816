// Parquet files: what is written comes back, and what a file claims is held against the caps.
import fc from 'fast-check'
import { parquetWriteBuffer } from 'hyparquet-writer'
import type { SchemaElement } from 'hyparquet'
import { describe, expect, test } from 'vitest'
import { makeParquet, memoryBytes, type PageOf } from '../../../test/support/containers.ts'
import { caps } from '../../core/caps.ts'
import { SluiceError } from '../../core/problem.ts'
import { checkPrefixes, checkRuns } from './parquet/runs.ts'
import { valueKind } from './parquet/values.ts'
import { describeContainer, partContent } from './parts.ts'

async function rowsOf(file: Uint8Array): Promise<unknown[]> {
  let text = ''
  for await (const block of partContent(memoryBytes(file), 'table')) text += Buffer.from(block).toString()
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof SluiceError) return error.problem.code
    throw error
  }
  return 'no problem'
}

test('whatever is written comes back, whatever the size of pages and row groups', async () => {
  const row = fc.record({
    text: fc.option(fc.string({ unit: 'binary' }).filter((text) => text.isWellFormed())),
    whole: fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
    part: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    flag: fc.option(fc.boolean()),
    word: fc.constantFrom('Wien', 'Graz', 'Linz'),
  })
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 40 }),
      fc.constantFrom<'SNAPPY' | 'UNCOMPRESSED'>('SNAPPY', 'UNCOMPRESSED'),
      async (rows, rowGroupSize, codec) => {
        const file = parquetWriteBuffer({
          columnData: [
            { name: 'text', data: rows.map(({ text }) => text), type: 'STRING' },
            { name: 'whole', data: rows.map(({ whole }) => whole), type: 'INT64' },
            { name: 'part', data: rows.map(({ part }) => part), type: 'DOUBLE' },
            { name: 'flag', data: rows.map(({ flag }) => flag), type: 'BOOLEAN' },
            { name: 'word', data: rows.map(({ word }) => word), type: 'STRING' },
          ],
          rowGroupSize,
          codec,
        })
        const [names, ...read] = await rowsOf(new Uint8Array(file))
        expect(names).toEqual(['text', 'whole', 'part', 'flag', 'word'])
        expect(read.length).toBe(rows.length)
        read.forEach((cells, i) => {
          const [text, whole, part, flag, word] = cells as (string | null)[]
          const { part: number, ...rest } = rows[i]!
          expect({ text, whole, flag, word }).toEqual({
            text: rest.text,
            whole: rest.whole === null ? null : String(rest.whole),
            flag: rest.flag === null ? null : String(rest.flag),
            word: rest.word,
          })
          expect(part === null ? null : Number(part)).toEqual(number === null ? null : number + 0)
        })
      },
    ),
    { seed: 7, numRuns: 60 },
  )
})

test.each<[string, Partial<SchemaElement>, unknown, string | null]>([
  ['a decimal keeps its zeros', { type: 'INT32', converted_type: 'DECIMAL', scale: 2 }, 1050, '10.50'],
  ['a small decimal', { type: 'INT64', converted_type: 'DECIMAL', scale: 3 }, -5n, '-0.005'],
  [
    'a decimal of bytes',
    { type: 'FIXED_LEN_BYTE_ARRAY', converted_type: 'DECIMAL', scale: 1 },
    Uint8Array.of(0xff, 0x9c),
    '-10.0',
  ],
  ['an unsigned number', { type: 'INT32', converted_type: 'UINT_32' }, -1, '4294967295'],
  ['a day before 1970', { type: 'INT32', converted_type: 'DATE' }, -1, '1969-12-31'],
  ['a time', { type: 'INT32', converted_type: 'TIME_MILLIS' }, 30_600_500, '08:30:00.5'],
  [
    'a moment before 1970',
    { type: 'INT64', converted_type: 'TIMESTAMP_MILLIS' },
    -1n,
    '1969-12-31T23:59:59.999Z',
  ],
  [
    'a local moment',
    { type: 'INT64', logical_type: { type: 'TIMESTAMP', isAdjustedToUTC: false, unit: 'MICROS' } },
    1n,
    '1970-01-01T00:00:00.000001',
  ],
  [
    'a UUID',
    { type: 'FIXED_LEN_BYTE_ARRAY', logical_type: { type: 'UUID' } },
    Buffer.from('00112233445566778899aabbccddeeff', 'hex'),
    '00112233-4455-6677-8899-aabbccddeeff',
  ],
  [
    'half precision',
    { type: 'FIXED_LEN_BYTE_ARRAY', type_length: 2, logical_type: { type: 'FLOAT16' } },
    Uint8Array.of(0, 0x3e),
    '1.5',
  ],
  ['single precision', { type: 'FLOAT' }, Math.fround(0.1), '0.1'],
  ['no number', { type: 'DOUBLE' }, Number.NaN, null],
  ['bytes that are text', { type: 'BYTE_ARRAY' }, Buffer.from('ä'), 'ä'],
  ['bytes that are none', { type: 'BYTE_ARRAY' }, Uint8Array.of(0xff), 'base64:/w=='],
])('%s', (_, element, raw, text) => {
  expect(valueKind({ name: 'x', ...element }).text(raw)).toBe(text)
})

const number: SchemaElement = { name: 'n', type: 'INT32', repetition_type: 'REQUIRED' }
const maybe: SchemaElement = { name: 'n', type: 'INT32', repetition_type: 'OPTIONAL' }

function page(values: number, body: Uint8Array, more: Record<string, unknown> = {}): PageOf {
  const header = {
    field_1: 0,
    field_2: body.length,
    field_3: body.length,
    field_5: { field_1: values, field_2: 0, field_3: 3, field_4: 3 },
    ...more,
  }
  return { header, body }
}

/** Definition levels: their length, then one run of so many ones. */
function levels(run: number): Buffer {
  const bytes: number[] = []
  for (let left = run * 2; ; left = Math.floor(left / 128)) {
    bytes.push(left >= 128 ? (left % 128) + 128 : left)
    if (left < 128) break
  }
  return Buffer.from([bytes.length + 1, 0, 0, 0, ...bytes, 1])
}

describe('a file that claims', () => {
  const four = Buffer.from(Int32Array.of(1, 2, 3, 4).buffer)
  test('the truth is read', async () => {
    expect(await rowsOf(makeParquet(number, [page(4, four)], 4))).toEqual([['n'], ['1'], ['2'], ['3'], ['4']])
    expect(await rowsOf(makeParquet(maybe, [page(4, Buffer.concat([levels(4), four]))], 4))).toEqual([
      ['n'],
      ['1'],
      ['2'],
      ['3'],
      ['4'],
    ])
  })

  const lies: readonly (readonly [what: string, file: () => Buffer, code: string])[] = [
    [
      'a page of two gigabytes',
      () => makeParquet(number, [page(4, four, { field_2: 2 ** 31 - 1 })], 4),
      'container.too_large',
    ],
    [
      'a page longer than its column',
      () => makeParquet(number, [page(4, four, { field_3: 1000 })], 4),
      'container.damaged',
    ],
    [
      'a page of a thousand million values',
      () => makeParquet(number, [page(1e9, four)], 4),
      'container.bomb',
    ],
    [
      'a run of a thousand million values',
      () => makeParquet(maybe, [page(4, Buffer.concat([levels(1e9), four]))], 4),
      'container.bomb',
    ],
    ['more rows than its pages have', () => makeParquet(number, [page(4, four)], 5), 'container.damaged'],
    ['more values than a page has', () => makeParquet(number, [page(9, four)], 9), 'container.damaged'],
    [
      'a column beyond its end',
      () => makeParquet(number, [page(4, four)], 4).subarray(9),
      'container.damaged',
    ],
    [
      'nothing at its end',
      () => makeParquet(number, [page(4, four)], 4).subarray(0, 40),
      'container.damaged',
    ],
  ]
  test.each(lies)('%s', async (_, file, code) => {
    const bytes = Buffer.from(file())
    if (bytes.toString('latin1', 0, 4) !== 'PAR1') bytes.write('PAR1')
    const work = describeContainer(memoryBytes(bytes)).then(() => rowsOf(bytes))
    expect(await codeOf(work)).toBe(code)
  })
})

test('runs and prefixes are counted before they are believed', () => {
  // Sixteen packed numbers of one bit, then a run of three.
  const sound = Uint8Array.of(5, 0xff, 0xff, 6, 1)
  expect(() => checkRuns(sound, 1, 19)).not.toThrow()
  expect(() => checkRuns(sound, 1, 17)).toThrow(/claims/)
  // Differences: block of 128 in 4 parts, 3 values, first 0, then least difference 100 and no bits.
  const prefixes = Uint8Array.of(128, 1, 4, 3, 0, 200, 1, 0, 0, 0, 0)
  expect(() => checkPrefixes(prefixes, 3, 311)).not.toThrow()
  expect(() => checkPrefixes(prefixes, 3, 310)).toThrow(/come to more than/)
  expect(caps.pageValues).toBeLessThan(2 ** 24)
})
