// A corrected error file on the command line: what it would correct, the question, and the order.
import type { CorrectionsView, ImportAnswer, UploadView } from '../client/types.gen.ts'
import { isErrorFile } from '../core/errorColumns.ts'
import { definitionOf, failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { number, plural, size } from './format.ts'
import { dialectHints } from './importFlags.ts'
import type { ImportOptions } from './importOptions.ts'
import { dialectText } from './preview.ts'
import { confirm } from './questions.ts'
import { color, paragraph, print } from './terminal.ts'

/** What the upload corrects; null: it is an ordinary file. `columns`: as they were found in it. */
export async function correctionsIn(
  client: Client,
  upload: UploadView,
  columns: readonly string[],
  options: ImportOptions,
): Promise<CorrectionsView | null> {
  if (!isErrorFile(columns)) return null
  const dialect = await dialectHints(options)
  const answer = await client.post('/uploads/{upload}/corrections', { upload: upload.id, body: { dialect } })
  return answer.corrections
}

/** The flags that say how a file is mapped or written: corrections take that from their run. */
const refused = {
  mapping: '--mapping',
  mappingFrom: '--mapping-from',
  saveMapping: '--save-mapping',
  job: '--job',
  mode: '--mode',
  onSeveral: '--on-several',
  duplicates: '--duplicates',
  map: '--map',
  asOf: '--as-of',
  dateOrder: '--date-order',
  decimal: '--decimal',
  separator: '--separator',
  timeZone: '--time-zone',
  country: '--country',
  blank: '--blank',
  onBadValue: '--on-bad-value',
  ifEmpty: '--if-empty',
  clearToken: '--clear-token',
  checks: '--checks',
} as const

/** Shows what would be corrected, asks, and orders it. Throws `corrections.flags`, `Cancelled`. */
export async function orderCorrections(
  client: Client,
  name: string,
  upload: UploadView,
  found: CorrectionsView,
  options: ImportOptions,
): Promise<ImportAnswer> {
  const flags = Object.entries(refused)
    .filter(([key]) => options[key as keyof typeof refused] !== undefined)
    .map(([, flag]) => flag)
  const run = found.runs.at(-1)!.id
  if (flags.length > 0) throw failure('corrections.flags', { run, flags: flags.join(', ') })
  if (options.json !== true) printCorrections(name, upload, found)
  if (options.yes !== true && options.dryRun !== true)
    await confirm(found.whole ? `Import ${plural(found.changed, 'correction')}?` : 'Import the whole file?')
  return client.post('/corrections', {
    body: {
      upload: upload.id,
      dialect: await dialectHints(options),
      again: options.again === true,
      dryRun: options.dryRun === true,
    },
  })
}

function printCorrections(name: string, { originalBytes }: UploadView, found: CorrectionsView): void {
  const { runs, whole, records, changed, unchanged, refused: bad, mangled } = found
  const facts = [size(originalBytes), dialectText(found.dialect)]
  print(`\n${color.bold(name)}  ${color.dim(facts.join(' · '))}\n`)
  const about = whole ? '' : 'about the first '
  const counts = [
    `${about}${plural(records, 'record')}`,
    `${number(changed)} changed`,
    ...(unchanged > 0
      ? [`${number(unchanged)} as ${unchanged === 1 ? 'it was' : 'they were'} (skipped)`]
      : []),
  ]
  const of = runs.map(({ id, file }) => `${id} (${file})`).join(', ')
  print(paragraph(`Corrections of ${of}: ${counts.join(', ')}.`))
  print(color.dim(paragraph(`Mapping and settings are those of ${runs.at(-1)!.id}.`)))
  for (const [code, count] of Object.entries(bad))
    print(
      color.yellow(`\n! ${plural(count, 'row')} cannot be used: ${definitionOf(code).title.toLowerCase()}`),
    )
  if (mangled.length > 0) {
    print(`\n${color.yellow('!')} A spreadsheet may have changed more than you meant:`)
    for (const { column, rows, of: all, before, after } of mangled)
      print(
        paragraph(
          `${column}: ${number(rows)} of ${number(all)} rows, such as ${shown(before)} → ${shown(after)}`,
          4,
        ),
      )
    print(
      paragraph(
        'In these columns nothing was wrong. To keep them, open the file as text columns and correct it again.',
      ),
    )
  }
  print()
}

function shown(cell: string): string {
  const short = cell.length > 30 ? `${cell.slice(0, 29)}…` : cell
  return short === '' ? '(empty)' : short
}
