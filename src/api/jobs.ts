// Jobs as people look at them: the list, and one with everything it is set up to do.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { connectors } from '../connectors/registry.ts'
import type { JobSetup } from '../core/jobSetup.ts'
import { jobMachine, type JobState } from '../core/jobState.ts'
import { statesOf } from '../core/machine.ts'
import type { Problem } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { densityProblem } from '../core/schedule/preview.ts'
import type { Source } from '../core/setup/source.ts'
import { openRequest } from '../db/approvals.ts'
import { usualSeconds } from '../db/read/schedules.ts'
import { findVersion, jobSorts, listJobs, sortOrders, type JobRow } from '../db/read/jobs.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { jobDetail, jobDetailSchema, jobView, jobViewSchema, type JobDetail } from './jobView.ts'
import { jobOf, jobParams } from './jobParams.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { dialectOf, dialectQuery } from './vendorWords.ts'

const state = z.enum(statesOf(jobMachine) as [JobState, ...JobState[]])
const sourceKind = z.enum(Object.keys(connectors) as [Source['kind'], ...Source['kind'][]])

const listQuery = dialectQuery.extend({
  state: z
    .union([state, z.array(state)], { error: `one of ${state.options.join(', ')}` })
    .optional()
    .meta({
      description: 'Only jobs in this state; several times for several. Archived ones only when named.',
    }),
  kind: z.enum(['one_time', 'recurring']).optional(),
  source: sourceKind.optional().meta({ description: 'Only jobs with this kind of source.' }),
  text: z.string().max(200).optional().meta({ description: 'Only jobs with this text in their name.' }),
  sort: z
    .enum(jobSorts)
    .default('created')
    .meta({ description: 'next: by the next run of the schedule; ran: by the last run.' }),
  order: z
    .enum(sortOrders)
    .optional()
    .meta({ description: 'Default: names from a to z, the next run first, the others newest first.' }),
  cursor: z.string().max(2_000).optional().meta({ description: 'The next of the page before.' }),
  limit: pageLimit,
})

const jobPageSchema = z
  .object({
    jobs: z.array(jobViewSchema),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'JobPage' })
export type JobPage = z.infer<typeof jobPageSchema>

export const jobRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/jobs',
    {
      schema: {
        tags: ['jobs'],
        summary: 'List jobs',
        params: namespaceParams,
        querystring: listQuery,
        response: { 200: jobPageSchema, ...failures },
      },
    },
    async (request) => {
      const { state: states, kind, source, text, sort, order, cursor, limit } = request.query
      const namespace = await namespaceOf(context, request.params.namespace)
      const orderName = order === undefined ? sort : `${sort} ${order}`
      const rows = await listJobs(context.database.pool, namespace, {
        states: typeof states === 'string' ? [states] : states,
        kind,
        source,
        text,
        sort,
        order,
        after: cursor === undefined ? undefined : placeOf(cursor, orderName),
        limit: limit + 1,
      })
      const page = rows.slice(0, limit)
      const last = page.at(-1)
      const next = rows.length > limit && last !== undefined ? cursorOf(orderName, last.place, last.id) : null
      const dialect = await dialectOf(context, namespace, request.query)
      return { jobs: page.map((row) => jobView(row, dialect)), next }
    },
  )

  app.get(
    '/jobs/:job',
    {
      schema: {
        tags: ['jobs'],
        summary: 'One job: its state, what to do next, its setup and its mapping',
        params: jobParams,
        querystring: dialectQuery,
        response: { 200: jobDetailSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { namespace, job } = await jobOf(context, request.params)
      const { word } = jobView(job, await dialectOf(context, namespace, request.query))
      const detail = { ...(await detailOf(context, job)), word }
      return reply.header('etag', etagOf(detail.version)).send(detail)
    },
  )
}

/** Everything about a job. */
export async function detailOf(context: ApiContext, row: JobRow): Promise<JobDetail> {
  const found = await findVersion(context.database.pool, row.id, row.versions)
  if (found === undefined)
    throw failure('not_found', { noun: 'version', id: `${row.versions} of ${row.name}` })
  const warning = await densityOf(context, row, found.setup, row.zone)
  return jobDetail(row, found, { warning, awaiting: await awaitingOf(context, row) })
}

/** What was asked for and waits for somebody else. */
async function awaitingOf({ database }: ApiContext, { id: job }: JobRow): Promise<JobDetail['awaiting']> {
  const row = await openRequest(database.pool, job)
  if (row === undefined) return null
  const { id, kind, requestedBy, requestedAt: since, says } = row
  return { id: `a${id}`, kind, requestedBy, since, says: [...says] }
}

/** A warning where the job is due before its runs are usually over (BL-10). */
async function densityOf(
  context: ApiContext,
  row: JobRow,
  { schedule }: JobSetup,
  zone: string,
): Promise<Problem | null> {
  if (schedule === null) return null
  const usual = await usualSeconds(context.database.pool, row.id)
  const now = Date.parse(context.now())
  const activation = row.activated_at === null ? now : Date.parse(row.activated_at)
  return densityProblem({ schedule, zone, activation }, now, usual)
}

/** What `If-Match` names: the version it was looked at. */
export function etagOf(version: number): string {
  return `"v${version}"`
}

/** `order`: how the list is sorted; a cursor of another order is refused. */
function cursorOf(order: string, place: string, id: number): string {
  return Buffer.from(JSON.stringify([order, place, id])).toString('base64url')
}

const cursorSchema = z.tuple([z.string(), z.string(), z.int()])
const instant = /^[\d-]{10} [\d:.]+\+00$/
const placeForms: Readonly<Record<string, RegExp>> = {
  created: /^\d+$/,
  ran: /^\d+$/,
  updated: instant,
  next: instant,
  name: /^[^]*$/,
}

/** Throws `invalid_request` for a cursor that is not of this list. */
function placeOf(cursor: string, order: string): { value: string; id: number } {
  let parsed: unknown
  try {
    parsed = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as unknown
  } catch {
    parsed = null
  }
  const read = cursorSchema.safeParse(parsed)
  if (!read.success || read.data[0] !== order || !placeForms[order.split(' ')[0]!]!.test(read.data[1]))
    throw failure('invalid_request', { detail: 'the cursor is none of this list' })
  return { value: read.data[1], id: read.data[2] }
}
