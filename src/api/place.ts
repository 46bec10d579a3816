// Where a request was sent to and came from: the Host and Origin that are ours (design section 12), and the address of who asks.
import type { FastifyRequest } from 'fastify'
import type { Role } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import type { StreamLimits } from './liveLimits.ts'

/** An identity provider (OpenID Connect), and whom it may let in. */
export interface SignOnSettings {
  readonly issuer: string
  readonly clientId: string
  /** Null: a client without a secret, by PKCE alone. */
  readonly clientSecret: string | null
  /** What the button says. */
  readonly name: string
  /** Addresses that may come: of these domains; empty: any. */
  readonly domains: readonly string[]
  /** What somebody becomes who has no user yet; null: they are not let in. */
  readonly newPeople: { readonly namespace: string; readonly role: Role } | null
}

export interface Access {
  /** The token of the home folder, sent as `Authorization: Bearer …`; never in a URL. */
  readonly token: string
  /** Where a person finds the token. */
  readonly tokenFile: string
  /** The address people reach this Sluice at, as SLUICE_URL says; null or left out: only this machine. */
  readonly baseUrl?: string | null
  /** The identity provider; null or left out: none. */
  readonly signOn?: SignOnSettings | null
  /** Networks that may be spoken to besides public addresses. */
  readonly outboundAllow?: readonly string[]
  /** Whether mail can be sent. */
  readonly mail?: boolean
  /** Requests one caller may make in a minute. */
  readonly perMinute?: number
  /** Seconds a stranger has to send a body, where it is not the usual. */
  readonly strangersSeconds?: number
  /** How many streams may be open, and how they are looked after, where it is not the usual. */
  readonly streams?: Partial<StreamLimits>
}

// A page of another site can make a browser send requests to 127.0.0.1, under any name that resolves there.
const loopback = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/

/** Whether a request came over the socket of this machine, whose file mode decides who may. */
export function cameBySocket(request: FastifyRequest): boolean {
  return request.raw.socket.remoteAddress === undefined
}

function outsideOf({ baseUrl }: Access): URL | null {
  return baseUrl === null || baseUrl === undefined ? null : new URL(baseUrl)
}

function cameFromOutside(request: FastifyRequest, access: Access): boolean {
  return request.headers.host !== undefined && request.headers.host === outsideOf(access)?.host
}

/** Whether the browser speaks https to us (by way of a proxy). */
export function cameSecurely(request: FastifyRequest, access: Access): boolean {
  return cameFromOutside(request, access) && outsideOf(access)?.protocol === 'https:'
}

/**
 * The address of who asks, for limits and the audit; null: over the socket. Behind a proxy it is what the proxy added
 * to X-Forwarded-For; what stands before that is anybody's word.
 */
export function addressOf(request: FastifyRequest, access: Access | null): string | null {
  if (cameBySocket(request)) return null
  const forwarded = request.headers['x-forwarded-for']
  const last = (Array.isArray(forwarded) ? forwarded.join() : forwarded)?.split(',').at(-1)?.trim()
  if (access !== null && last !== undefined && last !== '' && cameFromOutside(request, access))
    return last.slice(0, 60)
  return request.raw.socket.remoteAddress ?? null
}

/** Throws `access.denied` for a Host that is not ours, and for an Origin that is not this very place. */
export function checkPlace(request: FastifyRequest, access: Access): void {
  const { host = '', origin } = request.headers
  const outside = cameFromOutside(request, access)
  if (!outside && !loopback.test(host))
    throw failure('access.denied', { detail: 'the Host header names another place' })
  const own = outside ? outsideOf(access)!.origin : `http://${host}`
  if (origin !== undefined && origin !== own)
    throw failure('access.denied', { detail: 'the request comes from another site' })
}

/**
 * A write with a cookie must show that one of our own pages sent it: browsers always say so (Origin, Sec-Fetch-Site),
 * and no page can make them say it for another. Throws `access.denied`.
 */
export function checkOwnPage(request: FastifyRequest): void {
  if (request.method === 'GET' || request.method === 'HEAD') return
  const site = request.headers['sec-fetch-site']
  if (site === undefined ? request.headers.origin !== undefined : site === 'same-origin') return
  throw failure('access.denied', { detail: 'nothing says that a page of this Sluice sent it' })
}

/** The address the browser knows us by: one of those that `checkPlace` lets through. */
export function ownAddress(request: FastifyRequest, access: Access): string {
  return cameFromOutside(request, access) ? outsideOf(access)!.origin : `http://${request.headers.host ?? ''}`
}
