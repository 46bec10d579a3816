// Records picked from a file and read together have the cells they have alone.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { dialectSchema } from '../core/dialect.ts'
import { readAll } from './reader.ts'
import { cellsTogether } from './rowsTogether.ts'
import { csvLine } from './writeCsv.ts'

const columns = ['a', 'b', 'c']
const dialects = [{}, { rowDelimiter: '\n' }, { onBad: 'pad' }, { encoding: 'utf-16le' }].map((more) =>
  dialectSchema.parse({ format: 'csv', encoding: 'utf-8', ...more }),
)
const cell = fc.oneof(fc.string(), fc.constantFrom('', '"', ',', '\n', '\r\n', 'Wien', 'x"y', ' '))
const rows = fc.array(fc.array(cell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 12 })

test('BS-21 whatever was picked, in whatever dialect: together as alone', () => {
  fc.assert(
    fc.property(rows, fc.constantFrom(...dialects), fc.boolean(), (made, dialect, openEnd) => {
      const encoding = dialect.encoding === 'utf-16le' ? 'utf16le' : 'utf8'
      const texts = made.map(csvLine)
      // The last row of a file may lack its end.
      const last = texts.at(-1)!
      if (openEnd) texts[texts.length - 1] = last.slice(0, -1)
      const raws = texts.map((text) => Buffer.from(text, encoding))
      const start = { offset: 0, ordinal: 1, line: 1 }
      const alone = raws.map((raw) => readAll(raw, dialect, { columns: [...columns], start, limit: 1 })[0])
      const together = cellsTogether(raws, dialect, columns)
      const readable = alone.every((record) => record?.bad === null)
      expect(together).toEqual(readable ? alone.map((record) => record!.cells) : null)
    }),
    { seed: 20261121, numRuns: 500 },
  )
})

test('a record that cannot be read alone makes each be read alone', () => {
  const raws = ['1,2,3\n', '1,2\n', '4,5,6\n'].map((text) => Buffer.from(text))
  expect(cellsTogether(raws, dialects[0]!, columns)).toBeNull()
})
