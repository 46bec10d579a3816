// One record through a compiled mapping: the hot path. What can be decided once was decided in compileMapping.ts.
import { identifierBytesMax } from './attribute.ts'
import type { RecordCheck } from './checks/recordCheck.ts'
import type { Clean, Refusal } from './clean/refusal.ts'
import { isJunk } from './junk.ts'
import type { MappedRecord } from './mapped.ts'
import type { RawRecord } from './dialect.ts'
import type { Problem } from './problem.ts'
import { problem } from './problems.ts'
import type { Skipped } from './record.ts'
import type { ColumnSteps, StepRecord } from './transform/columnSteps.ts'
import type { Filters } from './transform/filters.ts'

type Cells = readonly (string | null)[]

/** A column as the mapper reads it. */
export interface Rule {
  readonly column: string
  /** Position in the record's cells. */
  readonly at: number
  /** What happens to the cell first; null: it is read as it is. */
  readonly steps: ColumnSteps | null
  readonly clean: Clean
  readonly blank: 'ignore' | 'clear' | 'reject'
  readonly onBad: 'fail' | 'blank'
}

export interface KindRule {
  readonly kind: string
  readonly label: string
  /** In the order of the file: the first that has a value is used. */
  readonly rules: readonly Rule[]
}

export interface AsOfRule {
  readonly rule: Rule
  readonly micros: (text: string) => number | Refusal
}

/** What a record gathers on its way through the mapper. */
interface Found {
  failed: Problem | null
  warnings: Problem[] | null
  skipped: Skipped | null
}

const nothing: readonly never[] = []

/** Everything a record goes through, compiled. */
export interface Compiled {
  readonly kinds: readonly KindRule[]
  readonly attributes: readonly Rule[]
  readonly asOf: AsOfRule | null
  /** A cell with exactly this text clears the value. */
  readonly token: string | undefined
  readonly filters: Filters
  readonly checks: readonly RecordCheck[]
}

/** A record on its way: its cells, and what was found. */
interface Reading {
  readonly record: StepRecord
  readonly cells: Cells
  readonly token: string | undefined
  readonly found: Found
}

/** The function that maps one record. */
export function mapperOf(compiled: Compiled): (record: RawRecord) => MappedRecord {
  const { kinds, attributes, asOf: asOfRule, token, filters, checks } = compiled
  const noIdentifiers = kinds.map(() => null)
  return (record) => {
    const { ordinal, cells } = record
    if (cells === null) return unread(record, noIdentifiers)
    const found: Found = { failed: null, warnings: null, skipped: null }
    const reading: Reading = { record: record as StepRecord, cells, token, found }
    const identifiers: (string | null)[] = []
    const given: (string | null)[] = []
    for (const kind of kinds) readIdentifier(kind, reading, identifiers, given)
    if (filters.before !== null) ask(filters.before, reading, nothing)
    if (found.skipped !== null) return leftOut(ordinal, found.skipped, identifiers, given)
    if (found.failed === null && identifiers.every(isNull)) found.failed = problem('identifier.none')
    const values = found.failed === null ? readValues(attributes, reading) : nothing
    const asOf = asOfRule === null || found.failed !== null ? null : readAsOf(asOfRule, reading)
    if (found.failed === null && filters.after !== null) ask(filters.after, reading, values)
    if (found.skipped !== null) return leftOut(ordinal, found.skipped, identifiers, given)
    if (found.failed === null) for (const check of checks) found.failed ??= check(identifiers, values)
    return {
      ordinal,
      failed: found.failed,
      skipped: null,
      identifiers,
      given,
      asOf,
      values: found.failed === null ? values : nothing,
      warnings: found.warnings ?? nothing,
    }
  }
}

function unread(record: RawRecord, none: readonly null[]): MappedRecord {
  return {
    ordinal: record.ordinal,
    failed: record.bad ?? problem('internal', { detail: 'a record without cells and without a problem' }),
    skipped: null,
    identifiers: none,
    given: none,
    asOf: null,
    values: nothing,
    warnings: nothing,
  }
}

/** What was wrong with it does not matter any more: it asserts nothing. */
function leftOut(
  ordinal: number,
  skipped: Skipped,
  identifiers: readonly (string | null)[],
  given: readonly (string | null)[],
): MappedRecord {
  return {
    ordinal,
    failed: null,
    skipped,
    identifiers,
    given,
    asOf: null,
    values: nothing,
    warnings: nothing,
  }
}

function ask(
  filter: NonNullable<Filters['before']>,
  { record, found }: Reading,
  values: readonly (string | null | undefined)[],
): void {
  const { cells, ordinal } = record
  const answer = filter({ value: '', cells, ordinal, values })
  if (answer === null) return
  if ('skipped' in answer) found.skipped = answer.skipped
  else found.failed ??= answer.failed
}

/** The trimmed cell after its steps; '' is blank. undefined: a step could not do its work, and the record knows. */
function textOf(rule: Rule, { record, cells, token, found }: Reading): string | undefined {
  const cell = cells[rule.at]?.trim() ?? ''
  if (rule.steps === null || cell === token) return cell
  const text = rule.steps.run(cell, record)
  if (typeof text === 'string') return text
  refuse(rule, cell, text, found)
  return undefined
}

function isNull(value: string | null): boolean {
  return value === null
}

function readValues(rules: readonly Rule[], reading: Reading): (string | null | undefined)[] {
  const { token, found } = reading
  const values: (string | null | undefined)[] = []
  for (const rule of rules) {
    const text = textOf(rule, reading)
    if (text === undefined) {
      values.push(undefined)
      continue
    }
    if (text === '') {
      values.push(rule.blank === 'clear' ? null : undefined)
      if (rule.blank === 'reject')
        found.failed ??= problem('value.blank', { column: rule.column }, rule.column)
      continue
    }
    if (text === token) {
      values.push(null)
      continue
    }
    const cleaned = rule.clean(text)
    if (typeof cleaned === 'string') {
      values.push(cleaned)
      continue
    }
    values.push(undefined)
    refuse(rule, text, cleaned, found)
  }
  return values
}

function readIdentifier(
  kind: KindRule,
  reading: Reading,
  values: (string | null)[],
  given: (string | null)[],
): void {
  const { token, found } = reading
  for (const rule of kind.rules) {
    const text = textOf(rule, reading)
    if (text === undefined) continue
    if (text === '' || text === token) {
      if (rule.blank === 'reject')
        found.failed ??= problem('value.blank', { column: rule.column }, rule.column)
      continue
    }
    const value = identify(kind, rule, text, found)
    if (value === null) continue
    values.push(value)
    given.push(value === text ? null : text)
    return
  }
  values.push(null)
  given.push(null)
}

const utf8 = new TextEncoder()

/** A UTF-16 unit is at most 3 bytes, so most values need no counting. */
function isTooLong(value: string): boolean {
  return value.length * 3 > identifierBytesMax && utf8.encode(value).length > identifierBytesMax
}

function identify(kind: KindRule, rule: Rule, text: string, found: Found): string | null {
  if (isJunk(text)) {
    warn(
      found,
      problem('identifier.junk', { column: rule.column, value: shown(text), kind: kind.label }, rule.column),
    )
    return null
  }
  const cleaned = rule.clean(text)
  const value = typeof cleaned === 'string' && isTooLong(cleaned) ? tooLong(kind) : cleaned
  if (typeof value === 'string') return value
  refuse(rule, text, value, found)
  return null
}

function tooLong(kind: KindRule): Refusal {
  return { code: 'identifier.too_long', details: { kind: kind.label, limit: identifierBytesMax } }
}

function readAsOf({ rule, micros }: AsOfRule, reading: Reading): number | null {
  const { token, found } = reading
  const text = textOf(rule, reading)
  if (text === undefined) return null
  if (text === '' || text === token) {
    if (rule.blank === 'reject') found.failed ??= problem('value.blank', { column: rule.column }, rule.column)
    return null
  }
  const value = micros(text)
  if (typeof value === 'number') return value
  refuse(rule, text, value, found)
  return null
}

function refuse(rule: Rule, text: string, refusal: Refusal, found: Found): void {
  const details = { column: rule.column, value: shown(text), ...refusal.details }
  const occurrence = problem(refusal.code, details, rule.column)
  if (rule.onBad === 'blank') warn(found, occurrence)
  else found.failed ??= occurrence
}

function warn(found: Found, occurrence: Problem): void {
  ;(found.warnings ??= []).push(occurrence)
}

/** Sentences show the beginning of a long value; the record's bytes are kept elsewhere. */
const shownMax = 80
// oxlint-disable-next-line no-control-regex -- control characters would break the line the sentence stands on
const unprintable = /[\u0000-\u001f\u007f]/g

function shown(text: string): string {
  const cut = text.length > shownMax ? `${text.slice(0, shownMax).toWellFormed()}…` : text.toWellFormed()
  return cut.replace(unprintable, '\ufffd')
}
