// Values of flags that set up a job: what fits, and the refusal that names the flag. Pure.
import type { z } from 'zod'
import { failure } from './problems.ts'

/** `usage.unknown`. */
export function refuse(detail: string): Error {
  return failure('usage.unknown', { detail, command: 'sluice job create' })
}

/** Parses settings that came from flags; `flags` says which one is wrong: always the same, or by the setting's name. */
export function parsed<T>(
  schema: z.ZodType<T>,
  value: unknown,
  flags: string | Readonly<Record<string, string>>,
): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  // Of a list it is a member that is wrong.
  const setting = String(issue?.path.findLast((part) => typeof part === 'string'))
  const flag = typeof flags === 'string' ? flags : (flags[setting] ?? `--${kebab(setting)}`)
  throw refuse(`${flag} does not fit: ${issue?.message ?? 'unknown'}.`)
}

/** `none` says that there is to be none. */
export function noneIsNull(text: string | undefined): string | null | undefined {
  return text === 'none' ? null : text
}

/** maxAge → max-age */
export function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** Minutes in each unit that a span is written in. */
export const unitMinutes: Readonly<Record<string, number>> = { m: 1, min: 1, h: 60, d: 1440 }

/** 15m, 2h, 1d. */
export function minutesIn(text: string): number {
  const [, count, unit] = /^(\d{1,6})\s*(m|min|h|d)$/.exec(text.trim()) ?? []
  if (count === undefined || Number(count) === 0)
    throw refuse(`--every takes a distance such as 15m, 2h or 1d; not ${text}.`)
  return Number(count) * unitMinutes[unit!]!
}

export function wholeNumber(text: string, flag: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw refuse(`${flag} takes a whole number; not ${text}.`)
}
