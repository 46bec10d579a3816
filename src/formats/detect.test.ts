// Detection in a table: what a sample looks like, and how it is read.
import { describe, expect, test } from 'vitest'
import type { Dialect } from '../core/dialect.ts'
import { detectDialect, columnsOf } from './detect.ts'
import { readAll } from './reader.ts'
import { cellsOf, dialectOf } from './testing.ts'

const people = 'id,name,email\n1,Ada,ada@example.com\n2,Bob,bob@example.com\n3,Cem,cem@example.com\n'

describe('dialect and columns (BS-D03, BC-09, P10)', () => {
  const cases: [title: string, text: string, dialect: Partial<Dialect>, columns: string[]][] = [
    ['comma', people, { delimiter: ',' }, ['id', 'name', 'email']],
    [
      'semicolon with decimal commas',
      'id;price;note\n1;1,50;a, b\n2;2,50;c, d\n',
      { delimiter: ';' },
      ['id', 'price', 'note'],
    ],
    ['tab', people.replaceAll(',', '\t'), { delimiter: '\t' }, ['id', 'name', 'email']],
    ['pipe', people.replaceAll(',', '|'), { delimiter: '|' }, ['id', 'name', 'email']],
    ['two pipes', people.replaceAll(',', '||'), { delimiter: '||' }, ['id', 'name', 'email']],
    ['two colons', people.replaceAll(',', '::'), { delimiter: '::' }, ['id', 'name', 'email']],
    ['space', people.replaceAll(',', ' '), { delimiter: ' ' }, ['id', 'name', 'email']],
    ['unit separator', people.replaceAll(',', '\u001f'), { delimiter: '\u001f' }, ['id', 'name', 'email']],
    ['record separator', people.replaceAll(',', '\u001e'), { delimiter: '\u001e' }, ['id', 'name', 'email']],
    [
      'unit and record separator',
      people.replaceAll(',', '\u001f').replaceAll('\n', '\u001e'),
      { delimiter: '\u001f', rowDelimiter: '\u001e' },
      ['id', 'name', 'email'],
    ],
    [
      'Excel names the separator',
      'sep=;\r\nid;name\r\n1;a,b\r\n',
      { delimiter: ';', skipLines: 1 },
      ['id', 'name'],
    ],
    ['byte order mark', `\ufeff${people}`, { delimiter: ',' }, ['id', 'name', 'email']],
    [
      'apostrophes as quotes',
      "'id','note','x'\n'1','a, b','y'\n'2','c','z'\n",
      { quote: "'", escape: "'" },
      ['id', 'note', 'x'],
    ],
    ['backslash as escape', 'id,note\n1,"say \\"hi\\", ok"\n2,"x"\n', { escape: '\\' }, ['id', 'note']],
    [
      'quotes that are text',
      'id\tsize\n1\t5"\n2\t7" x 8"\n3\t"9\n',
      { delimiter: '\t', quote: '', escape: '' },
      ['id', 'size'],
    ],
    [
      'no header: values from the first line on',
      '1,Ada,ada@example.com\n2,Bob,bob@example.com\n',
      { headerLines: 0 },
      ['column_1', 'column_2', 'column_3'],
    ],
    [
      'a header over nothing but text',
      'name,town\nAda,London\nBob,Paris\n',
      { headerLines: 1 },
      ['name', 'town'],
    ],
    [
      'a header with years',
      'name,2023,2024\nAda,x,y\nBob,x,z\n',
      { headerLines: 1 },
      ['name', '2023', '2024'],
    ],
    ['header only', 'id,name\n', { headerLines: 1 }, ['id', 'name']],
    ['preamble', `Customers\nas of May, 2024\n\n${people}`, { skipLines: 3 }, ['id', 'name', 'email']],
    ['preamble padded by Excel', `Customers,,\n,,\n${people}`, { skipLines: 2 }, ['id', 'name', 'email']],
    ['trailer', `${people}Total,3\n`, { trailerLines: 1 }, ['id', 'name', 'email']],
    ['trailer padded by Excel', `${people}Gesamt,,\n`, { trailerLines: 1 }, ['id', 'name', 'email']],
    ['a short last line is no trailer', `${people}4,Dan\n`, { trailerLines: 0 }, ['id', 'name', 'email']],
    ['a single column', 'email\na@example.com\nb@example.com\n', { headerLines: 1 }, ['email']],
    ['a single column without header', 'a@example.com\nb@example.com\n', { headerLines: 0 }, ['column_1']],
    ['a single column with commas', 'name\n"Lovelace, Ada"\nBob\n"Cem, X"\n', { delimiter: ';' }, ['name']],
    [
      'names empty, equal and with blanks',
      'id, name ,,id,\n1,a,b,c,d\n',
      {},
      ['id', 'name', 'column_3', 'id_2', 'column_5'],
    ],
    ['JSON lines', '{"a":1}\n{"b":2}\n', { format: 'jsonl' }, ['a', 'b']],
    ['a JSON list', '[{"a":1},{"b":2}]', { format: 'json' }, ['a', 'b']],
    ['a JSON list, indented', '[\n  {\n    "a": 1\n  }\n]\n', { format: 'json' }, ['a']],
    ['JSON objects over several lines', '{\n"a": 1\n}\n{\n"a": 2\n}\n', { format: 'json' }, ['a']],
  ]
  test.each(cases)('%s', (_, text, dialect, columns) => {
    const found = detectDialect(Buffer.from(text), {}, { whole: true })
    expect(found.dialect).toMatchObject(dialect)
    expect(found.columns).toEqual(columns)
    expect(columnsOf(Buffer.from(text), found.dialect)).toEqual(columns)
  })

  test('UTF-16 and windows-1252', () => {
    const text = 'id;Straße\n1;Köln\n2;Zürich\n'
    for (const [bytes, encoding] of [
      [Buffer.from(text, 'utf16le'), 'utf-16le'],
      [Buffer.from(text, 'latin1'), 'windows-1252'],
    ] as const) {
      const { dialect, columns } = detectDialect(bytes, {}, { whole: true })
      expect(dialect.encoding).toBe(encoding)
      expect(columns).toEqual(['id', 'Straße'])
      expect(cellsOf(readAll(bytes, dialect, { columns }))).toEqual(['1|Köln', '2|Zürich'])
    }
  })

  test('the byte order mark decides which UTF-16 is meant', () => {
    const bytes = Buffer.from('\ufeffid,name\n1,x\n', 'utf16le').swap16()
    expect(detectDialect(bytes, { encoding: 'utf-16' }).dialect.encoding).toBe('utf-16be')
  })

  test('a few bad records change nothing', () => {
    const text = people + people.slice(14).repeat(20) + '9,"open,x\n9\n9,a,b,c\n' + people.slice(14)
    expect(detectDialect(Buffer.from(text)).dialect).toMatchObject({
      delimiter: ',',
      quote: '"',
      escape: '"',
      trailerLines: 0,
    })
  })

  test('the line that the end of the sample cuts says nothing', () => {
    expect(detectDialect(Buffer.from(`${people}4,D`)).columns).toEqual(['id', 'name', 'email'])
    expect(detectDialect(Buffer.from(people), {}, { whole: true }).dialect).toEqual(dialectOf())
  })
})

describe('hints win', () => {
  const cases: [title: string, text: string, hints: Partial<Dialect>, columns: string[]][] = [
    ['delimiter', 'a;b,c\n1;2,3\n', { delimiter: ';' }, ['a', 'b,c']],
    ['no header', people, { headerLines: 0 }, ['column_1', 'column_2', 'column_3']],
    ['header', '1,2\n3,4\n', { headerLines: 1 }, ['1', '2']],
    ['skipped lines', `x,y,z\n${people}`, { skipLines: 1 }, ['id', 'name', 'email']],
    ['no quote', '"a","b"\n1,2\n', { quote: '' }, ['"a"', '"b"']],
    ['format', '{a},b\n1,2\n', { format: 'csv' }, ['{a}', 'b']],
    ['row delimiter', 'a,b|1,2|3,4', { rowDelimiter: '|' }, ['a', 'b']],
  ]
  test.each(cases)('%s', (_, text, hints, columns) => {
    const found = detectDialect(Buffer.from(text), hints, { whole: true })
    expect(found.dialect).toMatchObject(hints)
    expect(found.columns).toEqual(columns)
  })
})

describe('what cannot be read says so', () => {
  const cases: [title: string, text: string, hints: Partial<Dialect>, code: string][] = [
    ['nothing', '', {}, 'file.empty'],
    ['only blank lines', '\ufeff \n\n', {}, 'file.empty'],
    ['broken header', 'id,"na"me,x\n1,"2",3\n4,"5",6\n7,"8",9\n', {}, 'file.header_broken'],
    ['unknown encoding', people, { encoding: 'klingon' }, 'file.encoding_unknown'],
    ['delimiter with the quote in it', people, { delimiter: '","' }, 'file.dialect_invalid'],
    ['delimiter that ends rows', people, { delimiter: '\n' }, 'file.dialect_invalid'],
  ]
  test.each(cases)('%s', (_, text, hints, code) => {
    const result = (): unknown => detectDialect(Buffer.from(text), hints, { whole: true })
    expect(result).toThrow(
      expect.objectContaining({ problem: expect.objectContaining({ code }) as unknown }) as Error,
    )
  })
})

test('what was guessed is said in words', () => {
  const { notes } = detectDialect(Buffer.from(`Report\n${people}Total,3\n`), {}, { whole: true })
  expect(notes.map(({ about, text }) => `${about}: ${text}`)).toEqual([
    'encoding: utf-8',
    'delimiter: comma, 3 fields',
    'preamble: 1 line before the header',
    'header: the first line names the columns',
    'trailer: 1 line at the end is no record',
  ])
})
