// Tags of answers: a caller who has an answer already is told so (304), and an edit of what has changed meanwhile is refused.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { z } from 'zod'
import { failure } from '../core/problems.ts'
import { stableJson } from '../core/stableJson.ts'
import { namesTag } from './ranges.ts'

/** Longer answers are lists that nobody asks for twice. */
const taggedChars = 1 << 20

/**
 * A hook that gives every JSON answer to a GET a weak tag, and answers 304 where If-None-Match names it. A route that
 * has a tag of its own (the version an edit names) is left alone: its answer may differ under the same tag.
 */
export function tagAnswers(app: FastifyInstance): void {
  app.addHook('onSend', async (request, reply, payload) => {
    if (request.method !== 'GET' || reply.statusCode !== 200 || typeof payload !== 'string') return payload
    const isJson = String(reply.getHeader('content-type') ?? '').startsWith('application/json')
    if (!isJson || payload.length > taggedChars || reply.hasHeader('etag')) return payload
    const tag = `W/"${hashOf(payload)}"`
    void reply.header('etag', tag)
    if (!namesTag(request.headers['if-none-match'], tag)) return payload
    void reply.code(304).removeHeader('content-type').removeHeader('content-length')
    return null
  })
}

/** The tag of something that is edited as a whole. */
export function tagOf(value: unknown): string {
  return `"${hashOf(stableJson(value))}"`
}

/**
 * Throws `edit.outdated` where If-Match names another state than this one (RFC 9110 section 13.1.1); null: there is
 * nothing to edit any more.
 */
export function requireMatch(request: FastifyRequest, tag: string | null, noun: string): void {
  if (!mayEdit(request, tag)) throw failure('edit.outdated', { noun })
}

/** Whether If-Match, where it is sent, names this state. */
export function mayEdit({ headers }: FastifyRequest, tag: string | null): boolean {
  const asked = headers['if-match']
  if (asked === undefined) return true
  // A proxy that compresses makes a strong tag weak on its way; it still names the same state.
  const tags = asked.split(',').map((one) => one.trim().replace(/^W\//, ''))
  return tag !== null && (tags.includes('*') || tags.includes(tag))
}

/** What routes say in the OpenAPI document that answer such a tag. */
export const editedByTag =
  'Its ETag, sent as If-Match with an edit, has the edit refused (412) where somebody changed it meanwhile.'

/** The same in a view, so that who has a list need not ask for each line again before editing it. */
export const etagSchema = z.string().meta({ description: 'What an edit of it may send as If-Match.' })

function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('base64url').slice(0, 22)
}
