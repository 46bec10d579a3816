// Idempotency-Key: a request that makes something, sent twice with the same key, makes it once and is answered the same.
import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { digesting, type Digested } from '../blobs/digest.ts'
import { failure } from '../core/problems.ts'
import { stableJson } from '../core/stableJson.ts'
import { freeKey, keepAnswer, renewKeys, takeKey, type Taken } from '../db/idempotency.ts'
import { bodyOf, isStream, tapBody } from './body.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { needOf } from './rights.ts'
import { callerOf } from './who.ts'

export const idempotencyDescription =
  'Any text of 1 to 255 signs without blanks, fresh for every new request (a UUID). Sent again with the same key within 24 hours, the same request makes nothing more: it gets the first answer, with Idempotency-Replayed: true. A refusal makes nothing, so its key stays free.'

/** Whether a route makes something: every POST that needs a right to change anything. */
export function takesKey(method: string, path: string): boolean {
  const need = needOf(method, path)
  return method === 'POST' && need !== undefined && need !== 'public' && need !== 'known' && need !== 'view'
}

/** Well below the time after which a request counts as lost. */
const renewMs = 10_000
const keyForm = /^[\x21-\x7e]{1,255}$/
const replayed = 'idempotency-replayed'
const keptHeaders = ['content-type', 'location', 'etag', 'upload-offset', 'upload-expires'] as const
/** Longer answers are too much to keep for a day; their request is told that it was made. */
const keptChars = 1 << 20

// What is answered once and never again.
const shownOnce = /\/(tokens|webhooks|links|members)$/
const secretName = /token|secret|password|codes/i

interface UnderWay {
  readonly id: Buffer
  readonly key: string
  /** The request without its body; the hash of a body that is a stream comes when it has been read. */
  readonly head: Buffer
  readonly body: Digested | null
}

/** Whether an answer is a repetition: nothing happened by it. */
export function isReplay(reply: FastifyReply): boolean {
  return reply.hasHeader(replayed)
}

/** Adds the hooks; to be called when the caller is known, and before the routes are added. */
export function recogniseRepeats(app: FastifyInstance, context: ApiContext): void {
  const underWay = new Map<FastifyRequest, UnderWay>()
  const { pool } = context.database
  const renew = (): void => {
    const ids = [...underWay.values()].map(({ id }) => id)
    if (ids.length > 0) void renewKeys(pool, ids).catch(context.logFault)
  }
  const renewing = setInterval(renew, renewMs).unref()
  app.addHook('onClose', async () => clearInterval(renewing))

  app.addHook('preHandler', async (request, reply) => {
    const begun = await begin(context, request)
    if (begun === null) return
    const { own, namespaceId } = begun
    const known = own.body === null ? own.head : null
    const taken = await takeKey(pool, { id: own.id, namespaceId, request: known })
    if (taken === null) {
      underWay.set(request, own)
      if (own.body !== null) tapBody(request, () => own.body!.content)
      return
    }
    return repeat(reply, own, taken)
  })

  app.addHook('onSend', async (request, reply, payload) => {
    const own = underWay.get(request)
    if (own === undefined) return payload
    underWay.delete(request)
    await end(context, request, reply, own, payload).catch(context.logFault)
    return payload
  })
}

async function begin(
  context: ApiContext,
  request: FastifyRequest,
): Promise<{ own: UnderWay; namespaceId: number | null } | null> {
  const key = request.headers['idempotency-key']
  const path = request.routeOptions.url
  if (key === undefined || path === undefined || !takesKey(request.method, path)) return null
  if (typeof key !== 'string' || !keyForm.test(key))
    throw failure('invalid_request', {
      detail: 'Idempotency-Key: it takes 1 to 255 signs without blanks, for example a UUID',
    })
  const { namespace: name } = request.params as { readonly namespace?: string }
  const namespaceId = name === undefined ? null : (await namespaceOf(context, name)).id
  const caller = callerOf(request)
  const whose = caller === null ? '' : `${caller.via === 'socket' ? 'home_token' : caller.via} ${caller.name}`
  const id = hashOf(namespaceId, whose, request.method, path, key)
  const isFile = isStream(request)
  const head = hashOf(
    request.url.split('?')[0],
    stableJson(request.query),
    request.headers['content-encoding'] ?? '',
    isFile ? '' : stableJson(request.body ?? null),
  )
  const body = isFile ? digesting(bodyOf(request)) : null
  return { own: { id, key, head, body }, namespaceId }
}

/** What a request is, when all of it is known. */
function whole({ head, body }: UnderWay): Buffer {
  return body === null ? head : hashOf(head.toString('hex'), body.digest().sha256)
}

/** Answers a request that was made before; throws where it is another one, or not answered yet. */
async function repeat(
  reply: FastifyReply,
  own: UnderWay,
  { request: before, answer }: Taken,
): Promise<FastifyReply> {
  const { key } = own
  const isOther = (): boolean => before !== null && !whole(own).equals(before)
  // A body that is not here yet is compared when it is.
  if (own.body === null && isOther()) throw failure('idempotency.mismatch', { key })
  if (answer === null) throw failure('idempotency.in_progress', { key })
  if (own.body !== null) for await (const block of own.body.content) void block
  if (isOther()) throw failure('idempotency.mismatch', { key })
  if (answer.body === null) throw failure('idempotency.shown_once', { key })
  void reply.code(answer.status).headers(answer.headers).header(replayed, 'true')
  return reply.send(Buffer.from(answer.body))
}

async function end(
  { database }: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  own: UnderWay,
  payload: unknown,
): Promise<void> {
  // Of what was refused nothing was made, and of our own faults nobody knows: both may be tried again.
  if (reply.statusCode >= 300) return freeKey(database.pool, own.id)
  const headers = Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = reply.getHeader(name)
      return value === undefined ? [] : [[name, String(value)]]
    }),
  )
  // What answers with headers alone says all of it once more.
  const text = payload ?? ''
  const body = keepable(request, text) ? text : null
  await keepAnswer(database.pool, own.id, whole(own), { status: reply.statusCode, headers, body })
}

function keepable(request: FastifyRequest, payload: unknown): payload is string {
  if (typeof payload !== 'string' || payload.length > keptChars) return false
  if (shownOnce.test(request.routeOptions.url ?? '')) return false
  const answer: unknown = payload.startsWith('{') ? JSON.parse(payload) : {}
  return !Object.entries(answer as object).some(([name, value]) => secretName.test(name) && value !== null)
}

function hashOf(...parts: readonly unknown[]): Buffer {
  return createHash('sha256').update(JSON.stringify(parts)).digest()
}
