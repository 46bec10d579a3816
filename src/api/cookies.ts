// The cookie of a session (RFC 6265bis): never readable by pages, never sent from other sites, bound to this host.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { sessionDays } from '../db/users.ts'
import { cameSecurely, type Access } from './place.ts'

// Browsers keep a name with this prefix only with Secure, for this host alone and the whole of it.
const names = { secure: '__Host-sluice', plain: 'sluice' } as const

/** The key of the session a request brings; undefined: none, or more than one, as a neighbouring site could plant it. */
export function sessionKeyOf(request: FastifyRequest, access: Access): string | undefined {
  return onlyCookie(request, cameSecurely(request, access) ? names.secure : names.plain)
}

/** The value of a cookie; undefined: there is none, or more than one of that name. */
export function onlyCookie(request: FastifyRequest, name: string): string | undefined {
  const found = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
  return found.length === 1 ? found[0]!.slice(name.length + 1) : undefined
}

/** Makes the browser keep a session; null: forget it. */
export function setSession(
  request: FastifyRequest,
  reply: FastifyReply,
  access: Access,
  key: string | null,
): void {
  const secure = cameSecurely(request, access)
  const name = secure ? names.secure : names.plain
  const age = key === null ? 0 : sessionDays.whole * 86_400
  const parts = [`${name}=${key ?? ''}`, 'Path=/', `Max-Age=${age}`, 'HttpOnly', 'SameSite=Strict']
  void reply.header('set-cookie', [...parts, ...(secure ? ['Secure'] : [])].join('; '))
}
