// What one caller may ask for in a minute, with the standard headers (draft-ietf-httpapi-ratelimit-headers).
import rateLimit from '@fastify/rate-limit'
import type { FastifyInstance } from 'fastify'
import { failure } from '../core/problems.ts'
import { addressOf, cameBySocket, type Access } from './place.ts'
import { callerOf } from './who.ts'

// A page that looks at a busy run asks a few times a second.
const perMinuteDefault = 1_200

/** Limits every route for those who come by TCP: by user, by token, by address for those who are not signed in. */
export async function limitRequests(app: FastifyInstance, access: Access): Promise<void> {
  await app.register(rateLimit, {
    max: access.perMinute ?? perMinuteDefault,
    timeWindow: 60_000,
    enableDraftSpec: true,
    allowList: (request) => cameBySocket(request),
    keyGenerator: (request) => {
      const caller = callerOf(request)
      return caller === null ? `from ${addressOf(request, access)}` : `${caller.via} ${caller.name}`
    },
    errorResponseBuilder: (_request, { max, ttl }) =>
      failure('access.too_many', { limit: max, seconds: Math.max(1, Math.ceil(ttl / 1_000)) }),
  })
}
