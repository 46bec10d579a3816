// Turns a mapping into a function over records: everything that can be decided once is decided here.
import { attributesMax, identifierKind, identifierKinds } from './attribute.ts'
import { attributeCleaner, identifierCleaner } from './cleanerFor.ts'
import { compileChecks } from './checks.ts'
import { isPhoneCountry } from './clean/phone.ts'
import type { Clean, Refusal } from './clean/refusal.ts'
import { instantParser, instantRefusal, microsOfInstant } from './clean/timestamp.ts'
import { isTimeZone } from './clean/zone.ts'
import { nearest } from './nearest.ts'
import type { MappedAttribute, MappedIdentifier, RecordMapper } from './mapped.ts'
import { mapperOf, type AsOfRule, type KindRule, type Rule } from './mapRecord.ts'
import type { ColumnFormat, ColumnMapping, Mapping } from './mapping.ts'
import { failure } from './problems.ts'
import { compileColumnSteps } from './transform/columnSteps.ts'
import { compileFilters } from './transform/filters.ts'
import type { Outside } from './transform/steps.ts'

const nothingOutside: Outside = { file: '' }

/**
 * Compiles a mapping for records whose cells stand in the order of `columns`.
 * Throws a halting problem where the mapping does not fit the columns or itself. `outside`: for steps and filters.
 */
export function compileMapping(
  mapping: Mapping,
  columns: readonly string[],
  outside: Outside = nothingOutside,
): RecordMapper {
  requireColumns(mapping, columns)
  requireFormats(mapping)
  const attributes = attributesOf(mapping)
  const identifiers = identifiersOf(mapping)
  const rule: RuleMaker = (column, clean) => ruleOf(column, columns, outside, clean)
  const map = mapperOf({
    kinds: identifiers.map(({ kind }) => kindRule(kind, mapping, rule)),
    attributes: mapping.columns.flatMap((column) => {
      const { target } = column
      return target.to === 'attribute'
        ? [rule(column, attributeCleaner(target.type, target.clean, formatAfter(column)))]
        : []
    }),
    asOf: asOfRule(mapping, rule),
    token: mapping.clearToken,
    filters: compileFilters(
      mapping.filters ?? [],
      columns,
      attributes.map(({ key }) => key),
      outside,
    ),
    checks: compileChecks(mapping.checks, attributes, identifiers),
  })
  return { attributes, identifiers, map }
}

type RuleMaker = (mapping: ColumnMapping, clean: Clean) => Rule

function ruleOf(mapping: ColumnMapping, columns: readonly string[], outside: Outside, clean: Clean): Rule {
  const { column, blank, onBad } = mapping
  const at = mapping.compute === undefined ? columns.indexOf(column) : -1
  return { column, at, steps: compileColumnSteps(mapping, columns, outside), clean, blank, onBad }
}

/** After steps that write numbers, they have a decimal point, whatever the file has. */
function formatAfter({ format, compute, steps = [] }: ColumnMapping): ColumnFormat {
  const writes = [...(compute === undefined ? [] : [compute]), ...steps].some(
    (step) => typeof step === 'object' && ('number' in step || step.cel !== undefined),
  )
  return writes ? { ...format, decimal: '.' } : format
}

function kindRule(kind: string, mapping: Mapping, rule: RuleMaker): KindRule {
  const rules = mapping.columns
    .filter(({ target }) => target.to === 'identifier' && target.kind === kind)
    .map((column) => rule(column, identifierCleaner(kind, column.format)))
  return { kind, label: identifierKind(kind)!.label.toLowerCase(), rules }
}

function asOfRule(mapping: Mapping, rule: RuleMaker): AsOfRule | null {
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
  return { rule: rule(first, (text) => text), micros }
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
    ({ column, target, compute }) =>
      target.to !== 'ignore' && compute === undefined && !columns.includes(column),
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
