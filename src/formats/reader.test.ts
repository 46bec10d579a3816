// The reader in tables: shapes that load, records that are set aside, places, restarts and block borders.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caps, type Dialect } from '../core/dialect.ts'
import { readAll } from './reader.ts'
import { cellsOf, dialectOf, readStream, readText, shown, streamOf } from './testing.ts'

const abc = ['a', 'b', 'c']

describe('CSV shapes load (BS-D03, BC-D09, BL-D15)', () => {
  const cases: [title: string, text: string, dialect: Partial<Dialect>, expected: string[]][] = [
    ['LF', 'a,b,c\n1,2,3\n4,5,6\n', {}, ['1|2|3', '4|5|6']],
    ['no final line end', 'a,b,c\n1,2,3\n4,5,6', {}, ['1|2|3', '4|5|6']],
    ['CRLF', 'a,b,c\r\n1,2,3\r\n4,5,6\r\n', {}, ['1|2|3', '4|5|6']],
    ['CR', 'a,b,c\r1,2,3\r4,5,6\r', {}, ['1|2|3', '4|5|6']],
    ['all three in one file', 'a,b,c\r1,2,3\r\n4,5,6\n7,8,9', {}, ['1|2|3', '4|5|6', '7|8|9']],
    ['own row delimiter', 'a,b,c|~|1,2\n,3|~|4,5,6', { rowDelimiter: '|~|' }, ['1|2\n|3', '4|5|6']],
    ['only LF ends rows', 'a,b,c\n1,2\r,3\n', { rowDelimiter: '\n' }, ['1|2\r|3']],
    ['only CRLF ends rows', 'a,b,c\r\n1,2\n,3\r\n', { rowDelimiter: '\r\n' }, ['1|2\n|3']],
    [
      'row delimiter begins like the field delimiter',
      'a;b;c;;1;2;3;;',
      { delimiter: ';', rowDelimiter: ';;' },
      ['1|2|3'],
    ],
    ['byte order mark', '\ufeffa,b,c\n1,2,3', {}, ['1|2|3']],
    ['byte order mark without header', '\ufeff1,2,3', { headerLines: 0 }, ['1|2|3']],
    ['quotes, doubled inside', 'a,b,c\n"1","a ""b"" c","3"\n', {}, ['1|a "b" c|3']],
    ['line ends and delimiters in quotes', 'a,b,c\n1,"x,\r\ny\nz\r",3\n', {}, ['1|x,\r\ny\nz\r|3']],
    ['empty quoted', 'a,b,c\n"","",""\n', {}, ['||']],
    ['backslash before quotes', 'a,b,c\n1,"a \\"b\\" \\\\ \\n",3\n', { escape: '\\' }, ['1|a "b" \\ \\n|3']],
    ['quotes as plain text', 'a,b,c\n1,"2,3"\n', { quote: '', escape: '' }, ['1|"2|3"']],
    ['other quote', "a,b,c\n1,'x, ''y''',3\n", { quote: "'", escape: "'" }, ["1|x, 'y'|3"]],
    ['semicolon', 'a;b;c\n1;2,5;3\n', { delimiter: ';' }, ['1|2,5|3']],
    [
      'ASCII separators',
      'a\u001fb\u001fc\u001e1\u001f2\u001f3\u001e',
      { delimiter: '\u001f', rowDelimiter: '\u001e' },
      ['1|2|3'],
    ],
    ['delimiter of several characters', 'a||b||c\n1|||2||"x||y"\n', { delimiter: '||' }, ['1||2|x||y']],
    ['delimiter that is no ASCII', 'a¦b¦c\n1¦ü¦3\n', { delimiter: '¦' }, ['1|ü|3']],
    ['preamble', 'Report\n"of\nMay\na,b,c\n1,2,3\n', { skipLines: 3 }, ['1|2|3']],
    ['two header lines', 'a,b,c\nint,int,int\n1,2,3\n', { headerLines: 2 }, ['1|2|3']],
    ['no header', '1,2,3\n4,5,6\n', { headerLines: 0 }, ['1|2|3', '4|5|6']],
    ['trailer', 'a,b,c\n1,2,3\n4,5,6\nTotal\n\nEnd\n', { trailerLines: 3 }, ['1|2|3', '4|5|6']],
    ['blank rows are no records', '\n\na,b,c\n\n1,2,3\n\r\n\n4,5,6\n\n', {}, ['1|2|3', '4|5|6']],
    ['a row of empty fields is one', 'a,b,c\n,,\n', {}, ['||']],
    ['blanks stay', 'a,b,c\n 1 ,\t, 3\n', {}, [' 1 |\t| 3']],
    ['several scripts', 'a,b,c\nü,日本,🙂\n', {}, ['ü|日本|🙂']],
    ['header only', 'a,b,c\n', {}, []],
    ['nothing', '', {}, []],
  ]
  test.each(cases)('%s', (_, text, dialect, expected) => {
    expect(cellsOf(readText(text, dialect, [...abc]))).toEqual(expected)
  })

  test('a single column: an empty line is no record, an empty quoted value is', () => {
    expect(cellsOf(readText('a\n1\n\n""\n2\n', {}, ['a']))).toEqual(['1', '', '2'])
  })
})

describe('a record that does not fit is set aside and its neighbours load', () => {
  const cases: [title: string, text: string, expected: string[]][] = [
    [
      'too few',
      '1,2,3\n4,5\n6,7,8\n',
      ['1 @2:6+6 ["1","2","3"]', '2 @3:12+4 read.field_count c "4,5"', '3 @4:16+6 ["6","7","8"]'],
    ],
    [
      'too many',
      '4,5,6,7\r\n6,7,8\r\n',
      ['1 @2:6+9 read.field_count - "4,5,6,7"', '2 @3:15+7 ["6","7","8"]'],
    ],
    [
      'stray quote',
      '1,5" pipe,3\n6,7,8\n',
      ['1 @2:6+12 read.quote_stray b "1,5\\" pipe,3"', '2 @3:18+6 ["6","7","8"]'],
    ],
    [
      'text after a quote',
      '1,"x"y,3\n6,7,8\n',
      ['1 @2:6+9 read.quote_text b "1,\\"x\\"y,3"', '2 @3:15+6 ["6","7","8"]'],
    ],
    ['NUL', '1,2,\0\n6,7,8\n', ['1 @2:6+6 read.nul c "1,2,\\u0000"', '2 @3:12+6 ["6","7","8"]']],
  ]
  test.each(cases)('%s', (_, body, expected) => {
    expect(shown(readText(`a,b,c\n${body}`, {}, [...abc]))).toEqual(expected)
  })

  test('undecodable bytes name their column, and their bytes are kept', () => {
    const bytes = Buffer.concat([Buffer.from('a,b,c\n1,ü,'), Buffer.of(0xff, 0xc3), Buffer.from('\n6,ä,8\n')])
    const records = readText(bytes, {}, [...abc])
    expect(shown(records)).toEqual(['1 @2:6+8 read.encoding c "1,Ã¼,ÿÃ"', '2 @3:14+7 ["6","ä","8"]'])
  })

  test('more fields than the cap', () => {
    const records = readText(`a,b\n${','.repeat(caps.columns)}\n1,2\n`, {}, ['a', 'b'])
    expect(cellsOf(records)).toEqual(['✗ read.too_many_columns', '1|2'])
  })
})

describe('padding (--on-bad pad)', () => {
  test('short records get empty values, long ones keep their extra fields', () => {
    const columns = [...abc]
    expect(cellsOf(readText('a,b,c\n1\n1,2,3,4,5\n1,2,3,4\n1,2,3', { onBad: 'pad' }, columns))).toEqual([
      '1||',
      '1|2|3|4|5',
      '1|2|3|4',
      '1|2|3',
    ])
    expect(columns).toEqual(['a', 'b', 'c', '_extra_1', '_extra_2'])
  })

  test('a list once extended reads the same again', () => {
    const columns = [...abc, '_extra_1', '_extra_2']
    expect(cellsOf(readText('a,b,c\n1\n1,2,3,4\n', { onBad: 'pad' }, columns))).toEqual(['1||', '1|2|3|4'])
    expect(columns).toHaveLength(5)
  })

  test('broken quotes are still set aside', () => {
    expect(cellsOf(readText('a,b,c\n1,"2"x\n1,2\n', { onBad: 'pad' }, [...abc]))).toEqual([
      '✗ read.quote_text',
      '1|2|',
    ])
  })
})

describe('a broken quote is confined', () => {
  const good = '7,x,z\n'
  const cases: [title: string, body: string, expected: string[]][] = [
    [
      'never closed, plain lines after',
      `1,"open,z\n${good.repeat(3)}`,
      ['✗ read.quote_open', '7|x|z', '7|x|z', '7|x|z'],
    ],
    [
      'never closed, quoted line after',
      `1,"open,z\n2,"Bob",y\n${good}`,
      ['✗ read.quote_open', '2|Bob|y', '7|x|z'],
    ],
    [
      'never closed, quoted line later',
      `1,"open,z\n${good.repeat(5)}2,"Bob",y\n`,
      ['✗ read.quote_open', ...(Array(5).fill('7|x|z') as string[]), '2|Bob|y'],
    ],
    [
      'two of them around good lines',
      `1,"open,z\n${good.repeat(2)}3,c",d,e\n${good}`,
      ['✗ read.quote_open', '7|x|z', '7|x|z', '✗ read.quote_stray', '7|x|z'],
    ],
    ['in the last line', `${good}1,"open,z\n`, ['7|x|z', '✗ read.quote_open']],
    ['in the last line without line end', `${good}1,"open,z`, ['7|x|z', '✗ read.quote_open']],
    [
      'a note of several lines with bare quotes stays one record',
      `1,"Dear all\nhe said "hi" to me\nbye",z\n${good}`,
      ['✗ read.quote_text', '✗ read.quote_stray', '7|x|z'],
    ],
    [
      'a ragged record with a note of several lines stays one',
      `1,"Dear\nall, and\nbye",z,4\n${good}`,
      ['✗ read.field_count', '7|x|z'],
    ],
    [
      'a well-formed field that looks like records is left alone',
      `1,"x\n${good.repeat(30)}",z\n${good}`,
      [`1|x\n${good.repeat(30)}|z`, '7|x|z'],
    ],
  ]
  test.each(cases)('%s', (_, body, expected) => {
    expect(cellsOf(readText(`a,b,c\n${body}`, {}, [...abc]))).toEqual(expected)
  })

  test('over the whole record cap and far beyond', () => {
    const rows = Math.ceil((caps.recordBytes * 2) / 12)
    const text = `a,b,c\n1,"open,z\n${'7777,xxxx,z\n'.repeat(rows)}8,"q",9\n`
    const records = readText(text, {}, [...abc])
    expect(records.filter((record) => record.bad !== null).map((record) => record.line)).toEqual([2])
    expect(records).toHaveLength(rows + 2)
  })

  test('no line of a note is loaded as a record', () => {
    const line = fc.string({ unit: fc.constantFrom('a', ' ', '"', '.', '-'), maxLength: 12 })
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 6 }), (lines) => {
        const records = readText(`a,b,c\n1,"${lines.join('\n')}",z\n7,x,z\n`, {}, [...abc])
        const loaded = records.flatMap((record) => (record.cells === null ? [] : [record.cells[0]]))
        expect(loaded.filter((id) => id !== '1' && id !== '7')).toEqual([])
        expect(records.at(-1)?.cells).toEqual(['7', 'x', 'z'])
      }),
      { seed: 20, numRuns: 300 },
    )
  })
})

describe('too large', () => {
  const cases: [title: string, field: string, code: string, column: string][] = [
    ['a field just over the cap', 'x'.repeat(caps.fieldBytes + 1), 'read.field_too_large', 'b'],
    ['a plain field over the record cap', 'x'.repeat(caps.recordBytes * 2), 'read.field_too_large', 'b'],
    [
      'a quoted field over the record cap',
      `"${'x""y\n, '.repeat(caps.recordBytes / 4)}"`,
      'read.field_too_large',
      'b',
    ],
    ['a record of many fields', `${'x'.repeat(999_990)},`.repeat(5), 'read.record_too_large', '-'],
  ]
  test.each(cases)('%s', async (_, field, code, column) => {
    const text = Buffer.from(`a,b,c\n1,2,3\n1,${field},3\n4,5,6\n`)
    const records = await readStream(streamOf(text), dialectOf(), { columns: [...abc] })
    expect(cellsOf(records)).toEqual(['1|2|3', `✗ ${code}`, '4|5|6'])
    expect(records[1]!.bad?.column ?? '-').toBe(column)
    expect(records[1]!.raw!.length).toBeLessThanOrEqual(caps.recordBytes)
    expect(records[1]!.offset + records[1]!.length).toBe(records[2]!.offset)
    expect(records[2]!.line).toBe(4 + (field.split('\n').length - 1))
  })

  test('a field of exactly the cap loads', () => {
    const records = readText(`a,b,c\n1,${'x'.repeat(caps.fieldBytes)},3\n`, {}, [...abc])
    expect(records[0]!.cells![1]).toHaveLength(caps.fieldBytes)
  })
})

/** Files in which everything that can go wrong does, in bits that meet in every order. */
const tricky = fc
  .array(
    fc.constantFrom(
      '1,2,3\n',
      'ü,"日,""x""\n本",🙂\r\n',
      '"a\r\nb",,\r',
      '\n',
      '1,"open,z\n',
      '1,"x"y,3\n',
      '1,5" x,3\n',
      '1,2\n',
      '1,2,3,4\n',
      '1,\0,3\n',
      '"",",",""\n',
      '""""\n',
      '"\n',
      ',",\n',
      '\r\r\n',
      'x",y,z\n',
      '4,5,6',
      '"',
      ',',
      '\r',
    ),
    { maxLength: 12 },
  )
  .map((bits) => `a,b,c\n${bits.join('')}`)
const dialects = fc.constantFrom<Partial<Dialect>>(
  {},
  { encoding: 'utf-16le' },
  { encoding: 'utf-16be' },
  { escape: '\\' },
  { rowDelimiter: '\n' },
  { onBad: 'pad' },
  { trailerLines: 1 },
)

function encoded(text: string, dialect: Dialect): Buffer {
  if (dialect.encoding === 'utf-8') return Buffer.from(text)
  const bytes = Buffer.from(text, 'utf16le')
  return dialect.encoding === 'utf-16be' ? bytes.swap16() : bytes
}

describe('places are exact', () => {
  const numRuns = Number(process.env['CAMPAIGN'] ?? 400)

  test('wherever blocks are cut, the records are the same', async () => {
    await fc.assert(
      fc.asyncProperty(tricky, dialects, fc.integer({ min: 1, max: 9 }), async (text, differences, size) => {
        const dialect = dialectOf(differences)
        const bytes = encoded(text, dialect)
        const blocks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        )
        const cut = await readStream(streamOf(...blocks), dialect, { columns: [...abc] })
        expect(shown(cut)).toEqual(shown(readAll(bytes, dialect, { columns: [...abc] })))
      }),
      { seed: 21, numRuns },
    )
  })

  test('reading that begins at any record gives the same rest', () => {
    fc.assert(
      fc.property(tricky, dialects, (text, differences) => {
        const dialect = dialectOf(differences)
        const bytes = encoded(text, dialect)
        const all = readAll(bytes, dialect, { columns: [...abc] })
        all.forEach((start, i) => {
          const rest = readAll(bytes.subarray(start.offset), dialect, { columns: [...abc], start })
          expect(shown(rest)).toEqual(shown(all.slice(i)))
        })
      }),
      { seed: 22, numRuns },
    )
  })

  test('a record cut out by offset and length reads as itself; raw bytes lie where it says', () => {
    fc.assert(
      fc.property(tricky, dialects, (text, differences) => {
        const dialect = dialectOf(differences)
        const bytes = encoded(text, dialect)
        for (const record of readAll(bytes, dialect, { columns: [...abc] })) {
          const slice = bytes.subarray(record.offset, record.offset + record.length)
          const [again] = readAll(slice, dialect, { columns: [...abc], start: record, limit: 1 })
          expect(record.bad === null ? again : record).toEqual(record)
          expect(slice.subarray(0, record.raw?.length ?? 0)).toEqual(Buffer.from(record.raw ?? []))
        }
      }),
      { seed: 23, numRuns },
    )
  })

  test('records lie one after the other, and only blank rows lie between them', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        const bytes = Buffer.from(text)
        let at = 6
        for (const record of readAll(bytes, dialectOf(), { columns: [...abc] })) {
          expect(bytes.subarray(at, record.offset).toString()).toMatch(/^[\r\n]*$/)
          const before = bytes.subarray(0, record.offset).toString()
          expect(record.line).toBe(before.split(/\r\n|\r|\n/).length)
          at = record.offset + record.length
        }
        expect(bytes.subarray(at).toString()).toMatch(/^[\r\n]*$/)
      }),
      { seed: 24, numRuns },
    )
  })

  test('every split position of one file with everything in it', async () => {
    const bytes = Buffer.from('\ufeffa,b,c\r\n1,"ü\r\n""🙂""",3\r\n\r\n4,"open,6\r\n7,"8",9\r\n"x"y,1,2\r\n')
    const whole = shown(readAll(bytes, dialectOf(), { columns: [...abc] }))
    for (let at = 0; at <= bytes.length; at++) {
      const blocks = streamOf(bytes.subarray(0, at), bytes.subarray(at))
      expect(shown(await readStream(blocks, dialectOf(), { columns: [...abc] }))).toEqual(whole)
    }
  })
})

test('stops at the limit, and when told to', async () => {
  const bytes = Buffer.from(`a,b,c\n${'1,2,3\n'.repeat(10)}`)
  const limited = await readStream(streamOf(bytes), dialectOf({ trailerLines: 2 }), {
    columns: [...abc],
    limit: 4,
  })
  expect(limited).toHaveLength(4)
  const signal = AbortSignal.abort(new Error('stop'))
  await expect(readStream(streamOf(bytes), dialectOf(), { columns: [...abc], signal })).rejects.toThrow(
    'stop',
  )
})
