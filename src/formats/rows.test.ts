// Rows of cells: the reader, and how header, titles and totals of sheets are told.
import { describe, expect, test } from 'vitest'
import { detectDialect } from './detect.ts'
import { detectErrorFile } from './errorFileDialect.ts'
import { readAll } from './reader.ts'
import { cellsOf, dialectOf, readText, shown, streamOf, readStream } from './testing.ts'

const rows = { format: 'rows', encoding: 'utf-8' } as const

describe('the reader', () => {
  test.each<[what: string, text: string, columns: string[], cells: string[]]>([
    ['texts and nothing', '["a",null,""]\n', ['x', 'y', 'z'], ['a|∅|']],
    [
      'numbers as they are written',
      '[1.50,12345678901234567890,-0]\n',
      ['x', 'y', 'z'],
      ['1.50|12345678901234567890|-0'],
    ],
    ['yes and no', '[true,false]\n', ['x', 'y'], ['true|false']],
    ['lists and objects as JSON', '[["a"],{"b":1}]\n', ['x', 'y'], ['["a"]|{"b":1}']],
    ['short rows are filled up', '["a"]\n', ['x', 'y', 'z'], ['a|∅|∅']],
    ['empty lines are none', '\n["a"]\n\n\n["b"]\n', ['x'], ['a', 'b']],
    ['the last line may have no end', '["a"]', ['x'], ['a']],
    ['a line that is no list', '["a"]\n{"x":1}\n["b"]\n', ['x'], ['a', '✗ read.row_not_list', 'b']],
    ['a line that is no JSON', '["a\n["b"]\n', ['x'], ['✗ read.json_invalid', 'b']],
    ['a zero byte', '["a\\u0000"]\n', ['x'], ['✗ read.nul']],
    ['half a character', '["\\ud800"]\n', ['x'], ['✗ read.json_invalid']],
    ['an error of a formula', '["a",{"#error":"#N/A"}]\n', ['x', 'y'], ['✗ read.cell_error']],
    ['a formula nobody calculated', '[{"#error":"uncalculated"}]\n', ['x'], ['✗ read.cell_uncalculated']],
  ])('%s', (_, text, columns, cells) => {
    expect(cellsOf(readText(text, { ...rows, headerLines: 0 }, columns))).toEqual(cells)
  })

  test('an error names its column, and counts as empty where a person says so', () => {
    const text = '["a",{"#error":"#REF!"}]\n'
    const [bad] = readText(text, { ...rows, headerLines: 0 }, ['x', 'y'])
    expect(bad!.bad).toMatchObject({ code: 'read.cell_error', column: 'y', details: { value: '#REF!' } })
    const padded = readText(text, { ...rows, headerLines: 0, onBad: 'pad' }, ['x', 'y'])
    expect(cellsOf(padded)).toEqual(['a|∅'])
  })

  test('a cell beyond the columns makes one, with a name of its own', () => {
    const columns = ['x', 'column_3']
    readText('["a","b","c"]\n', { ...rows, headerLines: 0 }, columns)
    expect(columns).toEqual(['x', 'column_3', 'column_3_'])
  })

  test('lines are rows of the sheet, and reading can begin anywhere', async () => {
    const text = '["Title"]\n\n["x"]\n["a"]\n\n["b"]\n["Total"]\n'
    const dialect = dialectOf({ ...rows, skipLines: 2, headerLines: 1, trailerLines: 1 })
    const whole = readAll(Buffer.from(text), dialect, { columns: ['x'] })
    expect(shown(whole)).toEqual(['1 @4:17+6 ["a"]', '2 @6:24+6 ["b"]'])
    const start = { offset: 24, ordinal: 2, line: 6 }
    const rest = await readStream(streamOf(Buffer.from(text.slice(24))), dialect, {
      columns: ['x'],
      start,
      limit: 1,
    })
    expect(shown(rest)).toEqual(['2 @6:24+6 ["b"]'])
  })

  test('rows that are too large or too wide go to the error file, and the next one is read', () => {
    const wide = JSON.stringify(Array.from({ length: 4097 }, () => 'x'))
    const large = JSON.stringify(Array.from({ length: 5 }, () => 'x'.repeat(1 << 20)))
    const long = JSON.stringify(['x'.repeat((1 << 20) + 1)])
    expect(
      cellsOf(readText(`${wide}\n${large}\n${long}\n["a"]\n`, { ...rows, headerLines: 0 }, ['x'])),
    ).toEqual(['✗ read.too_many_columns', '✗ read.record_too_large', '✗ read.field_too_large', 'a'])
  })
})

describe('a sheet', () => {
  const body = '["1","a@example.com","Wien"]\n["2","b@example.com","Graz"]\n["3","c@example.com","Linz"]\n'
  test.each<[what: string, text: string, dialect: string, columns: string]>([
    ['with a header', `["id","email","city"]\n${body}`, 'skip 0 header 1 trailer 0', 'id email city'],
    ['without one', body, 'skip 0 header 0 trailer 0', 'column_1 column_2 column_3'],
    [
      'with a title above',
      `["Customers"]\n\n["id","email","city"]\n${body}`,
      'skip 2 header 1 trailer 0',
      'id email city',
    ],
    [
      'with two notes above',
      `["Export",null,"2026"]\n["by me"]\n["id","email","city","phone","zip","born"]\n["1","a@x.de","W","1","1","2"]\n["1","a@x.de","W","1","1","2"]\n`,
      'skip 2 header 1 trailer 0',
      'id email city phone zip born',
    ],
    [
      'with a total below',
      `["id","email","city"]\n${body}["Total",null,null]\n`,
      'skip 0 header 1 trailer 1',
      'id email city',
    ],
    [
      'with a column that has no name',
      `["id",null,"city"]\n${body}`,
      'skip 0 header 1 trailer 0',
      'id column_2 city',
    ],
    [
      'with a note beside one row',
      `["id","email","city"]\n${body}["4","d@example.com","Wien",null,"call!"]\n`,
      'skip 0 header 1 trailer 0',
      'id email city column_4 column_5',
    ],
    [
      'with two columns of the same name',
      `["id","email","email"]\n${body}`,
      'skip 0 header 1 trailer 0',
      'id email email_2',
    ],
    ['of one column', '["email"]\n["a@x.de"]\n["b@x.de"]\n', 'skip 0 header 1 trailer 0', 'email'],
  ])('%s', (_, text, how, names) => {
    const { dialect, columns } = detectDialect(Buffer.from(text), {}, { whole: true })
    const { skipLines, headerLines, trailerLines } = dialect
    expect(`${dialect.format} skip ${skipLines} header ${headerLines} trailer ${trailerLines}`).toBe(
      `rows ${how}`,
    )
    expect(columns.join(' ')).toBe(names)
  })

  test('flags win over what is found', () => {
    const text = `["Customers"]\n["id","email","city"]\n${body}`
    const { dialect, columns } = detectDialect(Buffer.from(text), { skipLines: 0, headerLines: 0 })
    expect({ skip: dialect.skipLines, header: dialect.headerLines }).toEqual({ skip: 0, header: 0 })
    expect(columns).toEqual(['column_1', 'column_2', 'column_3'])
  })

  test('without a row is empty', () => {
    expect(() => detectDialect(Buffer.from('\n\n'), rows)).toThrow('no records')
  })

  test('is not confused with JSON or CSV', () => {
    const formatOf = (text: string): string => detectDialect(Buffer.from(text)).dialect.format
    expect(formatOf('[{"email":"a@x.de"}]\n')).toBe('json')
    expect(formatOf('{"email":"a@x.de"}\n')).toBe('jsonl')
    expect(formatOf('[id],[email]\n1,a@x.de\n')).toBe('csv')
  })
})

test('a corrected error file that was saved as a workbook is known as one', () => {
  const rows =
    '["_run","email","city","_line","_record"]\n["r1001","a@x.de","Wien","4","3"]\n["r1001","b@x.de","Total","5","4"]\n'
  const found = detectErrorFile(Buffer.from(rows), {}, true)
  expect(found).toMatchObject({ dialect: { format: 'rows', skipLines: 0, headerLines: 1, trailerLines: 0 } })
  expect(detectErrorFile(Buffer.from('["email"]\n["a@x.de"]\n'), {}, true)).toBeNull()
})
