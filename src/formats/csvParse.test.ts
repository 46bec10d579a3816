// Against csv-parse: for every well-formed file the same cells.
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { detectDialect } from './detect.ts'
import { readAll, readRecords } from './reader.ts'
import { dialectOf, streamOf } from './testing.ts'
import { csvLine } from './writeCsv.ts'

interface Shape {
  readonly delimiter: string
  readonly row: string
  readonly escape: string
  readonly mark: boolean
  readonly header: boolean
  readonly lastRow: boolean
}

const shape: fc.Arbitrary<Shape> = fc.record({
  delimiter: fc.constantFrom(',', ';', '\t', '|', '||', '::', '\u001f', '¦'),
  row: fc.constantFrom('\n', '\r\n', '\r', '\u001e', '|~|\n'),
  escape: fc.constantFrom('"', '"', '\\'),
  mark: fc.boolean(),
  header: fc.boolean(),
  lastRow: fc.boolean(),
})
const cell = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      ' ',
      '0',
      'ü',
      '日',
      '🙂',
      '"',
      ',',
      ';',
      '|',
      ':',
      '\n',
      '\r',
      '\t',
      '\\',
      "'",
      '~',
      '\u001f',
      '\u001e',
      '¦',
    ),
    maxLength: 8,
  }),
  fc.constantFrom('', '', 'plain', '2024-01-31', 'ada@example.com', '  ', '""'),
)
const file = shape.chain((s) =>
  fc.integer({ min: 1, max: 6 }).chain((width) =>
    fc.record({
      s: fc.constant(s),
      rows: fc.array(
        fc.array(fc.record({ value: cell, quoted: fc.boolean() }), { minLength: width, maxLength: width }),
        { minLength: 1, maxLength: 7 },
      ),
    }),
  ),
)

function written(s: Shape, rows: readonly (readonly { value: string; quoted: boolean }[])[]): string {
  const special = ['"', '\n', '\r', s.escape, ...s.delimiter.split(''), ...s.row.split('')]
  const lines = rows.map((cells) =>
    cells
      .map(({ value, quoted }) => {
        const blankRow = cells.length === 1 && value === ''
        if (!quoted && !blankRow && !special.some((c) => value.includes(c))) return value
        const inside = s.escape === '"' ? value.replaceAll('"', '""') : value.replace(/[\\"]/g, '\\$&')
        return `"${inside}"`
      })
      .join(s.delimiter),
  )
  return (s.mark ? '\ufeff' : '') + lines.join(s.row) + (s.lastRow ? s.row : '')
}

function oracle(text: string, s: Shape): string[][] {
  return parse(text, {
    bom: true,
    delimiter: s.delimiter,
    record_delimiter: s.row,
    escape: s.escape,
    skip_empty_lines: true,
    from: s.header ? 2 : 1,
  })
}

describe('the same cells as csv-parse', () => {
  test('10,000 generated files', () => {
    let files = 0
    fc.assert(
      fc.property(file, ({ s, rows }) => {
        const text = written(s, rows)
        const dialect = dialectOf({
          delimiter: s.delimiter,
          escape: s.escape,
          headerLines: s.header ? 1 : 0,
          rowDelimiter: files++ % 2 === 0 && /^[\r\n]+$/.test(s.row) ? 'auto' : s.row,
        })
        const columns = rows[0]!.map((_, i) => `column_${i + 1}`)
        const records = readAll(Buffer.from(text), dialect, { columns })
        expect(records.map((record) => record.cells)).toEqual(oracle(text, s))
      }),
      { seed: 4, numRuns: 10_000 },
    )
    expect(files).toBe(10_000)
  })

  test('a long file in blocks of any size', async () => {
    const random = fc.sample(fc.array(cell, { minLength: 5, maxLength: 5 }), { seed: 5, numRuns: 3000 })
    const text = random.map(csvLine).join('')
    const bytes = Buffer.from(text)
    const expected: string[][] = parse(bytes)
    for (const size of [1, 7, 1000, 65_536, bytes.length]) {
      const blocks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
        bytes.subarray(i * size, (i + 1) * size),
      )
      const cells: unknown[] = []
      const reading = { columns: ['a', 'b', 'c', 'd', 'e'] }
      for await (const records of readRecords(streamOf(...blocks), dialectOf({ headerLines: 0 }), reading))
        cells.push(...records.map((record) => record.cells))
      expect(cells).toEqual(expected)
    }
  })

  test('files of the usual kinds are detected so that they read the same', () => {
    const word = fc.constantFrom(
      'Ada',
      'Lovelace',
      'Zürich',
      'a, b',
      'x;y',
      'say "hi"',
      'two\nlines',
      '12,50',
      '',
    )
    fc.assert(
      fc.property(
        fc.constantFrom(',', ';', '\t', '|'),
        fc.constantFrom('\n', '\r\n'),
        fc.array(fc.tuple(word, word), { minLength: 4, maxLength: 12 }),
        (delimiter, row, values) => {
          const rows = [
            ['id', 'email', 'first', 'second'],
            ...values.map((pair, i) => [String(i), `p${i}@example.com`, ...pair]),
          ]
          const s = { delimiter, row, escape: '"', mark: false, header: true, lastRow: true }
          const text = written(
            s,
            rows.map((cells) => cells.map((value) => ({ value, quoted: false }))),
          )
          const { dialect, columns } = detectDialect(Buffer.from(text), {}, { whole: true })
          expect(columns).toEqual(rows[0])
          expect(readAll(Buffer.from(text), dialect, { columns }).map((record) => record.cells)).toEqual(
            oracle(text, s),
          )
        },
      ),
      { seed: 6, numRuns: 300 },
    )
  })
})
