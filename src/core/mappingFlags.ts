// Flags of the command line that change a mapping: `--map COLUMN=key:type` and its relatives.
import { attributeKey, attributeTypes, identifierKinds, type AttributeType } from './attribute.ts'
import { isPhoneCountry } from './clean/phone.ts'
import { isTimeZone } from './clean/zone.ts'
import { columnNamed, invalidFlag, splitFlag } from './flagText.ts'
import { cleaners, type ColumnFormat, type ColumnMapping, type Mapping } from './mapping.ts'
import { applyTransformFlags, type TransformFlags } from './transformFlags.ts'
import type { Ambiguity, Proposal } from './proposal.ts'

/** As typed, one string per occurrence. `[COLUMN=]VALUE`: without a column, all columns the flag can mean. */
export interface MappingFlags extends TransformFlags {
  readonly map?: readonly string[]
  readonly asOf?: string
  readonly dateOrder?: readonly string[]
  readonly decimal?: readonly string[]
  readonly separator?: readonly string[]
  readonly timeZone?: readonly string[]
  readonly country?: readonly string[]
  readonly blank?: readonly string[]
  readonly onBadValue?: readonly string[]
  readonly ifEmpty?: readonly string[]
  readonly clearToken?: string
  readonly checks?: readonly string[]
}

type Existing = readonly { readonly key: string; readonly type: AttributeType }[]

/** What a flag does to the columns it means. */
interface FlagRule {
  readonly flag: string
  readonly example: string
  readonly read: (
    value: string,
  ) => (Partial<Omit<ColumnMapping, 'format'>> & { format?: ColumnFormat }) | string
  /** Columns meant when none is named. */
  readonly means: (column: ColumnMapping) => boolean
}

const isAttribute = (column: ColumnMapping): boolean => column.target.to === 'attribute'
const isMapped = (column: ColumnMapping): boolean => column.target.to !== 'ignore'
const typeOf = (column: ColumnMapping): AttributeType | null =>
  column.target.to === 'attribute' ? column.target.type : null
const hasDates = (column: ColumnMapping): boolean =>
  column.target.to === 'as_of' || ['date', 'timestamp'].includes(typeOf(column) ?? '')

function isPhone({ target }: ColumnMapping): boolean {
  return target.to === 'identifier'
    ? target.kind === 'phone'
    : target.to === 'attribute' && target.clean === 'phone'
}

function oneOf<const T extends string>(value: string, allowed: readonly T[]): T | undefined {
  return allowed.find((one) => one === value)
}

const rules: Readonly<
  Record<'dateOrder' | 'decimal' | 'separator' | 'timeZone' | 'country' | 'blank' | 'onBadValue', FlagRule>
> = {
  dateOrder: {
    flag: '--date-order',
    example: '--date-order signup_date=dmy',
    means: hasDates,
    read: (value) => {
      const dateOrder = oneOf(value.toLowerCase(), ['dmy', 'mdy', 'ymd'])
      return dateOrder === undefined ? 'the order is dmy, mdy or ymd' : { format: { dateOrder } }
    },
  },
  decimal: {
    flag: '--decimal',
    example: '--decimal price=,',
    means: (column) => ['integer', 'number'].includes(typeOf(column) ?? ''),
    read: (value) => {
      const decimal = oneOf(value, ['.', ','])
      return decimal === undefined ? 'the decimal sign is . or ,' : { format: { decimal } }
    },
  },
  separator: {
    flag: '--separator',
    example: '--separator "tags=;"',
    means: (column) => typeOf(column) === 'text_list',
    read: (value) =>
      value === '' || value.length > 8
        ? 'the sign between list values has 1 to 8 characters'
        : { format: { separator: value } },
  },
  timeZone: {
    flag: '--time-zone',
    example: '--time-zone Europe/Berlin',
    means: hasDates,
    read: (timeZone) => (isTimeZone(timeZone) ? { format: { timeZone } } : 'this time zone is not known'),
  },
  country: {
    flag: '--country',
    example: '--country DE',
    means: isPhone,
    read: (value) => {
      const country = value.toUpperCase()
      return isPhoneCountry(country)
        ? { format: { country } }
        : 'a country is two letters, such as DE, FR or US'
    },
  },
  blank: {
    flag: '--blank',
    example: '--blank phone=clear',
    means: isAttribute,
    read: (value) => {
      const blank = oneOf(value, ['ignore', 'clear', 'reject'])
      return blank === undefined
        ? 'an empty cell can be ignored, clear or reject: ignore, clear, reject'
        : { blank }
    },
  },
  onBadValue: {
    flag: '--on-bad-value',
    example: '--on-bad-value phone=blank',
    means: isMapped,
    read: (value) => {
      const onBad = oneOf(value, ['fail', 'blank'])
      return onBad === undefined
        ? 'a value that does not fit makes its record fail, or is left blank: fail, blank'
        : { onBad }
    },
  },
}

/**
 * A mapping with the flags applied, the most general flag first. A flag that does not fit throws
 * `mapping.flag_invalid` with what to type instead.
 */
export function applyFlags(mapping: Mapping, flags: MappingFlags, existing: Existing = []): Mapping {
  let columns: readonly ColumnMapping[] = mapping.columns
  for (const value of flags.map ?? []) columns = applyMap(columns, value, existing)
  if (flags.asOf !== undefined) columns = applyAsOf(columns, flags.asOf)
  for (const name of Object.keys(rules) as (keyof typeof rules)[])
    for (const value of generalFirst(flags[name] ?? [], columns))
      columns = applyRule(columns, rules[name], value)
  for (const name of flags.ifEmpty ?? []) columns = applyIfEmpty(columns, name)
  const flagged = {
    ...mapping,
    columns: [...columns],
    checks: [...new Set([...mapping.checks, ...(flags.checks ?? []).map(checkName)])],
    ...(flags.clearToken === undefined ? {} : { clearToken: clearToken(flags.clearToken) }),
  }
  return applyTransformFlags(flagged, flags)
}

/** What --map says for a column; undefined: no flag names it. */
export function decidedBy(flags: MappingFlags, columns: readonly ColumnMapping[]) {
  return (column: string): string | undefined => {
    if (flags.asOf === column) return 'as_of'
    const said = (flags.map ?? []).map((text) => splitFlag(text, columns))
    return said.findLast(({ name }) => name?.toLowerCase() === column.toLowerCase())?.value
  }
}

/** A target as --map takes it: `@email`, `city:text`, `-`; `as_of` is what --as-of makes. */
export function targetFlag({ target }: Pick<ColumnMapping, 'target'>): string {
  if (target.to === 'identifier') return `@${target.kind}`
  if (target.to === 'attribute')
    return `${target.key}:${target.clean === 'none' ? target.type : target.clean}`
  return target.to === 'ignore' ? '-' : 'as_of'
}

/** Answers the proposal's questions with flags: what they decide is asked no longer. */
export function applyFlagsToProposal(
  proposal: Proposal,
  flags: MappingFlags,
  existing: Existing = [],
): Proposal {
  const mapping = applyFlags(proposal.mapping, flags, existing)
  return { ...proposal, mapping, ambiguities: proposal.ambiguities.filter((one) => isOpen(one, mapping)) }
}

/** Steps say how dates and numbers are written. */
function isWritten({ steps = [] }: ColumnMapping): boolean {
  return steps.some(
    (step) => typeof step === 'object' && ('date' in step || 'number' in step || 'cel' in step),
  )
}

/** True while a mapping leaves the question open. */
export function isOpen({ about, column }: Ambiguity, mapping: Mapping): boolean {
  // Only the person knows; the question is closed by its answer.
  if (about === 'remembered') return true
  if (about === 'identifier') return !mapping.columns.some(({ target }) => target.to === 'identifier')
  const mapped = mapping.columns.find((one) => one.column === column)
  if (mapped === undefined || isWritten(mapped)) return false
  if (about === 'date_order') return hasDates(mapped) && mapped.format.dateOrder === undefined
  return rules.decimal.means(mapped) && mapped.format.decimal === undefined
}

/** Questions of a sample that a mapping still leaves open. What was remembered stands until somebody says otherwise. */
export function openQuestions(questions: readonly Ambiguity[], mapping: Mapping): Ambiguity[] {
  return questions.filter((one) => one.about !== 'remembered' && isOpen(one, mapping))
}

function generalFirst(values: readonly string[], columns: readonly ColumnMapping[]): string[] {
  const isGeneral = (value: string): boolean => splitFlag(value, columns).name === null
  return [...values.filter(isGeneral), ...values.filter((value) => !isGeneral(value))]
}

function replace(
  columns: readonly ColumnMapping[],
  old: ColumnMapping,
  fresh: ColumnMapping,
): ColumnMapping[] {
  return columns.map((column) => (column === old ? fresh : column))
}

function applyRule(columns: readonly ColumnMapping[], rule: FlagRule, text: string): ColumnMapping[] {
  const { name, value } = splitFlag(text, columns)
  const change = rule.read(value)
  if (typeof change === 'string') throw invalidFlag(rule.flag, text, change, rule.example)
  const named = name === null ? null : columnNamed(columns, name, rule.flag, rule.example)
  return columns.map((column) =>
    named === null
      ? rule.means(column)
        ? merge(column, change)
        : column
      : column === named
        ? merge(column, change)
        : column,
  )
}

function merge(
  column: ColumnMapping,
  change: Partial<Omit<ColumnMapping, 'format'>> & { format?: ColumnFormat },
): ColumnMapping {
  return { ...column, ...change, format: { ...column.format, ...change.format } }
}

const mapExample = '--map "Vorname=first_name:text"'

function applyMap(columns: readonly ColumnMapping[], text: string, existing: Existing): ColumnMapping[] {
  const { name, value } = splitFlag(text, columns)
  if (name === null)
    throw invalidFlag(
      '--map',
      text,
      'it needs a column, an equals sign, and what the column becomes',
      mapExample,
    )
  const column = columnNamed(columns, name, '--map', mapExample)
  return replace(columns, column, { ...column, target: targetOf(column, value, text, existing) })
}

const typeWords = [...attributeTypes, ...cleaners.filter((word) => word !== 'none'), 'list'] as const

function targetOf(
  column: ColumnMapping,
  value: string,
  text: string,
  existing: Existing,
): ColumnMapping['target'] {
  if (value === '-') return { to: 'ignore', why: 'left out by --map' }
  if (value.startsWith('@')) return identifierTarget(value.slice(1), text)
  const [key = '', word, ...rest] = value.split(':')
  if (!attributeKey.safeParse(key).success || rest.length > 0)
    throw invalidFlag(
      '--map',
      text,
      'an attribute is named with small letters, digits and _, beginning with a letter',
      mapExample,
    )
  const before = column.target.to === 'attribute' ? column.target : null
  const write = before?.write ?? 'set'
  if (word === undefined) {
    const type = existing.find((one) => one.key === key)?.type ?? before?.type ?? 'text'
    return { to: 'attribute', key, type, clean: type === 'text' ? (before?.clean ?? 'none') : 'none', write }
  }
  const type = oneOf(word, typeWords)
  if (type === undefined)
    throw invalidFlag('--map', text, `the type is one of ${typeWords.join(', ')}`, mapExample)
  if (type === 'list') return { to: 'attribute', key, type: 'text_list', clean: 'none', write }
  if (type === 'email' || type === 'phone' || type === 'country')
    return { to: 'attribute', key, type: 'text', clean: type, write }
  return { to: 'attribute', key, type, clean: 'none', write }
}

function identifierTarget(kind: string, text: string): ColumnMapping['target'] {
  if (identifierKinds.some((known) => known.kind === kind)) return { to: 'identifier', kind }
  const kinds = identifierKinds.map((known) => `@${known.kind}`).join(', ')
  throw invalidFlag(
    '--map',
    text,
    `the kinds of identifiers are ${kinds}`,
    '--map "Kundennummer=@customer_id"',
  )
}

function applyAsOf(columns: readonly ColumnMapping[], name: string): ColumnMapping[] {
  const column = columnNamed(columns, name, '--as-of', '--as-of updated_at')
  return replace(columns, column, { ...column, target: { to: 'as_of' } })
}

function applyIfEmpty(columns: readonly ColumnMapping[], name: string): ColumnMapping[] {
  const column = columnNamed(columns, name, '--if-empty', '--if-empty city')
  if (column.target.to !== 'attribute')
    throw invalidFlag('--if-empty', name, 'the column is not mapped to an attribute', '--if-empty city')
  return replace(columns, column, { ...column, target: { ...column.target, write: 'set_if_empty' } })
}

function checkName(name: string): 'blueshift' {
  if (name === 'blueshift') return name
  throw invalidFlag('--checks', name, 'the only set of checks is blueshift', '--checks blueshift')
}

function clearToken(token: string): string {
  if (token.trim() !== '') return token.trim()
  throw invalidFlag('--clear-token', `"${token}"`, 'the token must not be blank', '--clear-token "(empty)"')
}
