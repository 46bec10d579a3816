// Which record a physical line belongs to, as an editor counts lines.
import { describe, expect, test } from 'vitest'
import { dialectSchema, type Dialect } from '../core/dialect.ts'
import { codecFor } from './encoding.ts'
import { beforeRecords, findLine, lastLine, take } from './lines.ts'
import { readAll } from './reader.ts'

// oxlint-disable-next-line require-await -- a stream of one block
async function* once<T>(value: T): AsyncGenerator<T> {
  yield value
}

/** What each line is: the ordinals of its records, or what else it is; up to two lines after the end. */
async function linesOf(text: string, parts: Partial<Dialect>, columns: string[]): Promise<string[]> {
  const dialect = dialectSchema.parse({ format: 'csv', encoding: 'utf-8', ...parts })
  const content = Buffer.concat([Buffer.from(codecFor(dialect.encoding).encode(text))])
  const records = readAll(content, dialect, { columns })
  const first = records[0]?.line ?? Number.POSITIVE_INFINITY
  const found: string[] = []
  for (let line = 1; ; line++) {
    const place =
      line < first
        ? beforeRecords(dialect, line)
        : await findLine(once(records), line, async (record) =>
            lastLine(record, await take(once(content), record.offset, record.length), dialect),
          )
    found.push(place.what === 'record' ? place.records.map(({ ordinal }) => ordinal).join('+') : place.what)
    if (place.what === 'after') return found
  }
}

describe('a line of a file', () => {
  test.each([
    ['plain', 'a,b\n1,2\n3,4\n', {}, ['header', '1', '2', 'after']],
    ['no line end at the end', 'a,b\n1,2\n3,4', {}, ['header', '1', '2', 'after']],
    ['CRLF', 'a,b\r\n1,2\r\n3,4\r\n', {}, ['header', '1', '2', 'after']],
    ['CR', 'a,b\r1,2\r3,4\r', {}, ['header', '1', '2', 'after']],
    ['quoted line breaks', 'a,b\n1,"x\ny\nz"\n3,4\n', {}, ['header', '1', '1', '1', '2', 'after']],
    ['CRLF within quotes', 'a,b\r\n1,"x\r\ny"\r\n3,4\r\n', {}, ['header', '1', '1', '2', 'after']],
    ['blank lines', 'a,b\n\n1,2\n\n\n3,4\n\n', {}, ['header', 'header', '1', 'blank', 'blank', '2', 'after']],
    [
      'a preamble',
      'Export\nof today\na,b\n1,2\n',
      { skipLines: 2 },
      ['preamble', 'preamble', 'header', '1', 'after'],
    ],
    ['no header', '1,2\n3,4\n', { headerLines: 0 }, ['1', '2', 'after']],
    ['a broken record', 'a,b\n1\n3,4\n5,6\n', {}, ['header', '1', '2', '3', 'after']],
    ['a trailer', 'a,b\n1,2\nSum,9\n', { trailerLines: 1 }, ['header', '1', 'after']],
    ['UTF-16', 'a,b\r\n1,"x\r\ny"\r\n3,4\r\n', { encoding: 'utf-16le' }, ['header', '1', '1', '2', 'after']],
    ['its own row delimiter', 'a,b|1,2|3,4|', { rowDelimiter: '|' }, ['header', '1', '2', 'after']],
    [
      'CRLF only, with loose line feeds',
      'a,b\r\n1,x\ny\r\n3,4\r\n',
      { rowDelimiter: '\r\n' },
      ['header', '1', '1', '2', 'after'],
    ],
  ] as const)('%s', async (_, text, parts, expected) => {
    expect(await linesOf(text, parts, ['a', 'b'])).toEqual(expected)
  })

  test.each([
    ['JSON lines', 'jsonl', '{"a":1}\n\n{"a":2}\n', ['1', 'blank', '2', 'after']],
    ['a JSON list in one line', 'json', '[{"a":1},{"a":2}]', ['1+2', 'after']],
    ['a JSON list, one a line', 'json', '[\n{"a":1},\n{"a":2}\n]\n', ['blank', '1', '2', 'after']],
    ['JSON, spread out', 'json', '[{\n"a":1},{"a":2},\n{\n"a":3}]', ['1', '1+2', '3', '3', 'after']],
  ] as const)('%s', async (_, format, text, expected) => {
    expect(await linesOf(text, { format }, ['a'])).toEqual(expected)
  })
})
