// What a file is taken for, before anything happens: dialect, columns, what each becomes, and what looks odd.
import type { Dialect } from '../core/dialect.ts'
import type { Mapping } from '../core/mapping.ts'
import { mappingChanges, targetText } from '../core/mappingText.ts'
import type { InspectReport } from '../formats/inspect.ts'
import { number, percent, plural, size } from './format.ts'
import { printTransform } from './transformPreview.ts'
import { color, columns as terminalColumns, paragraph, print, table } from './terminal.ts'

export interface Previewed {
  readonly name: string
  readonly bytes: number | null
  readonly report: InspectReport
  /** With the person's flags applied. */
  readonly mapping: Mapping
}

/** Prints the preview. */
export function printPreview({ name, bytes, report, mapping }: Previewed): void {
  const { whole, records, dialect, columns } = report
  const count = `${whole ? '' : 'about the first '}${plural(records, 'record')}`
  const facts = [
    ...(bytes === null ? [] : [size(bytes)]),
    dialectText(dialect),
    count,
    plural(columns.length, 'column'),
  ]
  print(`\n${color.bold(name)}  ${color.dim(facts.join(' · '))}\n`)
  const heads = [
    { title: 'column', flexible: true },
    { title: 'filled', right: true },
    { title: 'becomes', flexible: true },
    { title: 'for example', flexible: true },
  ]
  const rows = columns.map(({ column, fillRate, examples }, i) => [
    column,
    percent(fillRate),
    becomes(mapping, column, i),
    exampleText(examples),
  ])
  print(table(heads, [...rows, ...computedRows(mapping)], 2))
  const names = columns.map(({ column }) => column)
  printTransform({ name, columns: names, mapping, firstRecords: report.firstRecords })
  printBad(report)
  for (const { text } of report.proposal.warnings) print(`\n${color.yellow('!')}${paragraph(text).slice(1)}`)
  for (const { text } of report.proposal.notes) print(color.dim(`\n${paragraph(text)}`))
}

/** Computed columns stand below those of the file. */
function computedRows(mapping: Mapping): string[][] {
  return mapping.columns.flatMap((mapped) =>
    mapped.compute === undefined
      ? []
      : [[mapped.column, '', becomes(mapping, mapped.column, -1), color.dim('computed')]],
  )
}

function becomes(mapping: Mapping, column: string, position: number): string {
  const mapped = mapping.columns.find((one) => one.column === column) ?? mapping.columns[position]
  if (mapped === undefined) return ''
  // Steps are shown apart, with an example.
  const { steps: _, compute: __, ...bare } = mapped
  const text = targetText(bare)
  return mapped.target.to === 'identifier'
    ? color.cyan(text)
    : mapped.target.to === 'ignore'
      ? color.dim(text)
      : text
}

function exampleText(examples: readonly string[]): string {
  const room = Math.max(16, Math.floor(terminalColumns() / 4))
  let text = ''
  for (const example of examples) {
    if (text !== '' && text.length + example.length + 2 > room) break
    text = text === '' ? example : `${text}, ${example}`
  }
  return text
}

const names: Readonly<Record<string, string>> = {
  ',': 'comma',
  ';': 'semicolon',
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'space',
  '\u001e': '\\x1e',
  '\u001f': '\\x1f',
}

/** "CSV, UTF-8, semicolon, 2 lines skipped" */
export function dialectText({
  format,
  encoding,
  delimiter,
  skipLines,
  headerLines,
  trailerLines,
}: Dialect): string {
  if (format === 'jsonl' || format === 'json')
    return `${format === 'jsonl' ? 'JSON lines' : 'JSON'}, ${encoding}`
  const parts = format === 'rows' ? ['rows of cells'] : ['CSV', encoding, names[delimiter] ?? delimiter]
  const line = lineWord(format)
  if (skipLines > 0) parts.push(`${plural(skipLines, line)} before the header`)
  if (headerLines === 0) parts.push('no header')
  if (trailerLines > 0) parts.push(`${plural(trailerLines, line)} after the records`)
  return parts.join(', ')
}

/** What the place of a record is called: people count the rows of a sheet. */
function lineWord(format: Dialect['format']): 'line' | 'row' {
  return format === 'rows' ? 'row' : 'line'
}

function printBad({ bad, badExamples, dialect }: InspectReport): void {
  if (bad === 0) return
  print(`\n${color.yellow('!')} ${plural(bad, 'record')} cannot be read and would go to the error file:`)
  for (const { line, problem } of badExamples)
    print(paragraph(`${lineWord(dialect.format)} ${number(line)}: ${problem.message}`, 4))
}

/** What the whole file says otherwise than its beginning. */
export function printChanges(before: Mapping, after: Mapping): void {
  const changes = mappingChanges(before, after)
  if (changes.length === 0) return
  print(`\n${color.yellow('!')} The whole file says otherwise than its beginning:`)
  for (const { column, before: was, after: is } of changes)
    print(`    ${column}: ${was ?? 'not there'} → ${is ?? 'not there'}`)
}
