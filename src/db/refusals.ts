// What a refusal by PostgreSQL means (design section 4): the one table that decides what a batch does next.
import { isConnectionLoss, sqlState } from './client.ts'
import { LostVersion } from './lostVersion.ts'

/**
 * replan: somebody was first, plan again; bisect: one record carries a value the database refuses;
 * reload: the catalogue changed under us; wait: the database or the disk is away; bug: stop the run.
 */
export type RefusalMeaning = 'replan' | 'bisect' | 'reload' | 'storage_full' | 'wait' | 'bug'

interface Rule {
  readonly matches: RegExp
  readonly meaning: RefusalMeaning
}

// SQLSTATE classes: https://www.postgresql.org/docs/current/errcodes-appendix.html. First match decides.
export const refusals: readonly Rule[] = [
  { matches: /^23505$/, meaning: 'replan' }, // unique violation on an identifier
  { matches: /^40/, meaning: 'replan' }, // serialization failure, deadlock
  { matches: /^55P03$/, meaning: 'replan' }, // lock not available
  { matches: /^(42703|42P01|0A000)$/, meaning: 'reload' }, // unknown column or table, cached plan changed
  { matches: /^53100$/, meaning: 'storage_full' },
  { matches: /^(08|53|57P|57014|25P03|58)/, meaning: 'wait' }, // connection, resources, shutdown, cancelled, stalled, I/O
  { matches: /^(22|23)/, meaning: 'bisect' }, // bad value, other constraint
]

/** Whether PostgreSQL ended a transaction for the sake of another one (deadlock, serialization, lock): the same again may go well. */
export function lostRace(error: unknown): boolean {
  return /^(40|55P03)/.test(sqlState(error) ?? '')
}

/** The meaning of any error a batch can meet. */
export function meaningOf(error: unknown): RefusalMeaning {
  if (error instanceof LostVersion) return 'replan'
  const state = sqlState(error)
  if (state === undefined) return isConnectionLoss(error) ? 'wait' : 'bug'
  return refusals.find((rule) => rule.matches.test(state))?.meaning ?? 'bug'
}
