// JSON lines and JSON lists: cells, records set aside, places, restarts and block borders.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { caps, type Dialect } from '../core/dialect.ts'
import { readAll } from './reader.ts'
import { cellsOf, dialectOf, readStream, readText, shown, streamOf } from './testing.ts'

describe('cells', () => {
  const cases: [title: string, text: string, cells: (string | null)[]][] = [
    ['texts', '{"a":"x","b":"","c":"ü🙂"}', ['x', '', 'ü🙂']],
    [
      'escapes',
      String.raw`{"a":"\"\\\/\b\f\n\r\t","b":"\u00fc\ud83d\ude42","c":"\\n"}`,
      ['"\\/\b\f\n\r\t', 'ü🙂', '\\n'],
    ],
    [
      'numbers as they are written',
      '{"a":1.50,"b":-0,"c":12345678901234567890e+5}',
      ['1.50', '-0', '12345678901234567890e+5'],
    ],
    ['true, false and null', '{"a":true,"b":false,"c":null}', ['true', 'false', null]],
    ['missing names', '{"b":"x"}', [null, 'x', null]],
    ['any order', '{"c":3,"a":1}', ['1', null, '3']],
    [
      'nested values as JSON',
      '{"a":[1, {"x":"]"}],"b":{},"c":{"y":[[]]}}',
      ['[1, {"x":"]"}]', '{}', '{"y":[[]]}'],
    ],
    ['blanks everywhere', ' { "a" : 1 , "b" : "x" , "c" : [ ] } ', ['1', 'x', '[ ]']],
    ['nothing', '{}', [null, null, null]],
  ]
  test.each(cases)('%s', (_, text, cells) => {
    for (const [format, file] of [
      ['jsonl', `${text}\n`],
      ['json', `[${text}]`],
    ] as const)
      expect(readText(file, { format }, ['a', 'b', 'c'])[0]!.cells).toEqual(cells)
  })

  test('names that appear later extend the columns', () => {
    const columns = ['a']
    const records = readText('{"a":1}\n{"b":2,"a":1}\n{"c":3}\n', { format: 'jsonl' }, columns)
    expect(columns).toEqual(['a', 'b', 'c'])
    expect(cellsOf(records)).toEqual(['1', '1|2', '∅|∅|3'])
  })

  test('what a valid object holds is what JSON.parse gives', () => {
    const value = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
      fc.constant(null),
      fc.jsonValue(),
    )
    const names = fc.string({ unit: 'grapheme', maxLength: 5 })
    fc.assert(
      fc.property(
        fc.dictionary(names, value, { noNullPrototype: true }),
        fc.constantFrom(0, 2),
        (object, indent) => {
          const columns: string[] = []
          const text = JSON.stringify(object, null, indent)
          const [record] = readText(`[${text}]`, { format: 'json' }, columns)
          const parsed = JSON.parse(text) as Record<string, unknown>
          const hasNul = Object.values(parsed).some((v) => typeof v === 'string' && v.includes('\0'))
          expect(record!.bad?.code).toBe(hasNul ? 'read.nul' : undefined)
          const read = hasNul ? null : Object.fromEntries(columns.map((name, i) => [name, record!.cells![i]]))
          const wanted = Object.entries(parsed).map(([name, v]) => [
            name,
            typeof v === 'string' || v === null ? v : JSON.stringify(v),
          ])
          const compact =
            read &&
            Object.entries(read).map(([name, v]) => [
              name,
              typeof parsed[name] === 'object' && v !== null ? JSON.stringify(JSON.parse(v!)) : v,
            ])
          expect(compact).toEqual(
            hasNul
              ? null
              : wanted.map(([name, v]) => [
                  name,
                  typeof parsed[name!] === 'number' ? (read as Record<string, string>)[name!] : v,
                ]),
          )
        },
      ),
      { seed: 31, numRuns: 500 },
    )
  })
})

describe('a record that does not fit is set aside and its neighbours load', () => {
  const deep = `{"a":${'['.repeat(64)}${']'.repeat(64)}}`
  const cases: [title: string, text: string, code: string][] = [
    ['no JSON', '{"a":}', 'read.json_invalid'],
    ['single quotes', "{'a':1}", 'read.json_invalid'],
    ['comma at the end', '{"a":1,}', 'read.json_invalid'],
    ['leading zero', '{"a":01}', 'read.json_invalid'],
    ['not a number', '{"a":NaN}', 'read.json_invalid'],
    ['unknown escape', String.raw`{"a":"\x"}`, 'read.json_invalid'],
    ['half a surrogate pair', String.raw`{"a":"\ud800"}`, 'read.json_invalid'],
    ['control character', '{"a":"\t"}', 'read.json_invalid'],
    ['name twice', '{"a":1,"b":2,"a":3}', 'read.json_duplicate_key'],
    ['NUL', String.raw`{"a":"\u0000"}`, 'read.nul'],
    ['a list', '[1]', 'read.json_not_object'],
    ['a text', '"x"', 'read.json_not_object'],
    ['a number', '12', 'read.json_not_object'],
    ['too deep', deep, 'read.json_too_deep'],
    ['bytes that are no text', '{"a":"\u00ff"}', 'read.encoding'],
    ['closing bracket too many', '{"a":1}}', 'read.json_invalid'],
  ]
  test.each(cases)('%s', (_, text, code) => {
    const bytes = (file: string): Buffer => Buffer.from(file, 'latin1')
    const lines = readText(bytes(`{"a":1}\n${text}\n{"a":2}\n`), { format: 'jsonl' }, ['a'])
    expect(cellsOf(lines)).toEqual(['1', `✗ ${code}`, '2'])
    expect(Buffer.from(lines[1]!.raw!)).toEqual(bytes(text))
    const list = readText(bytes(`[{"a":1},\n${text},\n{"a":2}]`), { format: 'json' }, ['a'])
    const all = cellsOf(list).filter((cells) => cells !== '1' || code !== 'read.json_invalid')
    expect(all).toContain(`✗ ${code}`)
    expect(cellsOf(list).at(-1)).toBe('2')
  })

  test('cut off in a record over the cap', () => {
    const text = `[{"a":"${'y'.repeat(caps.recordBytes + 9)}`
    const records = readText(text, { format: 'json' }, ['a'])
    expect(cellsOf(records)).toEqual(['✗ read.record_too_large', '✗ read.json_cut'])
    expect(records[0]!.length).toBe(text.length - 1)
  })

  const broken: [title: string, text: string, expected: string[]][] = [
    ['open text', '[{"a":1},\n{"a":"x},\n{"a":2}]', ['1', '✗ read.json_invalid', '2']],
    [
      'open text, indented',
      '[\n  {\n    "a": "x,\n    "b": [\n      {\n        "c": 1\n      }\n    ]\n  },\n  {\n    "a": 2\n  }\n]',
      ['✗ read.json_invalid', '2'],
    ],
    ['brace not closed', '[{"a":{"b":1},\n{"a":2},\n{"a":3}]', ['✗ read.json_invalid', '2', '3']],
    ['cut off in a record', '[{"a":1},\n{"a":', ['1', '✗ read.json_invalid', '✗ read.json_cut']],
    ['cut off between records', '[{"a":1},\n', ['1', '✗ read.json_cut']],
    ['objects without a list', '{"a":1}\n{\n"a":2}', ['1', '2']],
    ['something after the list', '[{"a":1}] x', ['1', '✗ read.json_invalid']],
    ['empty list', '[]', []],
  ]
  test.each(broken)('list: %s', (_, text, expected) => {
    expect(cellsOf(readText(text, { format: 'json' }, ['a']))).toEqual(expected)
  })

  test.each(['jsonl', 'json'] as const)('a value of twice the record cap is refused (%s)', async (format) => {
    const large = `{"b":[{"x":1},"${'y\\"'.repeat(caps.recordBytes)}"],"c":2}`
    const text = format === 'json' ? `[{"a":1},\n${large},\n{"a":2}]` : `{"a":1}\n${large}\n{"a":2}\n`
    const records = await readStream(streamOf(Buffer.from(text)), dialectOf({ format }), { columns: ['a'] })
    expect(cellsOf(records)).toEqual(['1', '✗ read.record_too_large', '2'])
    expect(records.map((record) => record.line)).toEqual([1, 2, 3])
    expect(records[1]!.raw).toHaveLength(caps.recordBytes)
  })

  test('a value over the field cap', () => {
    const records = readText(`{"a":"${'y'.repeat(caps.fieldBytes + 1)}"}\n{"a":2}`, { format: 'jsonl' }, [
      'a',
    ])
    expect(cellsOf(records)).toEqual(['✗ read.field_too_large', '2'])
    expect(records[0]!.bad!.column).toBe('a')
  })
})

describe('places are exact', () => {
  const numRuns = Number(process.env['CAMPAIGN'] ?? 400)
  const bits = fc.array(
    fc.constantFrom(
      '{"a":1,"b":"ü"}',
      '{\n  "a": [{"x": 1},\n  {"x":2}]\n}',
      '{"a":"open}',
      '{"a":{',
      '5',
      '"x"',
      '[',
      ']',
      '}',
      ',',
      '\n',
      ' \n',
      '{"b":"🙂\\""}',
      '{}',
      'zz',
    ),
    { maxLength: 10 },
  )
  const files = fc.tuple(
    fc.constantFrom<Partial<Dialect>>(
      { format: 'json' },
      { format: 'jsonl' },
      { format: 'json', encoding: 'utf-16le' },
    ),
    bits,
    fc.constantFrom(',\n', '\n', ','),
  )

  function bytesOf([differences, parts, between]: [Partial<Dialect>, string[], string]): Buffer {
    const text = differences.format === 'json' ? `[${parts.join(between)}]` : parts.join('\n')
    return Buffer.from(text, differences.encoding === 'utf-16le' ? 'utf16le' : 'utf8')
  }

  test('wherever blocks are cut, the records are the same', async () => {
    await fc.assert(
      fc.asyncProperty(files, fc.integer({ min: 1, max: 9 }), async (file, size) => {
        const bytes = bytesOf(file)
        const blocks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
          bytes.subarray(i * size, (i + 1) * size),
        )
        const cut = await readStream(streamOf(...blocks), dialectOf(file[0]), { columns: ['a', 'b'] })
        expect(shown(cut)).toEqual(shown(readAll(bytes, dialectOf(file[0]), { columns: ['a', 'b'] })))
      }),
      { seed: 32, numRuns },
    )
  })

  test('a record cut out by offset and length reads as itself', () => {
    fc.assert(
      fc.property(files, (file) => {
        const bytes = bytesOf(file)
        const dialect = dialectOf(file[0])
        const columns = ['a', 'b', 'x']
        for (const record of readAll(bytes, dialect, { columns })) {
          const slice = bytes.subarray(record.offset, record.offset + record.length)
          const [again] = readAll(slice, dialect, { columns, start: record, limit: 1 })
          expect(record.bad === null ? again : record).toEqual(record)
          expect(slice.subarray(0, record.raw?.length ?? 0)).toEqual(Buffer.from(record.raw ?? []))
        }
      }),
      { seed: 33, numRuns },
    )
  })

  test('reading that begins at any record of a list gives the same rest', () => {
    const good = fc.array(
      fc.constantFrom('{"a":1,"b":"ü"}', '{\n  "a": [{"x": 1},\n  {"x":2}]\n}', '{"a":"open}', '5', '{}'),
      { maxLength: 8 },
    )
    fc.assert(
      fc.property(good, (parts) => {
        const bytes = Buffer.from(`[${parts.join(',\n')}]`)
        const dialect = dialectOf({ format: 'json' })
        const all = readAll(bytes, dialect, { columns: ['a', 'b'] })
        const rests = all.map((start) =>
          shown(readAll(bytes.subarray(start.offset), dialect, { columns: ['a', 'b'], start })),
        )
        expect(rests).toEqual(all.map((_, i) => shown(all.slice(i))))
      }),
      { seed: 34, numRuns },
    )
  })
})
