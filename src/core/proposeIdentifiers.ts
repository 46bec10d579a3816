// Which columns say who somebody is: a customer id and an e-mail address, never more (design section 9).
import { cleanEmail } from './clean/email.ts'
import type { ColumnReport } from './columnProfile.ts'
import { shareOf } from './decideType.ts'
import type { RawRecord } from './dialect.ts'
import { isJunk } from './junk.ts'
import { meaningOf, otherPersonIds, plainHeader } from './synonyms.ts'

export interface IdentifierProposal {
  readonly kind: 'customer_id' | 'email'
  readonly column: string
  readonly reason: string
}

/** A value of the lower-ranked column that occurs with two different values of the higher-ranked one. */
export interface SharedValue {
  readonly column: string
  readonly value: string
  readonly higher: string
  readonly first: string
  readonly second: string
  readonly line: number
}

const addressShare = 0.5
const uniqueShare = 0.9

function isFilled(report: ColumnReport): boolean {
  return report.filled > 0
}

function customerId(reports: readonly ColumnReport[]): IdentifierProposal | undefined {
  const named = reports.find((r) => isFilled(r) && meaningOf(r.column)?.key === '@customer_id')
  if (named !== undefined)
    return { kind: 'customer_id', column: named.column, reason: 'named like a customer id' }
  for (const name of otherPersonIds) {
    const other = reports.find((r) => plainHeader(r.column) === name && isFilled(r) && isUnique(r))
    if (other !== undefined)
      return {
        kind: 'customer_id',
        column: other.column,
        reason: 'named like an id, and its values are different',
      }
  }
  return undefined
}

function isUnique(report: ColumnReport): boolean {
  return report.distinct >= report.filled * uniqueShare
}

function email(reports: readonly ColumnReport[], needed: number): IdentifierProposal | undefined {
  const holds = (r: ColumnReport, share: number): boolean => isFilled(r) && shareOf(r, 'email') >= share
  const named = reports.find((r) => meaningOf(r.column)?.key === '@email' && holds(r, needed))
  if (named !== undefined)
    return { kind: 'email', column: named.column, reason: 'named like an e-mail address' }
  const found = reports.find((r) => holds(r, uniqueShare))
  return found && { kind: 'email', column: found.column, reason: 'its values are e-mail addresses' }
}

/**
 * The identifiers that headers and values suggest, highest rank first. The values of an error file are there because
 * something is wrong with them: then the header speaks alone.
 */
export function suggestIdentifiers(
  reports: readonly ColumnReport[],
  isErrorFile = false,
): IdentifierProposal[] {
  return [customerId(reports), email(reports, isErrorFile ? 0 : addressShare)].filter(
    (one) => one !== undefined,
  )
}

/**
 * The first value of `lower` that stands beside two different values of `higher`: a shared inbox, a household.
 * Matching on it would join strangers. Exact within the records given.
 */
export function findSharedValue(
  records: Iterable<RawRecord>,
  columns: readonly string[],
  higher: string,
  lower: string,
): SharedValue | null {
  const [h, l] = [columns.indexOf(higher), columns.indexOf(lower)]
  const seen = new Map<string, string>()
  for (const { cells, line } of records) {
    const id = cells?.[h]?.trim() ?? ''
    const given = cells?.[l]?.trim() ?? ''
    if (id === '' || given === '' || isJunk(id) || isJunk(given)) continue
    const value = cleanEmail(given)
    if (typeof value !== 'string') continue
    const before = seen.get(value)
    if (before === undefined) seen.set(value, id)
    else if (before !== id) return { column: lower, value, higher, first: before, second: id, line }
  }
  return null
}
