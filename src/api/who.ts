// Who asks: the caller of a request, found before its route runs (access.ts).
import type { FastifyRequest } from 'fastify'
import { rights, type Right, type Role } from '../core/access.ts'
import type { AuditVia } from '../core/audit.ts'
import { failure } from '../core/problems.ts'

export interface Caller {
  readonly via: AuditVia
  /** What is kept as `by`: an e-mail address, `token NAME of EMAIL`, or `local` for whoever is at this machine. */
  readonly name: string
  /** Looks after the whole installation. */
  readonly admin: boolean
  readonly user: { readonly id: number; readonly email: string; readonly name: string } | null
  readonly session: number | null
  readonly token: { readonly namespace: string; readonly rights: readonly Right[] } | null
}

/** The person at this machine: the mode of the socket, or of the token's file, says that it is them. */
export function localCaller(via: 'socket' | 'home_token'): Caller {
  return { via, name: 'local', admin: true, user: null, session: null, token: null }
}

/** What a caller may in the namespace of a route. */
export interface Standing {
  /** Null: at this machine, or a token. */
  readonly role: Role | null
  readonly rights: readonly Right[]
}

interface Known {
  readonly caller: Caller | null
  standing: Standing | null
}

const known = new WeakMap<FastifyRequest, Known>()

/** Keeps who asks; null: somebody who is not signed in. */
export function noteCaller(request: FastifyRequest, caller: Caller | null): void {
  known.set(request, { caller, standing: null })
}

export function noteStanding(request: FastifyRequest, standing: Standing): void {
  const found = known.get(request)
  if (found !== undefined) found.standing = standing
}

/** Null: somebody who is not signed in. */
export function callerOf(request: FastifyRequest): Caller | null {
  return known.get(request)?.caller ?? null
}

/** What the caller may in the namespace of the route; nothing outside of namespaces. */
export function standingOf(request: FastifyRequest): Standing {
  return known.get(request)?.standing ?? { role: null, rights: [] }
}

/** Throws `access.no_right` where what a request asks for needs one more right than its route does. */
export function requireRight(request: FastifyRequest, right: Right): void {
  const caller = callerOf(request)
  if (caller === null || standingOf(request).rights.includes(right)) return
  throw failure('access.no_right', { right: rights[right].label, who: caller.name })
}

/** The name that is kept as `by`, `created_by` and `updated_by`. */
export function whoOf(request: FastifyRequest): string {
  return callerOf(request)?.name ?? 'local'
}

/** The person who asks; throws `access.people_only` for tokens and for this machine. */
export function personOf(request: FastifyRequest): Caller & { user: NonNullable<Caller['user']> } {
  const caller = callerOf(request)
  if (caller === null || caller.user === null) throw failure('access.people_only')
  return { ...caller, user: caller.user }
}
