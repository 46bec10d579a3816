// Who may do what, before any route runs: the place, the caller, and the right the route needs. Default: no.
import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { rightNames, rightsOf, rights, type Right } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import { roleIn } from '../db/members.ts'
import { findToken } from '../db/tokens.ts'
import { findSession } from '../db/users.ts'
import type { ApiContext } from './context.ts'
import { sessionKeyOf } from './cookies.ts'
import { cameBySocket, checkOwnPage, checkPlace, type Access } from './place.ts'
import { needOf } from './rights.ts'
import { localCaller, noteCaller, noteStanding, type Caller, type Standing } from './who.ts'

const probes = new Set(['/healthz', '/readyz'])

function isProbe({ routeOptions: { url = '' } }: FastifyRequest): boolean {
  return probes.has(url)
}

/** A hook that finds out who asks and whether they may; the socket is trusted (its file mode decides). */
export function guard(context: ApiContext, access: Access) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    // Load balancers ask under any name, and learn no more than yes or no.
    if (isProbe(request)) return
    const caller = cameBySocket(request) ? localCaller('socket') : await callerByTcp(context, access, request)
    noteCaller(request, caller)
    await decide(context, request, caller)
  }
}

async function callerByTcp(
  context: ApiContext,
  access: Access,
  request: FastifyRequest,
): Promise<Caller | null> {
  checkPlace(request, access)
  const { authorization } = request.headers
  if (authorization !== undefined) return byToken(context, access, authorization)
  const key = sessionKeyOf(request, access)
  if (key === undefined || key === '') return null
  const found = await findSession(context.database.pool, key, context.now())
  if (found === undefined) return null
  checkOwnPage(request)
  const { session, userId: id, email, name, admin } = found
  return { via: 'session', name: email, admin, user: { id, email, name }, session, token: null }
}

/** A token that is sent must be good: what it may not do is not tried with a cookie. */
async function byToken(context: ApiContext, access: Access, authorization: string): Promise<Caller> {
  const given = /^Bearer (\S+)$/i.exec(authorization)?.[1]
  const unknown = failure('access.sign_in', { detail: 'the token is not known, has expired or was revoked' })
  if (given === undefined) throw unknown
  if (same(given, access.token)) return localCaller('home_token')
  const found = await findToken(context.database.pool, given, context.now())
  if (found === undefined) throw unknown
  const { name, namespace, owner } = found
  const may = owner === null || owner.admin ? rightNames : owner.role === null ? [] : rightsOf(owner.role)
  return {
    via: 'token',
    name: owner === null ? `token ${name}` : `token ${name} of ${owner.email}`,
    admin: false,
    user: null,
    session: null,
    token: { namespace, rights: found.rights.filter((right) => may.includes(right)) },
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

async function decide(context: ApiContext, request: FastifyRequest, caller: Caller | null): Promise<void> {
  const path = request.routeOptions.url
  // A path nobody serves is answered as such; there is nothing to protect.
  if (path === undefined) return
  const need = needOf(request.method, path)
  if (need === undefined && caller?.via !== 'socket')
    throw failure('access.denied', { detail: 'nothing says yet who may use this route' })
  if (need === 'public') return
  if (caller === null) throw failure('access.sign_in', { detail: 'nobody is signed in' })
  if (need === 'known') return
  if (need === 'instance') {
    if (!caller.admin)
      throw failure('access.no_right', { right: 'look after the whole installation', who: caller.name })
    return
  }
  const { namespace } = request.params as { namespace?: string }
  if (namespace === undefined) return
  const standing = await standingIn(context, caller, namespace)
  noteStanding(request, standing)
  if (need !== undefined && !standing.rights.includes(need)) throw refused(need, caller)
}

function refused(need: Right, caller: Caller): Error {
  return failure('access.no_right', { right: rights[need].label, who: caller.name })
}

/** What the caller may there. To who is no member a namespace does not exist: `not_found`, as for any other name. */
async function standingIn(context: ApiContext, caller: Caller, namespace: string): Promise<Standing> {
  const { user, token } = caller
  // No namespace is called like that, and PostgreSQL takes no NUL in a text.
  if (!/^[a-z0-9_]{1,60}$/.test(namespace)) throw failure('not_found', { noun: 'namespace', id: namespace })
  if (caller.admin) return { role: user === null ? null : 'owner', rights: rightNames }
  if (token !== null) {
    if (token.namespace === namespace && token.rights.length > 0) return { role: null, rights: token.rights }
  } else if (user !== null) {
    const role = await roleIn(context.database.pool, user.id, namespace)
    if (role !== undefined) return { role, rights: rightsOf(role) }
  }
  throw failure('not_found', { noun: 'namespace', id: namespace })
}
