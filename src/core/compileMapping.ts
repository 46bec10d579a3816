// Turns a mapping into a function over records: everything that can be decided once is decided here.
import { attributesMax, identifierBytesMax, identifierKind, identifierKinds } from './attribute.ts'
import { attributeCleaner, identifierCleaner } from './cleanerFor.ts'
import { compileChecks } from './checks.ts'
import type { RecordCheck } from './checks/recordCheck.ts'
import { isPhoneCountry } from './clean/phone.ts'
import type { Clean, Refusal } from './clean/refusal.ts'
import { instantParser, instantRefusal, microsOfInstant } from './clean/timestamp.ts'
import { isTimeZone } from './clean/zone.ts'
import { nearest } from './nearest.ts'
import { isJunk } from './junk.ts'
import type { MappedAttribute, MappedIdentifier, MappedRecord, RecordMapper } from './mapped.ts'
import type { ColumnMapping, Mapping } from './mapping.ts'
import type { RawRecord } from './dialect.ts'
import type { Problem } from './problem.ts'
import { failure, problem } from './problems.ts'

type Cells = readonly (string | null)[]

/** A column as the mapper reads it. */
interface Rule {
  readonly column: string
  /** Position in the record's cells. */
  readonly at: number
  readonly clean: Clean
  readonly blank: 'ignore' | 'clear' | 'reject'
  readonly onBad: 'fail' | 'blank'
}

interface KindRule {
  readonly kind: string
  readonly label: string
  /** In the order of the file: the first that has a value is used. */
  readonly rules: readonly Rule[]
}

interface AsOfRule {
  readonly rule: Rule
  readonly micros: (text: string) => number | Refusal
}

/** What a record gathers on its way through the mapper. */
interface Found {
  failed: Problem | null
  warnings: Problem[] | null
}

const nothing: readonly never[] = []

/**
 * Compiles a mapping for records whose cells stand in the order of `columns`.
 * Throws a halting problem where the mapping does not fit the columns or itself.
 */
export function compileMapping(mapping: Mapping, columns: readonly string[]): RecordMapper {
  requireColumns(mapping, columns)
  requireFormats(mapping)
  const attributes = attributesOf(mapping)
  const identifiers = identifiersOf(mapping)
  const kindRules = identifiers.map(({ kind }) => kindRule(kind, mapping, columns))
  const attributeRules = mapping.columns.flatMap((column) =>
    column.target.to === 'attribute'
      ? [ruleOf(column, columns, attributeCleaner(column.target.type, column.target.clean, column.format))]
      : [],
  )
  const asOf = asOfRule(mapping, columns)
  const checks = compileChecks(mapping.checks, attributes, identifiers)
  const map = mapperOf(kindRules, attributeRules, asOf, mapping.clearToken, checks)
  return { attributes, identifiers, map }
}

function mapperOf(
  kinds: readonly KindRule[],
  attributes: readonly Rule[],
  asOfRule: AsOfRule | null,
  token: string | undefined,
  checks: readonly RecordCheck[],
): (record: RawRecord) => MappedRecord {
  const noIdentifiers = kinds.map(() => null)
  return (record) => {
    const { ordinal, cells } = record
    if (cells === null) {
      const failed =
        record.bad ?? problem('internal', { detail: 'a record without cells and without a problem' })
      return {
        ordinal,
        failed,
        skipped: null,
        identifiers: noIdentifiers,
        given: noIdentifiers,
        asOf: null,
        values: nothing,
        warnings: nothing,
      }
    }
    const found: Found = { failed: null, warnings: null }
    const identifiers: (string | null)[] = []
    const given: (string | null)[] = []
    for (const kind of kinds) readIdentifier(kind, cells, token, found, identifiers, given)
    if (found.failed === null && identifiers.every(isNull)) found.failed = problem('identifier.none')
    const values = found.failed === null ? readValues(attributes, cells, token, found) : nothing
    const asOf = asOfRule === null || found.failed !== null ? null : readAsOf(asOfRule, cells, token, found)
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

function isNull(value: string | null): boolean {
  return value === null
}

function readValues(
  rules: readonly Rule[],
  cells: Cells,
  token: string | undefined,
  found: Found,
): (string | null | undefined)[] {
  const values: (string | null | undefined)[] = []
  for (const rule of rules) {
    const text = cells[rule.at]?.trim() ?? ''
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
  cells: Cells,
  token: string | undefined,
  found: Found,
  values: (string | null)[],
  given: (string | null)[],
): void {
  for (const rule of kind.rules) {
    const text = cells[rule.at]?.trim() ?? ''
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

function readAsOf(
  { rule, micros }: AsOfRule,
  cells: Cells,
  token: string | undefined,
  found: Found,
): number | null {
  const text = cells[rule.at]?.trim() ?? ''
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

function ruleOf(mapping: ColumnMapping, columns: readonly string[], clean: Clean): Rule {
  const { column, blank, onBad } = mapping
  return { column, at: columns.indexOf(column), clean, blank, onBad }
}

function kindRule(kind: string, mapping: Mapping, columns: readonly string[]): KindRule {
  const rules = mapping.columns
    .filter(({ target }) => target.to === 'identifier' && target.kind === kind)
    .map((column) => ruleOf(column, columns, identifierCleaner(kind, column.format)))
  return { kind, label: identifierKind(kind)!.label.toLowerCase(), rules }
}

function asOfRule(mapping: Mapping, columns: readonly string[]): AsOfRule | null {
  const [first, second] = mapping.columns.filter(({ target }) => target.to === 'as_of')
  if (first === undefined) return null
  if (second !== undefined)
    throw failure('mapping.several_as_of', { first: first.column, second: second.column })
  const { dateOrder, timeZone } = first.format
  const parse = instantParser(dateOrder, timeZone)
  const micros = (text: string): number | Refusal => {
    const parsed = parse(text)
    return typeof parsed === 'object' ? microsOfInstant(parsed) : instantRefusal(parsed, dateOrder)
  }
  return { rule: ruleOf(first, columns, (text) => text), micros }
}

function attributesOf(mapping: Mapping): MappedAttribute[] {
  const byKey = new Map<string, MappedAttribute>()
  for (const { column, target } of mapping.columns) {
    if (target.to !== 'attribute') continue
    const { key, type, write } = target
    const first = byKey.get(key)
    if (first !== undefined)
      throw failure('mapping.duplicate_key', { first: first.column, second: column, key })
    byKey.set(key, { key, type, write, column })
  }
  if (byKey.size > attributesMax)
    throw failure('mapping.too_many_attributes', { count: byKey.size, limit: attributesMax })
  return [...byKey.values()]
}

function identifiersOf(mapping: Mapping): MappedIdentifier[] {
  const byKind = new Map<string, MappedIdentifier>()
  for (const { column, target } of mapping.columns) {
    if (target.to !== 'identifier') continue
    const known = identifierKind(target.kind)
    const kinds = identifierKinds.map(({ kind }) => `@${kind}`).join(', ')
    if (known === undefined) throw failure('mapping.kind_unknown', { column, kind: target.kind, kinds })
    const { kind, id, rank, single } = known
    if (!byKind.has(kind)) byKind.set(kind, { kind, kindId: id, rank, single, column })
  }
  if (byKind.size === 0) throw failure('mapping.no_identifier')
  return [...byKind.values()].sort((a, b) => a.rank - b.rank)
}

function requireColumns(mapping: Mapping, columns: readonly string[]): void {
  const missing = mapping.columns.filter(
    ({ column, target }) => target.to !== 'ignore' && !columns.includes(column),
  )
  if (missing.length === 0) return
  const near = missing.flatMap(({ column }) => {
    const match = nearest(column, columns)
    return match === undefined ? [] : [`The file has "${match}": is that "${column}"?`]
  })
  throw failure('mapping.column_missing', {
    columns: missing.map(({ column }) => column).join(', '),
    near: near.length === 0 ? '' : ` ${near.join(' ')}`,
  })
}

function requireFormats(mapping: Mapping): void {
  for (const { column, format } of mapping.columns) {
    const { timeZone, country } = format
    if (timeZone !== undefined && !isTimeZone(timeZone))
      throw failure('mapping.time_zone_unknown', { zone: timeZone, column })
    if (country !== undefined && !isPhoneCountry(country))
      throw failure('mapping.country_unknown', { country, column })
  }
}
