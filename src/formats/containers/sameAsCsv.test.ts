// A table saved as CSV and as a workbook is the same table.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import writeExcelFile from 'write-excel-file/node'
import { memoryBytes } from '../../../test/support/containers.ts'
import { convert } from '../convert.ts'
import { csvLine } from '../writeCsv.ts'
import { partContent } from './parts.ts'

/** Characters that every program writes as they are; a text that looks like an escaped character is written differently by every program. */
const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  .map((value) => value.replaceAll(/[\p{Cc}\p{Cs}\p{Cn}\p{Co}\ufeff]/gu, '').replaceAll('_x', 'x'))
const cell = fc.oneof(
  text,
  fc.constantFrom('', '007', '1e5', ' padded ', 'a\nb', '"q", \'', '<&>'),
  fc.emailAddress(),
)

async function cleanOf(open: () => AsyncIterable<Uint8Array>): Promise<string> {
  let clean = ''
  await convert(
    open,
    { clean: (part) => void (clean += part), errors: () => {} },
    { hints: { skipLines: 0, headerLines: 1, trailerLines: 0 } },
  )
  return clean
}

test('whatever its cells are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.uuid(), cell, cell), { minLength: 1, maxLength: 20 }),
      async (rows) => {
        const table = [['id', 'one', 'two'], ...rows]
        const csv = Buffer.from(table.map(csvLine).join(''))
        const sheet = table.map((row) => row.map((value) => (value === '' ? null : { value, type: String })))
        const xlsx = await writeExcelFile(sheet).toBuffer()
        const ofSheet = await cleanOf(() => partContent(memoryBytes(xlsx), 'Sheet1'))
        // oxlint-disable-next-line require-await -- a stream of one block
        expect(ofSheet).toBe(
          await cleanOf(async function* () {
            yield csv
          }),
        )
      },
    ),
    { seed: 11, numRuns: 40 },
  )
})
