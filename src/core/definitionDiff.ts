// What differs between two definitions (versions of a job, two runs, a mapping file), column by column.
import type { ColumnMapping, Mapping } from './mapping.ts'

/** What is compared: at least a mapping. A part that only one side has counts as added or removed. */
export interface Comparable {
  readonly mapping: Mapping
  /** The header, in its order. */
  readonly columns?: readonly string[]
}

export interface DefinitionChange {
  /** `+` added, `-` removed, `~` changed. */
  readonly sign: '+' | '-' | '~'
  /** `column`, or the part of the definition: mapping, policy, dialect, breaker… */
  readonly part: string
  /** The column; the part again where it is about no column. */
  readonly name: string
  /** What of it, in words: date order, empty cell, mode; null: all of it. */
  readonly field: string | null
  readonly before: string | null
  readonly after: string | null
}

type Plain = Readonly<Record<string, unknown>>

/**
 * The changes that lead from one definition to another: columns first, then what holds for the whole mapping, then the
 * other parts. Parts and fields this file has never heard of are compared as well, so nothing is missed.
 */
export function diffDefinitions(before: Comparable, after: Comparable): DefinitionChange[] {
  const { mapping: oldMapping, columns: oldHeader, ...oldParts } = before
  const { mapping: newMapping, columns: newHeader, ...newParts } = after
  const columns = columnChanges(oldMapping.columns, newMapping.columns)
  const { columns: _, ...oldRest } = oldMapping
  const { columns: __, ...newRest } = newMapping
  const named = new Set(columns.flatMap(({ name, after: to }) => [name, to ?? '']))
  return [
    ...columns,
    ...headerChanges(oldHeader, newHeader, named),
    ...partChanges('mapping', oldRest, newRest),
    ...keysOf(oldParts, newParts).flatMap((part) =>
      partChanges(part, (oldParts as Plain)[part], (newParts as Plain)[part]),
    ),
  ]
}

/** The changes that lead from one set of parts to another; settings within a part one by one. */
export function diffParts(before: object, after: object): DefinitionChange[] {
  return keysOf(before, after).flatMap((part) =>
    partChanges(part, (before as Plain)[part], (after as Plain)[part]),
  )
}

/** One line: `~ birthday: date order dmy → mdy`, `+ city → attribute city (text)`. */
export function changeText({ sign, part, name, field, before, after }: DefinitionChange): string {
  const subject = [...(part === 'mapping' ? [] : [name]), ...(field === null ? [] : [field])]
  if (field === null && sign !== '~') return `${sign} ${name} → ${after ?? before}`
  if (sign !== '~') return `${sign} ${subject.join(', ')}: ${after ?? before}`
  // What only moved about has nothing to show.
  if (before === null && after === null) return `~ ${subject.join(': ')}`
  if (field === renamed) return `~ ${name} → ${after} (renamed)`
  return `~ ${subject.join(': ')}${field === null ? ':' : ''} ${before ?? notSet} → ${after ?? notSet}`
}

const notSet = '(not set)'
const renamed = 'header'

function columnChanges(
  before: readonly ColumnMapping[],
  after: readonly ColumnMapping[],
): DefinitionChange[] {
  const old = new Map(before.map((column) => [column.column, column]))
  const fresh = new Map(after.map((column) => [column.column, column]))
  const gone = before.filter(({ column }) => !fresh.has(column))
  const changes: DefinitionChange[] = []
  for (const column of after) {
    const was = old.get(column.column)
    if (was !== undefined) changes.push(...oneColumn(was, column))
    else changes.push(addedColumn(column, gone))
  }
  const lost = gone.map((column) => whole('-', column.column, columnText(column), null))
  return [...changes, ...lost]
}

/** With more columns gone than this, nobody looks for new names: it is another file. */
const searchedMax = 200

/** A column that is new; renamed, where one with the very same treatment has gone. Takes that one off the list. */
function addedColumn(column: ColumnMapping, gone: ColumnMapping[]): DefinitionChange {
  const isSearched = column.target.to !== 'ignore' && gone.length <= searchedMax
  const same = isSearched ? gone.filter((one) => sameTreatment(one, column)) : []
  const [only, second] = same
  if (only === undefined || second !== undefined) return whole('+', column.column, null, columnText(column))
  gone.splice(gone.indexOf(only), 1)
  const about = { sign: '~', part: 'column', field: renamed } as const
  return { ...about, name: only.column, before: only.column, after: column.column }
}

function whole(sign: '+' | '-', name: string, before: string | null, after: string | null): DefinitionChange {
  return { sign, part: 'column', name, field: null, before, after }
}

function sameTreatment(a: ColumnMapping, b: ColumnMapping): boolean {
  return same({ ...a, column: '' }, { ...b, column: '' })
}

/** Fields with words of their own; others go by their names. */
const fieldWords: Readonly<Record<string, string>> = {
  blank: 'empty cell',
  onBad: 'value that does not fit',
  onSeveral: 'identifiers of several people',
  rejectsPercent: 'percent of rejects',
  rejectsMin: 'number of rejects',
  deletesMax: 'number of people deleted',
  deletesPercent: 'percent of people deleted',
  rowsMinPercent: 'fewest records in percent of the usual',
  rowsMaxPercent: 'most records in percent of the usual',
  rerunMinutes: 'minutes between reruns',
  errorWindowHours: 'hours of failures until it is halted',
  errorWindowAttempts: 'failures until it is halted',
  maxAgeHours: 'oldest file in hours',
  onArrival: 'start when a file arrives',
  expectedBy: 'file expected by',
  skipSeen: 'leave out lines delivered before',
  recordRetry: 'retry of failed records',
  quiet: 'quiet hours',
  failedOverPercent: 'when more than % of records fail',
  digestAt: 'one message a day at',
  thresholds: 'numbers to watch',
}

function oneColumn(before: ColumnMapping, after: ColumnMapping): DefinitionChange[] {
  const about = { sign: '~', part: 'column', name: after.column } as const
  const [was, is] = [targetWords(before.target), targetWords(after.target)]
  const target = was === is ? [] : [{ ...about, field: null, before: was, after: is }]
  const rest = keysOf(before, after)
    .filter((key) => key !== 'column' && key !== 'target' && key !== 'format')
    .flatMap((key) => fieldChange(about, key, (before as Plain)[key], (after as Plain)[key]))
  const format = keysOf(before.format, after.format).flatMap((key) =>
    fieldChange(about, key, (before.format as Plain)[key], (after.format as Plain)[key]),
  )
  return [...target, ...format, ...rest]
}

type About = Pick<DefinitionChange, 'sign' | 'part' | 'name'>

function fieldChange(about: About, key: string, before: unknown, after: unknown): DefinitionChange[] {
  if (same(before, after)) return []
  return [{ ...about, field: wordsOf(key), before: textOrNull(before), after: textOrNull(after) }]
}

/** What a column becomes, and every setting that is not the default. */
function columnText(mapped: ColumnMapping): string {
  const { column: _, target, format, blank, onBad, ...unknown } = mapped
  const said = {
    ...format,
    ...(blank === 'ignore' ? {} : { blank }),
    ...(onBad === 'fail' ? {} : { onBad }),
    ...unknown,
  }
  const parts = Object.entries(said)
    .filter(([, value]) => !isEmpty(value))
    .map(([key, value]) => `${wordsOf(key)} ${valueText(value)}`)
  return [targetWords(target), ...parts].join(', ')
}

/** `attribute city (text)`, `identifier email`. Why a column is left out is a remark, no difference. */
function targetWords(target: ColumnMapping['target']): string {
  switch (target.to) {
    case 'identifier':
      return `identifier ${target.kind}`
    case 'as_of':
      return 'time of the record'
    case 'ignore':
      return 'left out'
    case 'attribute': {
      const { to: _, key, type, clean, write, ...unknown } = target
      const words = [
        clean === 'none' ? type : clean,
        ...(write === 'set_if_empty' ? ['only if empty'] : []),
        ...Object.entries(unknown).map(([name, value]) => `${wordsOf(name)} ${valueText(value)}`),
      ]
      return `attribute ${key} (${words.join(', ')})`
    }
  }
}

/** Columns of the header that no mapping names, and their order. */
function headerChanges(
  before: readonly string[] = [],
  after: readonly string[] = [],
  named: ReadonlySet<string>,
): DefinitionChange[] {
  const about = { part: 'header', name: 'header', field: null }
  const added = after.filter((column) => !before.includes(column) && !named.has(column))
  const gone = before.filter((column) => !after.includes(column) && !named.has(column))
  const kept = (columns: readonly string[], others: readonly string[]): string =>
    columns.filter((column) => others.includes(column)).join('\n')
  const moved = kept(before, after) !== kept(after, before)
  return [
    ...added.map((after) => ({ ...about, sign: '+' as const, before: null, after })),
    ...gone.map((before) => ({ ...about, sign: '-' as const, before, after: null })),
    ...(moved
      ? [{ ...about, sign: '~' as const, field: 'columns in another order', before: null, after: null }]
      : []),
  ]
}

/** A part by its fields; lists by what came and went. */
function partChanges(part: string, before: unknown, after: unknown): DefinitionChange[] {
  if (same(before, after)) return []
  const about = { part, name: part }
  if (!isObject(before) || !isObject(after))
    return [{ ...about, sign: '~', field: null, before: textOrNull(before), after: textOrNull(after) }]
  return keysOf(before, after).flatMap((key) => {
    const [was, is] = [before[key], after[key]]
    if (!Array.isArray(was ?? []) || !Array.isArray(is ?? []) || (was === undefined && is === undefined))
      return fieldChange({ ...about, sign: '~' }, key, was, is)
    return listChanges(about, key, (was ?? []) as unknown[], (is ?? []) as unknown[])
  })
}

function listChanges(
  about: Pick<DefinitionChange, 'part' | 'name'>,
  key: string,
  before: readonly unknown[],
  after: readonly unknown[],
): DefinitionChange[] {
  const field = wordsOf(key)
  const without = (one: readonly unknown[], other: readonly unknown[]): unknown[] =>
    one.filter((value) => !other.some((another) => same(value, another)))
  const gone = without(before, after).map((value) => valueText(value))
  const added = without(after, before).map((value) => valueText(value))
  const changes: DefinitionChange[] = [
    ...gone.map((text) => ({ ...about, sign: '-' as const, field, before: text, after: null })),
    ...added.map((text) => ({ ...about, sign: '+' as const, field, before: null, after: text })),
  ]
  if (changes.length > 0 || same(before, after)) return changes
  return [{ ...about, sign: '~', field: `${field} in another order`, before: null, after: null }]
}

function keysOf(a: object, b: object): string[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])]
}

function isObject(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true
  return Array.isArray(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0
}

/** Equal as data; nothing, an empty list and an empty object are the same. */
function same(a: unknown, b: unknown): boolean {
  if (a === b || (isEmpty(a) && isEmpty(b))) return true
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, i) => same(value, b[i]))
  return isObject(a) && isObject(b) && keysOf(a, b).every((key) => same(a[key], b[key]))
}

/** The name of a part or field in words: `dateOrder`, `date_order` → `date order`. */
export function wordsOf(key: string): string {
  const own = fieldWords[key]
  if (own !== undefined) return own
  return key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase()
}

function textOrNull(value: unknown): string | null {
  return isEmpty(value) ? null : valueText(value)
}

/** Plain values as they are, signs nobody sees as escapes, lists with commas, anything deeper as short JSON. */
function valueText(value: unknown): string {
  if (typeof value === 'string') return /^\s*$|\p{Cc}/u.test(value) ? JSON.stringify(value) : value
  if (Array.isArray(value)) return value.map((one) => valueText(one)).join(', ')
  if (!isObject(value)) return String(value)
  const parts = Object.entries(value).filter(([, one]) => !isEmpty(one))
  const [first, ...others] = parts
  // A step or a filter with one setting reads as a phrase: `replace " ", "-"`.
  if (first !== undefined && others.length === 0) return `${wordsOf(first[0])} ${valueText(first[1])}`
  return parts
    .map(([key, one]) => `${wordsOf(key)} ${isObject(one) ? JSON.stringify(one) : valueText(one)}`)
    .join(', ')
}
