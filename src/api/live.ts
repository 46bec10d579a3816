// News as it happens: server-sent events (WHATWG HTML, section 9.2) of a namespace, or of one run until it is over.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isSettled } from '../core/run.ts'
import { failure } from '../core/problems.ts'
import { findJob } from '../db/read/jobs.ts'
import { readLog } from '../db/read/log.ts'
import type { Namespace } from '../db/imports.ts'
import { tellAccessChanged } from '../db/live.ts'
import { guard } from './access.ts'
import { failures, problemAnswerSchema } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { jobViewSchema } from './jobView.ts'
import { hubOf, type LiveHub } from './liveHub.ts'
import { newsKinds, type LiveStream, type Wants } from './liveStream.ts'
import { namespaceParams, runParams } from './params.ts'
import { cameBySocket, type Access } from './place.ts'
import { queueSchema } from './queue.ts'
import { runIdParam } from './runId.ts'
import { runViewSchema } from './runView.ts'
import { dialectOf, dialectQuery } from './vendorWords.ts'
import { callerOf } from './who.ts'

const readySchema = z
  .object({ after: z.string().meta({ description: 'The place in the news from which on it tells.' }) })
  .meta({ id: 'LiveReady' })

const emptySchema = z.object({}).meta({ id: 'LiveSign' })

const streamOf = (data: z.ZodType, description: string) => ({
  description,
  content: { 'text/event-stream': { schema: data } },
})

const listOf = (pattern: RegExp, says: string) =>
  z
    .string()
    .max(2_000)
    .transform((text) => [...new Set(text.split(',').filter((part) => part !== ''))])
    .refine((parts) => parts.length <= 100 && parts.every((part) => pattern.test(part)), says)

const afterQuery = dialectQuery.extend({
  after: z
    .string()
    .max(40)
    .optional()
    .meta({ description: 'Go on after this id; the header Last-Event-ID says the same and goes first.' }),
})

const liveQuery = afterQuery.extend({
  kinds: listOf(new RegExp(`^(${newsKinds.join('|')})$`), `some of ${newsKinds.join(',')}`)
    .optional()
    .meta({ description: 'What to tell of: run, job, queue, with commas. Default: all.' }),
  runs: listOf(/^r?\d{1,15}$/, 'at most 100 runs, such as r12,r13')
    .optional()
    .meta({
      description: 'Only these runs, with commas: r12,r13. They are told at once, then when they change.',
    }),
  job: z
    .string()
    .optional()
    .meta({ description: 'Only this job and its runs: a name, or an id such as j12.' }),
})

export interface LiveOptions {
  readonly context: ApiContext
  readonly access: Access | null
}

export const liveRoutes: FastifyPluginAsyncZod<LiveOptions> = async (app, { context, access }) => {
  const door = makeDoor(app, context, access)
  followNamespace(app, context, door)
  followRun(app, context, door)
}

type App = Parameters<FastifyPluginAsyncZod>[0]

function followNamespace(app: App, context: ApiContext, door: Door): void {
  app.get(
    '/live',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['live'],
        summary: 'Follow runs, jobs and the queue as they change',
        description:
          'Server-sent events: ready (once, with the place it begins at), run (a RunView), job (a JobView), queue (the first QueuePage), reset (too much was missed: read everything anew) and problem (why it ends). Each has an id; whoever comes back with it misses no change of state.',
        params: namespaceParams,
        querystring: liveQuery,
        response: {
          200: streamOf(
            z.union([
              runViewSchema,
              jobViewSchema,
              queueSchema,
              readySchema,
              problemAnswerSchema,
              emptySchema,
            ]),
            'News until the connection ends.',
          ),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { query, params } = request
      const namespace = await namespaceOf(context, params.namespace)
      const wants: Wants = {
        namespace,
        kinds: new Set(newsKinds.filter((kind) => query.kinds?.includes(kind) ?? true)),
        runs: query.runs === undefined ? null : new Set(query.runs.map((run) => runIdParam.parse(run))),
        job: query.job === undefined ? null : await jobIdOf(context, namespace, query.job),
        dialect: await dialectOf(context, namespace, query),
        untilSettled: false,
      }
      return door(request, reply, wants, placeOf(request, query.after))
    },
  )
}

function followRun(app: App, context: ApiContext, door: Door): void {
  app.get(
    '/runs/:run/live',
    {
      exposeHeadRoute: false,
      schema: {
        tags: ['live'],
        summary: 'Follow one run until it is over',
        description:
          'Server-sent events: ready, run (its RunView: at once, and whenever it changed), and when nothing moves by itself any more, end. Whoever comes back after that gets 204, which tells a browser not to come again.',
        params: runParams,
        querystring: afterQuery,
        response: {
          200: streamOf(
            z.union([runViewSchema, readySchema, problemAnswerSchema, emptySchema]),
            'The run, until it is over.',
          ),
          204: z.undefined().meta({ description: 'It is over, and was told.' }),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { query, params } = request
      const namespace = await namespaceOf(context, params.namespace)
      const { id, state } = await runOf(context, namespace, params.run)
      const after = placeOf(request, query.after)
      if (isSettled(state) && typeof after === 'number') {
        const place = { after, order: 'oldest', limit: 1 } as const
        const since = await readLog(context.database.pool, namespace.id, { run: id }, place)
        if (since.length === 0) return reply.code(204).send()
      }
      const wants: Wants = {
        namespace,
        kinds: new Set(['run']),
        runs: new Set([id]),
        job: null,
        dialect: await dialectOf(context, namespace, query),
        untilSettled: true,
      }
      return door(request, reply, wants, after)
    },
  )
}

async function jobIdOf(context: ApiContext, namespace: Namespace, name: string): Promise<number> {
  const job = await findJob(context.database.pool, namespace, name)
  if (job === undefined) throw failure('not_found', { noun: 'job', id: name })
  return job.id
}

/** Where to go on; a place that is none is as good as one that is too far back. */
function placeOf(request: FastifyRequest, asked: string | undefined): number | null | 'again' {
  const header = request.headers['last-event-id']
  const text = typeof header === 'string' && header !== '' ? header : asked
  if (text === undefined) return null
  return /^\d{1,15}$/.test(text) ? Number(text) : 'again'
}

type Door = (
  request: FastifyRequest,
  reply: FastifyReply,
  wants: Wants,
  after: number | null | 'again',
) => Promise<FastifyReply>

/** Opens streams on one server, and ends them with it. */
function makeDoor(app: FastifyInstance, context: ApiContext, access: Access | null): Door {
  const open = new Set<LiveStream>()
  // Whoever only describes the routes has nothing to open.
  const hub = (): LiveHub => hubOf(context, access?.streams)
  app.addHook('preClose', async () => {
    if (open.size > 0) await hub().end(open)
  })
  return async (request, reply, wants, after) => {
    const stream = await hub().open({
      wants,
      after,
      caller: counted(request),
      check: async () => {
        if (access !== null) await guard(context, access)(request, reply)
        const { id } = await namespaceOf(context, wants.namespace.name)
        if (id !== wants.namespace.id)
          throw failure('not_found', { noun: 'namespace', id: wants.namespace.name })
      },
      checkKey: keyOf(request, wants.namespace),
    })
    open.add(stream)
    stream.once('close', () => open.delete(stream))
    return reply
      .type('text/event-stream; charset=utf-8')
      .header('cache-control', 'no-cache, no-store, no-transform')
      .header('x-accel-buffering', 'no')
      .send(stream)
  }
}

/** Who a stream counts for; nobody at this machine is kept from looking. */
function counted(request: FastifyRequest): string | null {
  const caller = callerOf(request)
  if (caller === null || cameBySocket(request)) return null
  return `${caller.via} ${caller.token?.namespace ?? ''} ${caller.name}`
}

/** The same for all streams that the same key of the same caller opened. */
function keyOf(request: FastifyRequest, { id }: Namespace): string {
  const { authorization = '', cookie = '', host = '' } = request.headers
  return JSON.stringify([cameBySocket(request), id, authorization, cookie, host])
}

const changesAccess = /\/(members|tokens|users|sessions|two-factor|sign-out|password|use|namespaces)\b/

/** Tells every process when somebody signed out, or may less than before: their streams end. */
export function tellOfAccess(app: FastifyInstance, context: ApiContext): void {
  app.addHook('onResponse', async ({ method, routeOptions: { url = '' } }, { statusCode }) => {
    const last = url.replace(/^\/v1\/namespaces\/:namespace(?=\/)/, '')
    if (method === 'GET' || method === 'HEAD' || statusCode >= 400 || !changesAccess.test(last)) return
    await tellAccessChanged(context.database.pool).catch(context.logFault)
  })
}
