// What steps do to the first records, and which of them filters keep: the part of a preview that shows a mapping at work.
import type { RawRecord } from '../core/dialect.ts'
import { problem } from '../core/problems.ts'
import { compileColumnSteps, type ColumnSteps, type StepRecord } from '../core/transform/columnSteps.ts'
import { compileFilters } from '../core/transform/filters.ts'
import { stepsText } from '../core/transform/stepText.ts'
import type { ColumnMapping, Mapping } from '../core/mapping.ts'
import { compileMapping } from '../core/compileMapping.ts'
import { number, plural } from './format.ts'
import { color, print, table } from './terminal.ts'

export interface TransformShown {
  readonly name: string
  readonly columns: readonly string[]
  readonly mapping: Mapping
  readonly firstRecords: readonly RawRecord[]
}

/** Prints steps with a value before and after, and filters with how many of the first records they keep. */
export function printTransform(shown: TransformShown): void {
  printSteps(shown)
  printFilters(shown)
}

const heads = [
  { title: '', flexible: true },
  { title: '', flexible: true },
  { title: '', flexible: true },
]

function printSteps({ name, columns, mapping, firstRecords }: TransformShown): void {
  const rows = mapping.columns.flatMap((mapped) => {
    const steps = mapped.target.to === 'ignore' ? null : compileColumnSteps(mapped, columns, { file: name })
    return steps === null
      ? []
      : [[mapped.column, color.dim(stepsText(mapped)), example(mapped, steps, columns, firstRecords)]]
  })
  if (rows.length === 0) return
  print('\n  Steps before a cell is read:\n')
  print(table(heads, rows, 2))
}

/** The first record that shows the steps at work. */
function example(
  { column, compute }: ColumnMapping,
  steps: ColumnSteps,
  columns: readonly string[],
  records: readonly RawRecord[],
): string {
  const at = columns.indexOf(column)
  let unchanged = ''
  for (const record of records) {
    if (record.cells === null) continue
    const before = record.cells[at]?.trim() ?? ''
    const after = steps.run(before, record as StepRecord)
    if (typeof after !== 'string') {
      const { message } = problem(after.code, { column, value: before, ...after.details }, column)
      return color.yellow(message)
    }
    if (compute !== undefined && after !== '') return quoted(after)
    if (after !== before) return `${quoted(before)} → ${quoted(after)}`
    if (unchanged === '' && before !== '') unchanged = `${quoted(before)} stays`
  }
  return unchanged
}

/** A list travels as JSON; nobody should have to read that. */
function quoted(text: string): string {
  if (text === '') return '(blank)'
  return /^\["(?:[^"\\]|\\.|",")*"\]$/.test(text) ? text.slice(1, -1).replaceAll('","', '", "') : `"${text}"`
}

function printFilters(shown: TransformShown): void {
  const { mapping, firstRecords } = shown
  const filters = mapping.filters ?? []
  if (filters.length === 0) return
  const seen = firstRecords.filter(({ cells }) => cells !== null)
  const rows = filters.map(({ name, keep }) => [
    name,
    name === keep ? '' : color.dim(keep.replace(/\s+/g, ' ')),
    keepsText(shown, name, seen),
  ])
  print('\n  Only records that these filters keep are imported:\n')
  print(table(heads, rows, 2))
}

function keepsText(shown: TransformShown, name: string, seen: readonly RawRecord[]): string {
  const { kept, unsure } = counts(shown, name, seen)
  const all = `keeps ${number(kept)} of the first ${plural(seen.length, 'record')}`
  return unsure === 0 ? all : color.yellow(`${all}, cannot decide about ${number(unsure)}`)
}

/** One filter alone, on the first records. */
function counts(
  { name: file, columns, mapping }: TransformShown,
  name: string,
  seen: readonly RawRecord[],
): { kept: number; unsure: number } {
  const one = (mapping.filters ?? []).filter((filter) => filter.name === name)
  const mapper = compileMapping({ ...mapping, filters: one }, columns, { file })
  const mapped = seen.map((record) => mapper.map(record))
  const unsure = mapped.filter(({ failed }) => failed?.code === 'filter.failed').length
  return { kept: mapped.filter(({ skipped }) => skipped === null).length - unsure, unsure }
}

/** Steps and filters against the columns of a file, before anybody is asked. Throws halting problems. */
export function requireTransform({ name, columns, mapping }: Omit<TransformShown, 'firstRecords'>): void {
  for (const mapped of mapping.columns)
    if (mapped.target.to !== 'ignore') compileColumnSteps(mapped, columns, { file: name })
  const keys = mapping.columns.flatMap(({ target }) => (target.to === 'attribute' ? [target.key] : []))
  compileFilters(mapping.filters ?? [], columns, keys, { file: name })
}
