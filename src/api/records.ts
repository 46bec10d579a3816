// Records: the ledger, searched by page.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { statesOf } from '../core/machine.ts'
import { recordName, runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import {
  outcomeName,
  outcomes,
  recordMachine,
  recordStateName,
  skipReasonName,
  skipReasons,
  type RecordState,
} from '../core/record.ts'
import { searchRecords, type RecordCursor, type RecordRow } from '../db/read/records.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit, timeText } from './params.ts'
import { problemView, problemViewSchema } from './runView.ts'
import { runIdParam } from './runId.ts'

const query = z.object({
  run: runIdParam.optional(),
  state: z.enum(statesOf(recordMachine) as [RecordState]).optional(),
  outcome: z.enum(outcomes).optional(),
  reason: z.enum(skipReasons).optional(),
  code: z.string().optional().meta({ description: 'Problem code of failed records.' }),
  identifier: z.string().optional().meta({ description: 'Exactly this identifier.' }),
  contains: z
    .string()
    .optional()
    .meta({ description: 'An identifier that contains this; 3 characters or a run.' }),
  profile: z.coerce.number().int().optional(),
  since: timeText.optional(),
  until: timeText.optional(),
  cursor: z
    .string()
    .regex(/^r\d{1,15}\/\d{1,15}$/)
    .optional()
    .meta({ description: 'The next of the page before.' }),
  limit: pageLimit,
})

export const recordViewSchema = z.object({
  id: z.string().meta({ description: 'Run and place in the file, for example r1042/17.' }),
  run: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  identifier: z.string().nullable(),
  profile: z.int().nullable(),
  line: z.int().nullable().meta({ description: 'Line of the file, for failed records.' }),
  problem: problemViewSchema.nullable(),
  warnings: z.array(problemViewSchema),
  at: z.string(),
})
export type RecordView = z.infer<typeof recordViewSchema>

export const recordPageSchema = z.object({
  records: z.array(recordViewSchema),
  next: z
    .string()
    .nullable()
    .meta({ description: 'Cursor; a short page with a cursor means the time was up: go on from there.' }),
})
export type RecordPageView = z.infer<typeof recordPageSchema>

export const recordRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/records',
    {
      schema: {
        tags: ['records'],
        summary: 'Search the ledger',
        params: namespaceParams,
        querystring: query,
        response: { 200: recordPageSchema, ...failures },
      },
    },
    async (request) => {
      const { cursor, limit, contains, identifier, ...rest } = request.query
      if (contains !== undefined && contains.length < 3 && rest.run === undefined)
        throw failure('search.too_short')
      const namespace = await namespaceOf(context, request.params.namespace)
      if (rest.run !== undefined) await runOf(context, namespace, rest.run)
      const filter = { ...rest, contains: contains?.toLowerCase(), identifier: identifier?.trim() }
      const page = await searchRecords(context.database.pool, namespace, filter, parseCursor(cursor), limit)
      const next = page.next === null ? null : recordName(page.next.run, page.next.ordinal)
      return { records: page.records.map(recordView), next }
    },
  )
}

function parseCursor(text: string | undefined): RecordCursor | null {
  if (text === undefined) return null
  const [run = '', ordinal = ''] = text.slice(1).split('/')
  return { run: Number(run), ordinal: Number(ordinal) }
}

function recordView(row: RecordRow): RecordView {
  return {
    id: recordName(row.run, row.ordinal),
    run: runName(row.run),
    state: recordStateName(row.state) ?? 'unknown',
    outcome: row.outcome === null ? null : (outcomeName(row.outcome) ?? null),
    reason: row.reason === null ? null : (skipReasonName(row.reason) ?? null),
    identifier: row.identifier,
    profile: row.profile_id,
    line: row.problem?.at[0] ?? null,
    problem: row.problem === null ? null : problemView(row.problem),
    warnings: (row.warnings ?? []).map(problemView),
    at: row.updated_at,
  }
}
