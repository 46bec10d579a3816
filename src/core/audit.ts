// The audit (AL-D06, BL-D14): how a line names what was done, and what is never written into one. Pure.

import { runName } from './names.ts'

/** How somebody came: over the socket of this machine, signed in, with a token, with the token of the home folder. */
export const auditVias = ['socket', 'session', 'token', 'home_token', 'none'] as const
export type AuditVia = (typeof auditVias)[number]

/** What is kept of a request at most, in characters of JSON; more is said to be left out. */
const keptChars = 16_000

// Whatever a field is called that holds one of these, its value never reaches the audit (nor lists within it).
const secretWords = /pass(word|phrase)?|secret|token|credential|private|^value$|authorization|cookie/i

// A key may be that of an attribute, which is worth keeping; what opens a door is long.
const keyWord = /key/i
const doorChars = 20

// Of an app, or for recovery: one that was refused may still be good. Codes of problems have neither digits nor dashes.
const doorCode = /[\d-]/

function isSecret(name: string, value: unknown): boolean {
  if (name === 'code') return typeof value === 'string' && doorCode.test(value)
  if (value === null || typeof value === 'boolean' || typeof value === 'number') return false
  if (secretWords.test(name)) return true
  return keyWord.test(name) && typeof value === 'string' && value.length >= doorChars
}

// Paths that are a verb by themselves.
const verbs: ReadonlySet<string> = new Set(['sign-in', 'sign-out', 'password-reset', 'stop'])

/** `runs.stop`, `jobs.create`, `settings.change`: the noun, and what was done to it; from a method and a route's path. */
export function actionOf(method: string, path: string): string {
  const parts = path.replace(/^\/v1\/(namespaces\/:namespace\/)?/, '').split('/')
  const noun = parts[0]!
  const last = parts.at(-1)!
  if (method === 'GET') return `${noun}.download`
  if (method === 'DELETE') return `${noun}.remove`
  if (method === 'PATCH' || method === 'PUT') return `${noun}.change`
  if (parts.length > 1 && !last.startsWith(':')) return `${noun}.${last.replaceAll('-', '_')}`
  return verbs.has(noun) ? noun.replaceAll('-', '_') : `${noun}.create`
}

/** What a route's parameters name, without the namespace: `r1042`, `r1042/errors`; null: nothing. */
export function nameOf(params: Readonly<Record<string, unknown>>): string | null {
  const named = Object.entries(params).flatMap(([key, value]) =>
    key === 'namespace'
      ? []
      : [
          key === 'run' && typeof value === 'number'
            ? runName(value)
            : typeof value === 'string'
              ? value
              : JSON.stringify(value),
        ],
  )
  return named.length === 0 ? null : named.join('/').slice(0, 300)
}

/** Two values, of each only what differs, however deep it stands; lists are compared as a whole. */
export function difference(was: unknown, is: unknown): { readonly was: unknown; readonly is: unknown } {
  if (!isPlain(was) || !isPlain(is)) return { was, is }
  const names = [...new Set([...Object.keys(was), ...Object.keys(is)])]
  const parts = names
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => [name, difference(was[name], is[name])] as const)
  const side = (which: 'was' | 'is'): unknown =>
    Object.fromEntries(parts.map(([name, part]) => [name, part[which]]))
  return { was: side('was'), is: side('is') }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A value as the audit keeps it: without secrets, and not without end. */
export function withoutSecrets(value: unknown): unknown {
  const cleaned = cleanedOf(value, 0)
  const text = JSON.stringify(cleaned)
  if (text === undefined) return null
  return text.length <= keptChars ? cleaned : { left_out: `${text.length} characters` }
}

function cleanedOf(value: unknown, depth: number): unknown {
  if (depth > 12) return '…'
  if (Array.isArray(value)) return value.slice(0, 200).map((one) => cleanedOf(one, depth + 1))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [
      key,
      isSecret(key, inner) ? '(not kept)' : cleanedOf(inner, depth + 1),
    ]),
  )
}
