// Records: the ledger, searched by page.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { recordName, runName } from '../core/names.ts'
import type { VendorDialect } from '../core/namespaceSettings.ts'
import { outcomeName, recordStateName, skipReasonName } from '../core/record.ts'
import { recordWord } from '../core/vendorDialects.ts'
import { searchRecords, type RecordCursor, type RecordRow } from '../db/read/records.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { filterOf, recordFilterSchema, type AskedFilter } from './recordFilters.ts'
import { problemView, problemViewSchema } from './runView.ts'
import { dialectOf, dialectQuery } from './vendorWords.ts'

const query = recordFilterSchema.extend({
  ...dialectQuery.shape,
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

export const recordViewSchema = z
  .object({
    word: z
      .string()
      .nullable()
      .meta({ description: 'What became of it in the words of the dialect that was asked for.' }),
    id: z.string().meta({ description: 'Run and place in the file, for example r1042/17.' }),
    run: z.string(),
    state: z.string(),
    outcome: z.string().nullable(),
    reason: z.string().nullable(),
    job: z.string(),
    type: z.string().nullable().meta({ description: 'The record type: the name of the file it came in.' }),
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
    settledBy: z
      .string()
      .nullable()
      .meta({ description: 'The processing run that settled it, or has it in hand; null: its own.' }),
    retry: z.object({ attempt: z.int(), of: z.int(), nextAt: z.string() }).nullable().meta({
      description: 'Of a record that is tried again by itself: the how many-th time comes next, and when.',
    }),
    attempts: z.int().meta({ description: 'How often it was tried again by itself so far.' }),
    createdAt: z.string().meta({ description: 'When it landed.' }),
    at: z.string().meta({ description: 'When it changed last.' }),
  })
  .meta({ id: 'RecordView' })
export type RecordView = z.infer<typeof recordViewSchema>

export const recordPageSchema = z
  .object({
    records: z.array(recordViewSchema),
    next: z
      .string()
      .nullable()
      .meta({ description: 'Cursor; a short page with a cursor means the time was up: go on from there.' }),
    searchedTo: z.string().nullable().meta({
      description: 'Of such a short page: the search, newest first, got back to what landed then.',
    }),
  })
  .meta({ id: 'RecordPageView' })
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
      const { cursor, limit, all_attempts: all, dialect: _, ...asked } = request.query
      const namespace = await namespaceOf(context, request.params.namespace)
      const dialect = await dialectOf(context, namespace, request.query)
      const filter = { ...(await filterOf(context, namespace, asked)), newest: !all && asksWhatBecame(asked) }
      const page = await searchRecords(context.database.pool, namespace, filter, parseCursor(cursor), limit)
      const next = page.next === null ? null : recordName(page.next.run, page.next.ordinal)
      const records = page.records.map((row) => recordView(row, dialect))
      return { records, next, searchedTo: page.searchedTo }
    },
  )
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

/** A record as lists show it. */
export function recordView(row: RecordRow, dialect: VendorDialect = 'sluice'): RecordView {
  const state = recordStateName(row.state) ?? 'unknown'
  return {
    word: dialect === 'sluice' ? null : wordOf(row, dialect),
    id: recordName(row.run, row.ordinal),
    run: runName(row.run),
    state,
    outcome: row.outcome === null ? null : (outcomeName(row.outcome) ?? null),
    reason: row.reason === null ? null : (skipReasonName(row.reason) ?? null),
    job: row.job,
    type: row.type,
    identifier: row.identifier,
    profile: row.profile_id,
    line: row.problem?.at[0] ?? null,
    problem: row.problem === null ? null : problemView(row.problem),
    warnings: (row.warnings ?? []).map(problemView),
    origin: row.origin,
    retriedIn: row.retried_in,
    settledBy: row.settled_by === null ? null : runName(row.settled_by),
    retry: state === 'retry' ? nextRetry(row) : null,
    attempts: row.attempts ?? 0,
    createdAt: row.created_at,
    at: row.updated_at,
  }
}

function wordOf({ state, outcome, reason }: RecordRow, dialect: VendorDialect): string | null {
  const name = recordStateName(state)
  if (name === undefined) return null
  const outcomeWord = outcome === null ? null : (outcomeName(outcome) ?? null)
  return recordWord(dialect, name, outcomeWord, reason === null ? null : (skipReasonName(reason) ?? null))
}

/** When it is tried again, by the rule its run was made with. */
function nextRetry({ again, attempts, updated_at }: RecordRow): RecordView['retry'] {
  if (again === null) return null
  const nextAt = new Date(Date.parse(updated_at) + again.everyMinutes * 60_000).toISOString()
  return { attempt: (attempts ?? 0) + 1, of: again.attempts, nextAt }
}
