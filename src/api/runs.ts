// Runs: the list, one run, and what a person can do with it. The moves come from the machine.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { movesFrom, statesOf } from '../core/machine.ts'
import { failure } from '../core/problems.ts'
import { runMachine, type RunMove, type RunState } from '../core/run.ts'
import { moveRun } from '../db/moves.ts'
import type { Namespace } from '../db/imports.ts'
import { countMended } from '../db/read/mended.ts'
import { findJob } from '../db/read/jobs.ts'
import { queuePositions } from '../db/read/queue.ts'
import { listRuns, plannedRuns, type RunRow } from '../db/read/runs.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { checkRelease } from './fourEyes.ts'
import { namespaceParams, noteBody, pageLimit, runParams } from './params.ts'
import { checkNotBeingUndone } from '../db/undosOf.ts'
import { runName } from '../core/names.ts'
import type { VendorDialect } from '../core/namespaceSettings.ts'
import { runIdParam } from './runId.ts'
import { whoOf } from './who.ts'
import { runView, runViewSchema, type RunView } from './runView.ts'
import { dialectOf, dialectQuery } from './vendorWords.ts'

const listQuery = dialectQuery.extend({
  state: z.enum(statesOf(runMachine) as [RunState]).optional(),
  job: z.string().optional().meta({ description: 'Only runs of this job.' }),
  kind: z
    .enum(['one_time', 'recurring'])
    .optional()
    .meta({ description: 'Only runs of jobs that run once, or again and again.' }),
  cursor: runIdParam.optional().meta({ description: 'The next of the page before.' }),
  limit: pageLimit,
})

const listSchema = z
  .object({
    planned: z.array(z.object({ job: z.string(), dueAt: z.string(), zone: z.string() })).meta({
      description: 'The next run of each job that runs by itself, the soonest first; only on the first page.',
    }),
    runs: z.array(runViewSchema),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'RunPage' })

export type RunPage = z.infer<typeof listSchema>

/** The moves people make; each is a route and a command. */
export const personMoves = (Object.keys(runMachine.moves) as RunMove[]).filter(
  (move) => runMachine.moves[move].by === 'person',
)

export const runRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/runs',
    {
      schema: {
        tags: ['runs'],
        summary: 'List runs, newest first',
        params: namespaceParams,
        querystring: listQuery,
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return pageOf(context, namespace, request.query)
    },
  )

  app.get(
    '/runs/:run',
    {
      schema: {
        tags: ['runs'],
        summary: 'One run',
        params: runParams,
        querystring: dialectQuery,
        response: { 200: runViewSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const dialect = await dialectOf(context, namespace, request.query)
      const row = await runOf(context, namespace, request.params.run)
      const [view] = await viewsOf(context, namespace, [row], dialect)
      return withMended(context, namespace, row, view!)
    },
  )

  await app.register(moveRoutes, { context })
}

/** A route for each move that people make. */
const moveRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  for (const move of personMoves.filter((one) => !decisions.has(one)))
    app.post(
      `/runs/:run/${move}`,
      {
        schema: {
          tags: ['runs'],
          summary: runMachine.moves[move].doc,
          params: runParams,
          response: { 200: runViewSchema, ...failures },
        },
      },
      (request) => moveByPerson(context, { ...request.params, move, by: whoOf(request) }),
    )

  for (const move of decisions)
    app.post(
      `/runs/:run/${move}`,
      {
        schema: {
          tags: ['runs'],
          summary: runMachine.moves[move].doc,
          params: runParams,
          body: noteBody,
          response: { 200: runViewSchema, ...failures },
        },
      },
      async (request) => {
        if (move === 'release') await checkRelease(context, request, request.params)
        const note = request.body?.note
        return moveByPerson(context, { ...request.params, move, by: whoOf(request), note })
      },
    )
}

/** Moves about a held run: whoever makes them may say why. */
const decisions: ReadonlySet<RunMove> = new Set(['release', 'drop'] as const)

/** More planned runs than this would hide those that were. */
const plannedMax = 5

async function pageOf(
  context: ApiContext,
  namespace: Namespace,
  query: z.infer<typeof listQuery>,
): Promise<RunPage> {
  const { state, job: name, kind, cursor, limit } = query
  const { pool } = context.database
  const dialect = await dialectOf(context, namespace, query)
  const job = name === undefined ? undefined : await jobIdOf(context, namespace, name)
  const states = state === undefined ? undefined : [state]
  const rows = await listRuns(pool, namespace, { states, job, kind, before: cursor, limit: limit + 1 })
  const first = cursor === undefined && state === undefined && kind !== 'one_time'
  const planned = first ? await plannedRuns(pool, namespace, job, plannedMax) : []
  const page = rows.slice(0, limit)
  return {
    planned: planned.map((one) => ({ job: one.job, dueAt: one.due_at, zone: one.zone })),
    runs: await viewsOf(context, namespace, page, dialect),
    next: rows.length > limit ? runName(page.at(-1)!.id) : null,
  }
}

/** With what those that wait are waiting for. */
export async function viewsOf(
  context: ApiContext,
  namespace: Namespace,
  rows: readonly RunRow[],
  dialect: VendorDialect,
): Promise<RunView[]> {
  const waiting = rows.filter(({ position }) => position !== null).map(({ id }) => id)
  const queue = await queuePositions(context.database.pool, namespace.id, waiting)
  return rows.map((row) => runView(namespace.name, row, { dialect, waiting: queue.get(row.id)?.waiting }))
}

async function jobIdOf(context: ApiContext, namespace: Namespace, name: string): Promise<number> {
  const job = await findJob(context.database.pool, namespace, name)
  if (job === undefined) throw failure('not_found', { noun: 'job', id: name })
  return job.id
}

/** With how many of the failed records were mended by the runs that retried them. */
export async function withMended(
  context: ApiContext,
  namespace: Namespace,
  row: RunRow,
  view: RunView,
): Promise<RunView> {
  const failed = view.counters.failed.total
  if (row.children.length === 0 || failed === 0) return view
  const mended = await countMended(context.database.pool, namespace, row)
  return { ...view, run: { ...view.run, mended: { failed, mended, left: failed - mended } } }
}

interface PersonMove {
  readonly namespace: string
  readonly run: number
  readonly move: RunMove
  readonly by: string
  readonly note?: string | undefined
}

/** Makes a person's move, or answers 409 with what is possible instead. */
export async function moveByPerson(
  context: ApiContext,
  { namespace: name, run: runId, move, by, note }: PersonMove,
): Promise<RunView> {
  const namespace = await namespaceOf(context, name)
  const { pool } = context.database
  const before = await runOf(context, namespace, runId)
  if (move === 'resume' && before.trigger === 'process')
    throw failure('run.process_resume', { run: runName(runId) })
  if (move === 'resume') await checkNotBeingUndone(pool, namespace.id, runId)
  const said = note === undefined || note === '' ? {} : { note }
  const changes = { by, ...said, ...(move === 'resume' || move === 'retry-now' ? { problem: null } : {}) }
  const moved = await moveRun(pool, { namespaceId: namespace.id, runId }, move, changes)
  const after = moved ? await runOf(context, namespace, runId) : before
  if (moved) return runView(namespace.name, after)
  const { state } = await runOf(context, namespace, runId)
  const legal = movesFrom(runMachine, state).filter((m) => runMachine.moves[m].by === 'person')
  throw failure('run.move_illegal', {
    run: runName(runId),
    state: runMachine.states[state].label.toLowerCase(),
    move,
    moves: legal.length === 0 ? 'nothing' : legal.join(', '),
  })
}
