// The limits Blueshift puts on customers (BS-D09, BS-D10), for people whose data must also fit there.
import type { RecordCheck } from './recordCheck.ts'
import type { MappedAttribute, MappedIdentifier } from '../mapped.ts'
import { problem } from '../problems.ts'

interface Limit {
  /** What the limit is on: an attribute key or an identifier kind. */
  readonly of: readonly string[]
  /** Completes "… breaks a limit of Blueshift: ". */
  readonly rule: string
  readonly fits: (value: string) => boolean
}

const atMost =
  (limit: number) =>
  (value: string): boolean =>
    Array.from(value).length <= limit

export const blueshiftLimits: readonly Limit[] = [
  { of: ['email'], rule: 'an e-mail address has at most 256 characters', fits: atMost(256) },
  {
    of: ['customer_id', 'retailer_customer_id'],
    rule: 'a customer id has at most 128 characters',
    fits: atMost(128),
  },
  {
    of: ['device_id'],
    rule: 'a device id has 10 to 100 characters',
    fits: (value) => value.length >= 10 && atMost(100)(value),
  },
  { of: ['firstname', 'first_name'], rule: 'a first name has at most 64 characters', fits: atMost(64) },
  { of: ['lastname', 'last_name'], rule: 'a last name has at most 64 characters', fits: atMost(64) },
  {
    of: ['gender'],
    rule: 'gender is male, female or unknown',
    fits: (value) => ['male', 'female', 'unknown'].includes(value.toLowerCase()),
  },
  {
    of: ['unsubscribed', 'unsubscribed_push', 'unsubscribed_sms'],
    rule: 'it is only true (1) or false (0)',
    fits: (value) => ['t', 'f', 'true', 'false', '1', '0'].includes(value.toLowerCase()),
  },
  {
    of: ['joined_at'],
    rule: 'it is a date written by ISO 8601',
    fits: (value) =>
      /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/.test(value),
  },
  {
    of: ['phone', 'phone_number', 'mobile'],
    rule: 'a phone number is + with country code and 6 to 14 digits',
    fits: (value) => /^\+[1-9]\d{5,13}$/.test(value),
  },
]

function limitsOn(name: string): Limit[] {
  return blueshiftLimits.filter(({ of }) => of.includes(name))
}

function judge(limit: Limit, column: string, value: string | null | undefined): ReturnType<RecordCheck> {
  if (value === null || value === undefined || limit.fits(value)) return null
  return problem(
    'blueshift.limit',
    { column, value: value.slice(0, 80).toWellFormed(), rule: limit.rule },
    column,
  )
}

export function blueshiftChecks(
  attributes: readonly MappedAttribute[],
  identifiers: readonly MappedIdentifier[],
): RecordCheck[] {
  const onAttributes = attributes.flatMap(({ key, column }, i) =>
    limitsOn(key).map(
      (limit): RecordCheck =>
        (_, values) =>
          judge(limit, column, values[i]),
    ),
  )
  const onIdentifiers = identifiers.flatMap(({ kind, column }, i) =>
    limitsOn(kind).map(
      (limit): RecordCheck =>
        (values) =>
          judge(limit, column, values[i]),
    ),
  )
  return [...onIdentifiers, ...onAttributes]
}
