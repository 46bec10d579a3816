// Convert, the error rows, and the flags.
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Dialect } from '../core/dialect.ts'
import { problem } from '../core/problems.ts'
import { convert, type Converted } from './convert.ts'
import { errorHeader, errorRow, rawText } from './errorRow.ts'
import { dialectFlags, parseDialectFlags, spelled } from './flags.ts'
import { dialectOf, streamOf } from './testing.ts'
import { csvLine } from './writeCsv.ts'

async function converted(
  file: Uint8Array,
  hints: Partial<Dialect> = {},
): Promise<Converted & { clean: string; errors: string }> {
  let clean = ''
  let errors = ''
  const output = {
    clean: (text: string) => void (clean += text),
    errors: (text: string) => void (errors += text),
  }
  const result = await convert(() => streamOf(file), output, { hints })
  return { ...result, clean, errors }
}

describe('convert', () => {
  const cases: [title: string, file: Uint8Array, hints: Partial<Dialect>, clean: string][] = [
    [
      'semicolons, windows-1252',
      Buffer.from('id;näme\r\n1;"a, ""b"""\r\n2;\r\n', 'latin1'),
      {},
      'id,näme\n1,"a, ""b"""\n2,\n',
    ],
    ['gzip', gzipSync('id,name\n1,x\n'), {}, 'id,name\n1,x\n'],
    ['no header in, none out', Buffer.from('1,x\n2,y\n'), { headerLines: 0 }, '1,x\n2,y\n'],
    ['JSON with late names', Buffer.from('{"a":1}\n{"b":"x\\ny","a":null}\n'), {}, 'a,b\n1,\n,"x\ny"\n'],
    [
      'padded',
      Buffer.from('a,b\n1\n1,2,3\n4,5\n6,7\n8,9\n'),
      { onBad: 'pad' },
      'a,b,_extra_1\n1,,\n1,2,3\n4,5,\n6,7,\n8,9,\n',
    ],
    ['a single column keeps its empty values', Buffer.from('a\n""\nx\n'), {}, 'a\n""\nx\n'],
  ]
  test.each(cases)('%s', async (_, file, hints, clean) => {
    const result = await converted(file, hints)
    expect(result.clean).toBe(clean)
    expect(result.errors).toBe('')
  })

  test('records that do not fit go to the error file, and the numbers add up', async () => {
    const result = await converted(Buffer.from('id,name\n1,x\n2\n3,"y"z\n4,w\n5,v\n6,u\n'))
    expect(result.clean).toBe('id,name\n1,x\n4,w\n5,v\n6,u\n')
    expect(result.errors).toBe(
      'id,name,_line,_offset,_record,_column,_code,_message,_raw\n' +
        ',,3,12,2,name,read.field_count,"The record has 1 fields, the header has 2.",2\n' +
        ',,4,14,3,name,read.quote_text,There is text after the closing quote of a field.,"3,""y""z"\n',
    )
    expect(result.counters).toEqual({
      total: 6,
      clean: 4,
      failed: { total: 2, codes: { 'read.field_count': 1, 'read.quote_text': 1 } },
    })
  })

  test('what it writes reads the same again', async () => {
    const cell = fc.string({
      unit: fc.constantFrom('a', 'ü', ' ', '"', ',', ';', '\n', '\r', '\t', '\\'),
      maxLength: 6,
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 6 }),
        async (rows) => {
          const text = [['id', 'b', 'c'], ...rows].map(csvLine).join('')
          const { clean } = await converted(Buffer.from(text), dialectOf())
          expect(parse(clean, { skip_empty_lines: true })).toEqual(parse(text, { skip_empty_lines: true }))
          expect(clean).toBe(text)
        },
      ),
      { seed: 41, numRuns: 200 },
    )
  })
})

describe('error rows', () => {
  const columns = ['id', 'name']

  test('a run’s error file names the run, and keeps the cells that could be read', () => {
    const row = errorRow({
      run: 7,
      columns,
      cells: ['1', 'x,y'],
      line: 3,
      offset: 20,
      ordinal: 2,
      raw: Buffer.from('1,"x,y"\r\n'),
      problem: problem('read.nul', undefined, 'name'),
      dialect: dialectOf(),
    })
    expect(parse(errorHeader(columns, true) + row, { columns: true })).toEqual([
      {
        _run: 'r7',
        id: '1',
        name: 'x,y',
        _line: '3',
        _offset: '20',
        _record: '2',
        _column: 'name',
        _code: 'read.nul',
        _message: 'The record has a NUL character (a zero byte), which no text may have.',
        _raw: '1,"x,y"',
        _digest: 'xd8d522d5c6a0',
      },
    ])
  })

  const raws: [title: string, raw: Uint8Array, encoding: string, text: string][] = [
    ['text', Buffer.from('1,ü'), 'utf-8', '1,ü'],
    ['bytes that are no text', Buffer.of(0x31, 0xff), 'utf-8', 'base64:Mf8='],
    ['windows-1252', Buffer.of(0x80), 'windows-1252', '€'],
    ['UTF-16', Buffer.from('ü', 'utf16le'), 'utf-16le', 'ü'],
    ['half a unit', Buffer.of(0x31), 'utf-16le', 'base64:MQ=='],
    ['NUL', Buffer.of(0x31, 0), 'utf-8', 'base64:MQA='],
    ['text that looks like the other form', Buffer.from('base64:x'), 'utf-8', 'base64:YmFzZTY0Ong='],
    ['a byte order mark', Buffer.from('\ufeffa'), 'utf-8', '\ufeffa'],
  ]
  test.each(raws)('_raw: %s', (_, raw, encoding, text) => {
    expect(rawText(raw, encoding)).toBe(text)
  })
})

describe('flags', () => {
  const cases: [flag: string, text: string, value: string | number][] = [
    ['encoding', 'Latin1', 'iso-8859-1'],
    ['encoding', 'CP1252', 'windows-1252'],
    ['encoding', 'UTF-16LE', 'utf-16le'],
    ['delimiter', 'tab', '\t'],
    ['delimiter', '\\t', '\t'],
    ['delimiter', '\t', '\t'],
    ['delimiter', ';', ';'],
    ['delimiter', '||', '||'],
    ['delimiter', '\\x1f', '\u001f'],
    ['delimiter', '\\u001e', '\u001e'],
    ['quote', 'none', ''],
    ['quote', '', ''],
    ['quote', "'", "'"],
    ['escape', '\\', '\\'],
    ['escape', 'backslash', '\\'],
    ['row-delimiter', 'auto', 'auto'],
    ['row-delimiter', '\\r\\n', '\r\n'],
    ['header-lines', '0', 0],
    ['skip-lines', '12', 12],
    ['on-bad', 'pad', 'pad'],
  ]
  test.each(cases)('--%s %j', (flag, text, value) => {
    const { key } = dialectFlags.find((f) => f.flag === flag)!
    expect(parseDialectFlags({ [flag]: text })).toEqual({ [key]: value })
    expect(parseDialectFlags({ [key]: text })).toEqual({ [key]: value })
  })

  const refused: [flag: string, text: string, message: string][] = [
    ['delimiter', '', '--delimiter  does not fit: it takes 1 to 16 characters.'],
    ['quote', 'ab', '--quote ab does not fit: it takes one character, or none.'],
    ['header-lines', '-1', '--header-lines -1 does not fit: it takes a whole number from 0 to 16.'],
    ['skip-lines', '1.5', '--skip-lines 1.5 does not fit: it takes a whole number from 0 to 1000000.'],
    ['on-bad', 'drop', '--on-bad drop does not fit: it takes quarantine or pad.'],
    ['encoding', 'klingon', 'There is no encoding "klingon" that Sluice can read.'],
  ]
  test.each(refused)('--%s %j is refused', (flag, text, message) => {
    expect(() => parseDialectFlags({ [flag]: text })).toThrow(message)
  })

  test('flags that are not given decide nothing', () => {
    expect(parseDialectFlags({})).toEqual({})
    expect(spelled('a\\\\tb')).toBe('a\\tb')
  })
})
