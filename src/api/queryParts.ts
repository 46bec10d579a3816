// What may stand behind the ? of an address: a filter that is spelled wrong is refused, or it would be missed silently.
import type { FastifyRequest } from 'fastify'
import { nearest } from '../core/nearest.ts'
import { failure } from '../core/problems.ts'
import { needOf } from './rights.ts'

/** A hook that refuses what a route does not know, naming what it knows. */
export async function refuseUnknownParts(request: FastifyRequest): Promise<void> {
  const { url: path, method } = request.routeOptions
  // Who comes back from signing in elsewhere brings what that place adds.
  if (path?.startsWith('/v1/') !== true || needOf(request.method, path) === 'public') return
  const given = Object.keys(request.query ?? {})
  const known = knownParts(request)
  const unknown = given.find((name) => !known.includes(name))
  if (unknown === undefined || (known.length === 0 && method !== 'GET')) return
  throw failure('query.unknown', {
    name: unknown.slice(0, 100),
    known: known.length === 0 ? 'nothing' : known.join(', '),
    hint: hintFor(unknown, known),
  })
}

function knownParts({ routeOptions: { schema } }: FastifyRequest): readonly string[] {
  const { shape } = (schema?.querystring ?? {}) as { readonly shape?: object }
  return Object.keys(shape ?? {})
}

function hintFor(unknown: string, known: readonly string[]): string {
  const meant = nearest(unknown, known)
  return meant === undefined ? '' : ` Perhaps you meant ${meant}.`
}
