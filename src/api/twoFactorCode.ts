// Codes of an app (TOTP, RFC 6238) and recovery codes: making them, and telling whether one is right.
import { randomInt } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { z } from 'zod'
import { readTwoFactor, useRecoveryCode, useStep } from '../db/twoFactor.ts'
import type { ApiContext } from './context.ts'

export const codeSchema = z
  .string()
  .max(60)
  .meta({ description: 'Six digits from the app, or one of the recovery codes.' })

// What every app understands: SHA-1, six digits, half a minute.
const form = { issuer: 'Sluice', algorithm: 'SHA1', digits: 6, period: 30 } as const
/** Clocks may differ by one step in either direction. */
const window = 1
const secretBytes = 20

/** A fresh secret for an app, in base32. */
export function newSecret(): string {
  return new Secret({ size: secretBytes }).base32
}

/** What the app reads from a QR code: `otpauth://totp/Sluice:ada@example.com?…`. */
export function appUri(secret: string, email: string): string {
  return new TOTP({ ...form, label: email, secret }).toString()
}

/** The time step that a code belongs to; null: it is not right now. */
export function stepOf(secret: string, code: string, now: number): number | null {
  const app = new TOTP({ ...form, secret })
  const delta = app.validate({ token: code, timestamp: now, window })
  return delta === null ? null : app.counter({ timestamp: now }) + delta
}

// Without letters and digits that are easily taken for each other.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'
const groups = 4
const groupLetters = 4
const recoveryCount = 10

/** Ten codes of 79 bits, such as `abcd-efgh-jkmn-pqrs`: too many to guess, also for who has their hashes. */
export function newRecoveryCodes(): string[] {
  const group = (): string =>
    Array.from({ length: groupLetters }, () => letters[randomInt(letters.length)]).join('')
  return Array.from({ length: recoveryCount }, () => Array.from({ length: groups }, group).join('-'))
}

/** Whether a code is right for somebody and was not used before; from then on it is used. */
export async function isCode(
  { database, secrets, now }: ApiContext,
  userId: number,
  given: string,
): Promise<boolean> {
  const kept = await readTwoFactor(database.pool, secrets.keys, userId)
  if (kept === undefined) return false
  const code = given.replaceAll(/\s/g, '').toLowerCase()
  if (!/^\d+$/.test(code)) return kept.confirmed && (await useRecoveryCode(database.pool, userId, code))
  const step = stepOf(kept.secret, code, Date.parse(now()))
  return step !== null && (await useStep(database.pool, userId, step))
}
