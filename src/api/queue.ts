// The queue of a namespace: what works in each lane, what waits in which order and for what, and what rests.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { laneNameSchema } from '../core/jobSetup.ts'
import { statesOf } from '../core/machine.ts'
import { runName } from '../core/names.ts'
import { waitText } from '../core/queue.ts'
import { runMachine, type RunState } from '../core/run.ts'
import { listLanes, listQueue, listResting, type QueuedRun, type WaitingRun } from '../db/read/queue.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { runIdText } from './runId.ts'

const queuedSchema = z.object({
  run: runIdText,
  lane: z.string().meta({ description: 'Runs of one lane go one after another.' }),
  job: z.string(),
  file: z.string().nullable().meta({ description: 'Null: it has not read its source yet.' }),
  trigger: z.string(),
  state: z.enum(statesOf(runMachine) as [RunState]),
  label: z.string().meta({ description: 'The state in words.' }),
  since: z.string().meta({ description: 'Since when it is in this state, ISO 8601.' }),
  percent: z.number().nullable().meta({ description: 'How far its stage is; null: not known yet.' }),
})

export const waitsForSchema = z
  .object({
    position: z.number().meta({ description: 'Its place among those that wait in its lane, from 1.' }),
    kind: z.enum(['lane', 'undo', 'job_busy', 'job_open', 'job_off', 'worker']).meta({
      description:
        'lane: others of its lane come first; undo: an earlier undo; job_busy: a run of its job in another lane; job_open: an earlier run of its job that is not over; job_off: its job is switched off; worker: nothing.',
    }),
    run: z.string().nullable().meta({ description: 'The run that is in the way.' }),
    text: z.string().meta({ description: 'In words: behind r1042 (nightly.csv), 63 %.' }),
  })
  .meta({ id: 'WaitsFor' })
export type WaitsFor = z.infer<typeof waitsForSchema>

export const queueSchema = z
  .object({
    lanes: z.array(
      z.object({
        lane: z.string(),
        running: queuedSchema.nullable().meta({ description: 'What holds the lane; null: it is free.' }),
        waiting: z.number().meta({ description: 'How many wait.' }),
      }),
    ),
    waiting: z
      .array(queuedSchema.extend({ waitsFor: waitsForSchema }))
      .meta({ description: 'By lane, in the order in which they will run.' }),
    resting: z
      .array(
        queuedSchema.extend({
          until: z
            .string()
            .nullable()
            .meta({ description: 'When it goes on by itself; null: a person decides.' }),
          message: z.string().nullable().meta({ description: 'Why.' }),
        }),
      )
      .meta({ description: 'Runs that gave up their lane without being over, on the first page only.' }),
    next: z.string().nullable().meta({ description: 'The cursor of the next page of those that wait.' }),
  })
  .meta({ id: 'QueuePage' })
export type QueuePage = z.infer<typeof queueSchema>

const cursorPattern = /^([a-z][a-z0-9_-]{0,39}):r?(\d{1,15})$/

const queueQuery = z.object({
  lane: laneNameSchema.optional().meta({ description: 'Only those that wait in this lane.' }),
  cursor: z
    .string()
    .regex(cursorPattern, 'the next of the page before')
    .transform((text) => {
      const [, lane, id] = cursorPattern.exec(text)!
      return { lane: lane!, id: Number(id) }
    })
    .optional(),
  limit: pageLimit,
})

export const queueRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/queue',
    {
      schema: {
        tags: ['runs'],
        summary: 'What works, what waits in which order and for what',
        params: namespaceParams,
        querystring: queueQuery,
        response: { 200: queueSchema, ...failures },
      },
    },
    async ({ params, query }) => {
      const { id } = await namespaceOf(context, params.namespace)
      return queuePageOf(context, id, query)
    },
  )
}

/** A page of the queue. */
export async function queuePageOf(
  context: ApiContext,
  namespaceId: number,
  { lane, cursor, limit }: z.infer<typeof queueQuery>,
): Promise<QueuePage> {
  const { pool } = context.database
  const [lanes, waiting, resting] = await Promise.all([
    listLanes(pool, namespaceId),
    listQueue(pool, namespaceId, { lane, after: cursor, limit: limit + 1 }),
    cursor === undefined && lane === undefined ? listResting(pool, namespaceId, limit) : [],
  ])
  const page = waiting.slice(0, limit)
  const last = page.at(-1)
  return {
    lanes: lanes.map((row) => ({
      ...row,
      running: row.running === null ? null : queuedView(row.running),
    })),
    waiting: page.map((run) => ({ ...queuedView(run), waitsFor: waitsForView(run) })),
    resting: resting.map(({ until, message, ...run }) => ({ ...queuedView(run), until, message })),
    next: waiting.length > limit && last !== undefined ? `${last.lane}:${runName(last.id)}` : null,
  }
}

function queuedView({
  id,
  lane,
  job,
  file,
  trigger,
  state,
  since,
  percent,
}: QueuedRun): z.infer<typeof queuedSchema> {
  const { label } = runMachine.states[state]
  return { run: runName(id), lane, job, file, trigger, state, label, since, percent }
}

/** What a queued run waits for, as the API answers it. */
export function waitsForView({ waiting }: WaitingRun): WaitsFor {
  const { position, kind, behind } = waiting
  return { position, kind, run: behind === null ? null : runName(behind.run), text: waitText(waiting) }
}
