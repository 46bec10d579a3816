// Runs: the list, one run, and what a person can do with it. The moves come from the machine.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { movesFrom, statesOf } from '../core/machine.ts'
import { failure } from '../core/problems.ts'
import { runMachine, type RunMove, type RunState } from '../core/run.ts'
import { moveRun } from '../db/moves.ts'
import type { Namespace } from '../db/imports.ts'
import { countMended } from '../db/read/mended.ts'
import { listRuns, type RunRow } from '../db/read/runs.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit, runParams } from './params.ts'
import { checkNotBeingUndone } from '../db/undosOf.ts'
import { runName } from '../core/names.ts'
import { runIdParam } from './runId.ts'
import { runView, runViewSchema, type RunView } from './runView.ts'

const listQuery = z.object({
  state: z.enum(statesOf(runMachine) as [RunState]).optional(),
  job: z.string().optional(),
  cursor: runIdParam.optional().meta({ description: 'The next of the page before.' }),
  limit: pageLimit,
})

const listSchema = z.object({
  runs: z.array(runViewSchema),
  next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
})

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
      const { state, job, cursor, limit } = request.query
      const namespace = await namespaceOf(context, request.params.namespace)
      const states = state === undefined ? undefined : [state]
      const rows = await listRuns(context.database.pool, namespace, {
        states,
        job,
        before: cursor,
        limit: limit + 1,
      })
      const page = rows.slice(0, limit)
      const next = rows.length > limit ? runName(page.at(-1)!.id) : null
      return { runs: page.map((row) => runView(namespace.name, row)), next }
    },
  )

  app.get(
    '/runs/:run',
    {
      schema: {
        tags: ['runs'],
        summary: 'One run',
        params: runParams,
        response: { 200: runViewSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const row = await runOf(context, namespace, request.params.run)
      return withMended(context, namespace, row, runView(namespace.name, row))
    },
  )

  for (const move of personMoves)
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
      (request) => moveByPerson(context, request.params.namespace, request.params.run, move),
    )
}

/** How many of the failed records were mended by the runs that retried them. */
async function withMended(
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

/** Makes a person's move, or answers 409 with what is possible instead. */
async function moveByPerson(
  context: ApiContext,
  namespaceName: string,
  runId: number,
  move: RunMove,
): Promise<RunView> {
  const namespace = await namespaceOf(context, namespaceName)
  const { pool } = context.database
  const before = await runOf(context, namespace, runId)
  if (move === 'resume') await checkNotBeingUndone(pool, namespace.id, runId)
  const changes = move === 'resume' ? { problem: null } : {}
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
