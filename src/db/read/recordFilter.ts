// What a search of the ledger asks for, and the conditions that one row is held against.
import type { RecordKey } from '../../core/origin.ts'
import {
  outcomeNumber,
  recordStateNumber,
  skipReasonNumber,
  type Outcome,
  type RecordState,
  type SkipReason,
} from '../../core/record.ts'

export interface RecordFilter {
  readonly run?: number | undefined
  /** Ids of jobs. */
  readonly jobs?: readonly number[] | undefined
  readonly state?: RecordState | readonly RecordState[] | undefined
  readonly outcome?: Outcome | undefined
  readonly reason?: SkipReason | undefined
  /** Problem code. */
  readonly code?: string | undefined
  readonly id?: RecordKey | undefined
  /** A part of the id, r1042/17. */
  readonly idContains?: string | undefined
  /** The file the record came in: exactly, or a part of its name. */
  readonly type?: string | undefined
  readonly typeContains?: string | undefined
  /** Exactly this normalised identifier. */
  readonly identifier?: string | undefined
  /** An identifier that contains this text, in small letters. */
  readonly contains?: string | undefined
  readonly profile?: number | undefined
  /** Landed at or after, and before; anything PostgreSQL takes as a timestamp. */
  readonly createdSince?: string | undefined
  readonly createdUntil?: string | undefined
  /** Moved last at or after, and before. */
  readonly since?: string | undefined
  readonly until?: string | undefined
  /** Of a selection: the instant it was made. Later runs are no part of it, later changes are told. */
  readonly asOf?: string | undefined
  /** Only the newest row of each record: not those that were retried since. */
  readonly newest?: boolean | undefined
}

/** The states that are asked for; null: any. */
export function statesIn({ state }: RecordFilter): readonly RecordState[] | null {
  if (state === undefined) return null
  return typeof state === 'string' ? [state] : state
}

type Put = (value: unknown) => string

/** The conditions on a row of the ledger. `put` takes a parameter and answers its place. */
export function conditionsOf(namespaceId: number, filter: RecordFilter, put: Put): string[] {
  const { outcome, reason, code, identifier, contains, profile, since, until } = filter
  const states = statesIn(filter)
  const conditions: string[] = []
  if (states !== null) conditions.push(...statesAre(states))
  if (outcome !== undefined) conditions.push(`outcome = ${outcomeNumber[outcome]}`)
  if (reason !== undefined) conditions.push(`reason = ${skipReasonNumber[reason]}`)
  if (code !== undefined)
    conditions.push(`state = ${recordStateNumber.failed} and problem ->> 'code' = ${put(code)}`)
  if (identifier !== undefined) conditions.push(`identifier = ${put(identifier)}`)
  if (contains !== undefined) conditions.push(`position(${put(contains)} in lower(identifier)) > 0`)
  if (profile !== undefined) conditions.push(`profile_id = ${put(profile)}`)
  if (filter.newest === true) conditions.push(isNewest(namespaceId))
  if (since !== undefined) conditions.push(`updated_at >= ${put(since)}::timestamptz`)
  if (until !== undefined) conditions.push(`updated_at < ${put(until)}::timestamptz`)
  return conditions
}

const openStates: readonly RecordState[] = ['new', 'processing', 'retry', 'waiting']

/** With the words of the partial indexes, where one fits. */
function statesAre(states: readonly RecordState[]): string[] {
  const numbers = states.map((state) => recordStateNumber[state])
  if (numbers.length === 1) {
    const [one] = numbers
    return openStates.includes(states[0]!) ? [`state = ${one}`, 'state in (0, 1, 2, 6)'] : [`state = ${one}`]
  }
  const all = `state in (${numbers.join(', ')})`
  return states.every((state) => openStates.includes(state)) ? [all, 'state in (0, 1, 2, 6)'] : [all]
}

/** Nobody tried it again, or whoever did was undone since: then it is as it was before. */
function isNewest(namespaceId: number): string {
  return `(retried_in is null or exists (select from sluice.run r where r.namespace_id = ${namespaceId}
     and r.id = substring(retried_in from '^r([0-9]+)/')::bigint and r.state = 'reverted'))`
}
