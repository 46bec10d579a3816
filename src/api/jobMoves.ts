// What people do with a job: activate, pause, resume, run now, archive, restore. What is possible is decided in core/jobVerbs.ts.
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { jobMachine } from '../core/jobState.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { beginsLater } from '../core/schedule/occurrences.ts'
import type { OpenRun } from '../core/schedule/owed.ts'
import { isOrdinary } from '../core/triggers.ts'
import { pauseJob, resumeJob, restoreJob } from '../db/jobs.ts'
import { startJobRun } from '../db/jobRuns.ts'
import { makeUpFollows, missedFollows } from '../db/follows.ts'
import { moveJob } from '../db/moves.ts'
import { sqlState } from '../db/client.ts'
import { readSettings } from '../db/settings.ts'
import { findLanding } from '../db/read/sources.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'
import { approvalOf, askSomebodyElse, isSecondPair } from './fourEyes.ts'
import { checkReady } from './jobChecks.ts'
import { checkCircle, checkFollowed } from './jobFollows.ts'
import { withLockedJob, type OfJob } from './jobLock.ts'
import { jobParams } from './jobParams.ts'
import { jobDetailSchema } from './jobView.ts'
import { runIdText } from './runId.ts'
import { whoOf } from './who.ts'

const movedSchema = z
  .object({
    job: jobDetailSchema,
    run: runIdText.nullable().meta({ description: 'The run that began, or goes on, by it; null: none did.' }),
  })
  .meta({ id: 'MovedJob' })
export type MovedJob = z.infer<typeof movedSchema>

const fileBody = z
  .object({
    upload: z.uuid().optional().meta({ description: 'The file, of a job that is given its files.' }),
  })
  .default({})

const runBody = z
  .object({
    upload: z.uuid().optional().meta({ description: 'The file, of a job that is given its files.' }),
    again: z.boolean().default(false).meta({
      description:
        'Read the newest file even though it was processed before, and import it even though it is the same.',
    }),
    dryRun: z.boolean().default(false).meta({
      description:
        'Decide everything, write nothing: also of a draft, and beside runs of the job. The file can still be imported.',
    }),
  })
  .default({ again: false, dryRun: false })

const pauseBody = z
  .object({
    running: z
      .enum(['finish', 'stop'])
      .default('finish')
      .meta({ description: 'What becomes of a run under way: it finishes, or it is stopped.' }),
  })
  .default({ running: 'finish' })

export const jobMoveRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  const route = <B extends z.ZodType>(
    name: string,
    summary: string,
    body: B,
    act: (of: OfJob, body: z.infer<B>, by: string, request: FastifyRequest) => Promise<number | null>,
  ): void => {
    app.post(
      `/jobs/:job/${name}`,
      {
        schema: {
          tags: ['jobs'],
          summary,
          params: jobParams,
          body,
          response: { 200: movedSchema, ...failures },
        },
      },
      async (request) => {
        let run: number | null = null
        const body = request.body as z.infer<B>
        const job = await withLockedJob(context, request.params, async (of) => {
          run = await act(of, body, whoOf(request), request)
        })
        return { job, run: run === null ? null : runName(run) }
      },
    )
  }
  const nothing = z.object({}).default({})
  route(
    'activate',
    'Switch a job on; its first run starts at once',
    fileBody,
    (of, { upload }, by, request) => activateOrAsk(context, of, upload, { by, request }),
  )
  route('pause', 'Switch a recurring job off until it is resumed', pauseBody, async (of, { running }, by) => {
    of.demand('pause')
    await must(pauseJob(of.client, of.locked, running, by))
    return null
  })
  route('resume', 'Switch a paused or halted job on again', nothing, (of, _, by) => resume(context, of, by))
  route('run', 'Start a run of the job now', runBody, (of, order, by) => runNow(context, of, order, by))
  route('archive', 'Take a job out of the lists; its history stays', nothing, async (of, _, by) => {
    of.demand('archive')
    await must(moveJob(of.client, of.locked.id, 'archive', { by }))
    return null
  })
  route('restore', 'Bring an archived job back', nothing, async (of, _, by) => {
    of.demand('restore')
    await restored(of, by)
    return null
  })
}

/** The row is locked and its state was looked at: a move that finds another state is our mistake. */
async function must(moved: Promise<boolean>): Promise<void> {
  if (!(await moved)) throw new Error('a locked job moved by itself')
}

/** Who set up a job with four eyes does not switch it on: somebody else does, or is asked to. */
async function activateOrAsk(
  context: ApiContext,
  of: OfJob,
  upload: string | undefined,
  { by, request }: { readonly by: string; readonly request: FastifyRequest },
): Promise<number | null> {
  const { author, sample } = of.locked
  if ((await approvalOf(of)) === 'none' || (await isSecondPair(context, request, of.namespace.id, [author])))
    return activate(context, of, upload, by)
  of.demand('activate')
  await ready(context, of)
  const landing = await landingFor(context, of, upload ?? sample?.landing ?? undefined)
  await askSomebodyElse(context, of, {
    kind: 'activation',
    change: { upload: landing, author },
    says: [],
    by,
  })
  return null
}

const askedSchema = z.object({ upload: z.string().nullable() })

/** Switches a job on as somebody asked for and somebody else has approved. Throws what the checks find by now. */
export function activateAsked(
  context: ApiContext,
  of: OfJob,
  asked: unknown,
  by: string,
): Promise<number | null> {
  return activate(context, of, askedSchema.parse(asked).upload ?? undefined, by)
}

async function activate(
  context: ApiContext,
  of: OfJob,
  upload: string | undefined,
  by: string,
): Promise<number | null> {
  const { client, locked } = of
  of.demand('activate')
  await ready(context, of)
  const landing = await landingFor(context, of, upload ?? locked.sample?.landing ?? undefined)
  await must(moveJob(client, locked.id, 'activate', { by }))
  if (beginsLater(locked.setup.schedule, Date.parse(context.now()))) return null
  return begin(of, 'activation', landing, by)
}

/** Answers the zone its schedule is meant in. Throws what is missing. */
async function ready(context: ApiContext, { client, namespace, locked }: OfJob): Promise<string> {
  const { zone } = await readSettings(context.database.pool, namespace.id)
  await checkReady(locked, context.sourceIo(namespace), { zone, now: context.now() })
  await checkFollowed(context, namespace, locked.name, locked.setup)
  await checkCircle(client, namespace, locked.name, locked.setup)
  return locked.setup.schedule?.zone ?? zone
}

/** Where its run was halted it goes on; a one-time job whose run cannot go on begins another one. */
async function resume(context: ApiContext, of: OfJob, by: string): Promise<number | null> {
  const { client, locked } = of
  of.demand('resume')
  const zone = await ready(context, of)
  const missed = await missedFollows(client, locked)
  const run = await resumeJob(client, locked, by)
  if (run === undefined) throw new Error('a locked job moved by itself')
  if (missed !== null) {
    const now = Date.parse(context.now())
    const madeUp = await makeUpFollows(
      client,
      { ...locked, zone, open: openBeside(locked, run) },
      missed,
      now,
    )
    return run ?? madeUp
  }
  if (run !== null || locked.kind === 'recurring' || locked.open.length > 0) return run
  return begin(of, 'manual', await landingFor(context, of, undefined), by)
}

/** The ordinary runs of a job that are open once it goes on; `resumed`: one that was halted and works again. */
function openBeside({ open }: OfJob['locked'], resumed: number | null): OpenRun[] {
  const others = open
    .filter(({ trigger }) => isOrdinary(trigger))
    .map(({ id, state, started }) => ({ name: runName(id), waiting: state === 'queued' && !started }))
  return resumed === null ? others : [...others, { name: runName(resumed), waiting: false }]
}

async function runNow(
  context: ApiContext,
  of: OfJob,
  { upload, again, dryRun }: z.infer<typeof runBody>,
  by: string,
): Promise<number | null> {
  const { client, locked } = of
  if (dryRun) return lookAhead(context, of, upload, by)
  of.demand('run')
  await ready(context, of)
  const landing = await landingFor(context, of, upload)
  if (locked.state === 'completed') await must(moveJob(client, locked.id, 'begin_again', { by }))
  return begin(of, 'manual', landing, by, again ? { again } : {})
}

/** A dry run of the job as it is set up now. It needs all that a run needs, but not that the job is switched on. */
async function lookAhead(
  context: ApiContext,
  of: OfJob,
  upload: string | undefined,
  by: string,
): Promise<number | null> {
  const { state, name, sample } = of.locked
  if (state === 'sampling' || state === 'archived')
    throw failure('job.move_illegal', {
      job: name,
      state: jobMachine.states[state].label.toLowerCase(),
      move: 'dry run',
      why: state === 'sampling' ? 'its sample is being read' : 'it must be restored first',
      moves: state === 'sampling' ? 'none' : 'restore',
    })
  await ready(context, of)
  const landing = await landingFor(context, of, upload ?? sample?.landing ?? undefined)
  return begin(of, 'manual', landing, by, { dryRun: true })
}

async function begin(
  { client, namespace, locked }: OfJob,
  trigger: 'activation' | 'manual',
  landingId: string | null,
  by: string,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<number | null> {
  const jobId = locked.id
  return startJobRun(client, { namespaceId: namespace.id, jobId, trigger, by, landingId, settings })
}

/** The file a run reads, where it is given by hand; null: the run fetches it. Throws `job.no_file`, `job.file_not_taken`. */
async function landingFor(
  context: ApiContext,
  { namespace, locked }: OfJob,
  upload: string | undefined,
): Promise<string | null> {
  const { name, setup } = locked
  if (setup.source.kind !== 'upload') {
    if (upload !== undefined) throw failure('job.file_not_taken', { job: name, source: setup.source.kind })
    return null
  }
  if (upload === undefined) throw failure('job.no_file', { job: name })
  const landing = await findLanding(context.database.pool, namespace, upload)
  if (landing === undefined) throw failure('not_found', { noun: 'upload', id: upload })
  if (landing.contents !== null) throw failure('container.whole', { upload })
  return upload
}

async function restored({ client, locked }: OfJob, by: string): Promise<void> {
  try {
    await must(restoreJob(client, locked, by))
  } catch (error) {
    // Somebody took the name at the same moment.
    if (sqlState(error) !== '23505') throw error
    throw failure('job.name_taken', { job: locked.name, state: 'made meanwhile' })
  }
}
