// What one caller may ask for in a minute, with the standard headers (draft-ietf-httpapi-ratelimit-headers); and how much may be sent.
import type { Readable } from 'node:stream'
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { failure } from '../core/problems.ts'
import { addressOf, cameBySocket, type Access } from './place.ts'
import { needOf } from './rights.ts'
import { callerOf } from './who.ts'

// A page that looks at a busy run asks a few times a second.
const perMinuteDefault = 1_200

/** Counts a request that no route gets to see; throws `access.too_many`. */
export type CountRefused = (request: FastifyRequest, reply: FastifyReply) => Promise<void>

function tooMany(max: number, ttl: number): Error {
  return failure('access.too_many', { limit: max, seconds: Math.max(1, Math.ceil(ttl / 1_000)) })
}

/**
 * Limits every route for those who come by TCP: by user, by token, by address for those who are not signed in. Routes count
 * by themselves whoever gets as far as them; what it answers counts those who are refused before.
 */
export async function limitRequests(app: FastifyInstance, access: Access): Promise<CountRefused> {
  await app.register(rateLimit, {
    max: access.perMinute ?? perMinuteDefault,
    timeWindow: 60_000,
    enableDraftSpec: true,
    allowList: (request) => cameBySocket(request),
    keyGenerator: (request) => {
      const caller = callerOf(request)
      return caller === null ? `from ${addressOf(request, access)}` : `${caller.via} ${caller.name}`
    },
    errorResponseBuilder: (_request, { max, ttl }) => tooMany(max, ttl),
  })
  const counted = app.createRateLimit()
  return async (request, reply) => {
    const found = await counted(request)
    if (found.isAllowed || !found.isExceeded) return
    reply.header('retry-after', found.ttlInSeconds)
    throw tooMany(found.max, found.ttl)
  }
}

/** Bytes of a body that is held in memory while it is read. Files are streams, and have limits of their own. */
export const bodyBytes = {
  /** What anybody may send without being known: a password and a name, not a memory full. */
  strangers: 64 << 10,
  known: 8 << 20,
} as const
/** Seconds within which a stranger must have sent what they send. */
const bodySeconds = 30

function isForStrangers(method: string, path: string | undefined): boolean {
  const need = path === undefined ? 'public' : needOf(method, path)
  return need === undefined || need === 'public'
}

/**
 * Limits bodies by who may send them: of routes for strangers, and of paths that nobody serves, little and soon, so that who holds
 * a thousand of them open holds nothing. To be called before the routes are added, on a server whose own limit is that of strangers.
 */
export function limitBodies(app: FastifyInstance, seconds = bodySeconds): void {
  app.addHook('onRoute', (route) => {
    const methods = [route.method].flat()
    if (!methods.some((method) => isForStrangers(method, route.url))) route.bodyLimit ??= bodyBytes.known
  })
  app.addHook('preParsing', async ({ method, routeOptions: { url } }, _reply, body: Readable) => {
    if (['GET', 'HEAD', 'OPTIONS'].includes(method) || !isForStrangers(method, url)) return body
    const late = setTimeout(() => body.destroy(), seconds * 1_000).unref()
    for (const over of ['end', 'close']) body.once(over, () => clearTimeout(late))
    return body
  })
}
