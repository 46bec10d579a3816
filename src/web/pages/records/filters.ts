// The filters of the ledger (AL-08 to AL-14): their names are those of the API, and they stand in the address.
import type { GetRecordsData } from '../../../client/index.ts'
import { recordMachine, type RecordState } from '../../../core/record.ts'
import { one, type Asked, type Change } from '../../lib/address.ts'

export type RecordQuery = NonNullable<GetRecordsData['query']>

export interface FilterProps {
  readonly asked: Asked
  /** Another filter begins at the newest records again. */
  readonly ask: (change: Change) => void
}

/** What each filter is called on its chip. */
export const filterLabels = {
  run: 'Run',
  job: 'Job',
  state: 'State',
  outcome: 'Outcome',
  reason: 'Reason',
  code: 'Problem',
  id: 'Record',
  id_contains: 'Record contains',
  type: 'Type',
  type_contains: 'Type contains',
  identifier: 'Identifier',
  contains: 'Identifier contains',
  profile: 'Profile',
  created_since: 'Created since',
  created_until: 'Created until',
  since: 'Updated since',
  until: 'Updated until',
} as const
export type FilterName = keyof typeof filterLabels

export const filterNames = Object.keys(filterLabels) as FilterName[]

/** Those that are not on the bar itself. */
export const moreNames: readonly FilterName[] = filterNames.filter(
  (name) => !['job', 'state', 'identifier', 'contains'].includes(name),
)

/** As the API takes it. Values are as they stand in the address: the server says what is wrong with one. */
export function queryIn(asked: Asked): RecordQuery {
  const query: Record<string, string | string[] | number> = {}
  for (const name of filterNames) {
    const values = asked[name]
    if (values === undefined) continue
    query[name] = name === 'job' ? [...values] : name === 'profile' ? Number(values[0]) : values.join(',')
  }
  if (one(asked, 'all_attempts') !== undefined) query['all_attempts'] = 'true'
  return query
}

/** The same as the filter of an order to retry or skip. */
export function orderFilterIn(
  asked: Asked,
): Omit<RecordQuery, 'all_attempts' | 'cursor' | 'limit' | 'dialect'> {
  const { all_attempts: _, ...filter } = queryIn(asked)
  return filter
}

/** How many filters are set. */
export function filtersSet(asked: Asked, names: readonly FilterName[] = filterNames): number {
  return names.filter((name) => asked[name] !== undefined).length
}

/** The states that are asked for; links may join them with commas. */
export function statesIn(asked: Asked): string[] {
  return (asked['state'] ?? []).flatMap((text) => text.split(',')).filter((text) => text !== '')
}

/** The value of a filter as people read it. */
export function chipText(name: FilterName, value: string): string {
  if (name === 'state') return recordMachine.states[value as RecordState]?.label ?? value
  if (name === 'outcome' || name === 'reason') return spoken(value)
  if (/^(created_)?(since|until)$/.test(name)) return momentText(value)
  return value
}

/** `duplicate_in_file` is `duplicate in file`. */
export function spoken(name: string): string {
  return name.replaceAll('_', ' ')
}

const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' })

function momentText(value: string): string {
  const date = new Date(value)
  return Number.isNaN(date.getTime()) ? value : dayAndTime.format(date)
}

/** The same as words behind `sluice`. */
export function wordsOf(asked: Asked): string {
  const flags = filterNames.flatMap((name) =>
    (asked[name] ?? []).map((value) => ` --${name.replaceAll('_', '-')} ${quoted(value)}`),
  )
  const all = one(asked, 'all_attempts') === undefined ? '' : ' --all-attempts'
  return `records${flags.join('')}${all}`
}

function quoted(value: string): string {
  return /^[\w./:@%+,-]+$/.test(value) ? value : `'${value.replaceAll("'", String.raw`'\''`)}'`
}
