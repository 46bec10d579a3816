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
import { searchRecords, type RecordCursor, type RecordFilter, type RecordRow } from '../db/read/records.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit, timeText } from './params.ts'
import { problemView, problemViewSchema } from './runView.ts'
import { runIdParam } from './runId.ts'

/** What became of the records that are meant. */
export const recordFilterSchema = z.object({
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
})

const query = recordFilterSchema.extend({
  all_attempts: z.stringbool().default(false).meta({
    description:
      'With a state, outcome, reason or code: also rows of records that were retried since. Without one of these every row is answered.',
  }),
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
  origin: z
    .string()
    .nullable()
    .meta({ description: 'The first row of a record that was corrected or retried.' }),
  retriedIn: z.string().nullable().meta({ description: 'The row that retried this one since.' }),
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
      const { cursor, limit, all_attempts: all, ...asked } = request.query
      const namespace = await namespaceOf(context, request.params.namespace)
      if (asked.run !== undefined) await runOf(context, namespace, asked.run)
      const filter = { ...filterOf(asked), newest: !all && asksWhatBecame(asked) }
      const page = await searchRecords(context.database.pool, namespace, filter, parseCursor(cursor), limit)
      const next = page.next === null ? null : recordName(page.next.run, page.next.ordinal)
      return { records: page.records.map(recordView), next }
    },
  )
}

type AskedFilter = z.infer<typeof recordFilterSchema>

/** As the ledger is searched. Throws `search.too_short`. */
export function filterOf({ contains, identifier, ...rest }: AskedFilter): RecordFilter {
  if (contains !== undefined && contains.length < 3 && rest.run === undefined)
    throw failure('search.too_short')
  return { ...rest, contains: contains?.toLowerCase(), identifier: identifier?.trim() }
}

/** Whoever asks what became of records means their newest rows: a failure that was mended is none any more. */
function asksWhatBecame({ state, outcome, reason, code }: AskedFilter): boolean {
  return [state, outcome, reason, code].some((asked) => asked !== undefined)
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
    origin: row.origin,
    retriedIn: row.retried_in,
    at: row.updated_at,
  }
}
