// What every answer over TCP tells the browser to allow: nothing but what comes from here.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { cameBySocket, cameSecurely, type Access } from './place.ts'

/** The policy of a page. Styles that its own scripts make are let through by `nonce`, which only this one answer has. */
export function contentPolicy(nonce: string | null): string {
  return [
    `default-src 'self'`,
    ...(nonce === null ? [] : [`style-src 'self' 'nonce-${nonce}'`]),
    `img-src 'self' data:`,
    `object-src 'none'`,
    `base-uri 'none'`,
    `form-action 'self'`,
    `frame-ancestors 'none'`,
  ].join('; ')
}

const always = {
  'content-security-policy': contentPolicy(null),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
} as const

/** A hook that adds them, also to refusals. Answers of the API hold people's data: nobody on the way keeps them. */
export function secureHeaders(access: Access) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    if (cameBySocket(request)) return
    for (const [name, value] of Object.entries(always))
      if (!reply.hasHeader(name)) void reply.header(name, value)
    if (cameSecurely(request, access)) void reply.header('strict-transport-security', 'max-age=31536000')
    if (request.url.startsWith('/v1') && !reply.hasHeader('cache-control'))
      void reply.header('cache-control', 'no-store')
  }
}
