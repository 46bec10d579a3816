// Who may speak to the TCP port (design section 12): the right Host, the right Origin on writes, and the token. Default: no.
import { timingSafeEqual } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { failure } from '../core/problems.ts'

export interface Access {
  /** Sent as `Authorization: Bearer …`; never in a URL. */
  readonly token: string
  /** Where a person finds the token. */
  readonly tokenFile: string
}

// A page of another site can make a browser send requests to 127.0.0.1, under any name that resolves there.
const hosts = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/

/** A hook that lets the socket pass (its file mode decides) and checks everything that came by TCP. */
export function guard({ token, tokenFile }: Access) {
  return async (request: FastifyRequest, _reply: FastifyReply): Promise<void> => {
    if (request.raw.socket.remoteAddress === undefined) return
    const deny = (detail: string): Error => failure('access.denied', { detail, file: tokenFile })
    if (!hosts.test(request.headers.host ?? '')) throw deny('the Host header names another place')
    const { origin } = request.headers
    if (origin !== undefined && origin !== `http://${request.headers.host}`)
      throw deny('the request comes from another site')
    const given = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1]
    if (given === undefined || !same(given, token)) throw deny('the token is missing or wrong')
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}
