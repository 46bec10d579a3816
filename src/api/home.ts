// Home: health in one look, what runs, what the days brought, the quota, and what comes next. One cheap answer.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { attentionKinds, attentionNames, attentionText, byUrgency } from '../core/attention.ts'
import { runName } from '../core/names.ts'
import { numbersOf } from '../core/numbers.ts'
import { percentOf } from '../core/queue.ts'
import { quotaForecast } from '../core/quota.ts'
import { runMachine } from '../core/run.ts'
import { ZoneClock } from '../core/schedule/zone.ts'
import type { Namespace } from '../db/imports.ts'
import { readQuota } from '../db/quota.ts'
import { readActivity } from '../db/read/activity.ts'
import {
  countJobs,
  estimateProfiles,
  readAttention,
  readAtWork,
  readBegun,
  shareOfMonth,
  type AttentionRow,
} from '../db/read/home.ts'
import { findRuns, plannedRuns, type RunRow } from '../db/read/runs.ts'
import { readSettings } from '../db/settings.ts'
import { numbersSchema } from './activity.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'
import { countersOf, problemView, problemViewSchema } from './runView.ts'
import { expectedOf, rateOf } from './runTimes.ts'
import { runIdText } from './runId.ts'

const count = z.int().min(0)

const attentionSchema = z
  .object({
    kind: z.enum(attentionNames).meta({
      description:
        'halted: a job was switched off by the system; failed: nothing of the job has gone well since; stalled; held: a person decides; approval: a change of the job awaits somebody else; late; did_not_run: a time of its schedule was missed; threshold: a number of the job is outside its limits; retrying; rejects: records that could not be imported.',
    }),
    label: z.string(),
    tone: z.enum(['waiting', 'active', 'good', 'warn', 'bad', 'stopped']),
    job: z.string(),
    jobId: z.string().meta({ description: 'For example j12.' }),
    run: runIdText.nullable(),
    since: z.string().meta({ description: 'ISO 8601.' }),
    until: z.string().nullable().meta({ description: 'When it goes on by itself; null: it does not.' }),
    text: z.string().meta({ description: 'What is wrong, in one sentence.' }),
    next: z.string().meta({ description: 'What a person does next.' }),
    problem: problemViewSchema.nullable(),
    records: count.nullable().meta({ description: 'Of rejects: how many still fail.' }),
  })
  .meta({ id: 'Attention' })

const runningSchema = z
  .object({
    run: runIdText,
    job: z.string(),
    file: z.string().nullable().meta({ description: 'Null: it has not read its source yet.' }),
    trigger: z.string(),
    state: z.string(),
    label: z.string(),
    percent: z.number().nullable().meta({ description: 'How far its stage is; null: not known yet.' }),
    read: count,
    total: count.nullable().meta({ description: 'Records of its file; null until they are counted.' }),
    recordsPerSecond: count.nullable(),
    expectedEnd: z.string().nullable(),
    startedAt: z.string().nullable(),
  })
  .meta({ id: 'RunningRun' })

const homeSchema = z
  .object({
    attention: z.array(attentionSchema).meta({
      description: 'What needs a person, the most urgent first; of each kind the newest ten at most.',
    }),
    running: z.array(runningSchema),
    waiting: count.meta({ description: 'Runs that wait for their lane; counted to a thousand.' }),
    planned: z
      .array(
        z.object({
          job: z.string(),
          dueAt: z.string(),
          zone: z.string().meta({ description: 'Time zone of its schedule.' }),
        }),
      )
      .meta({ description: 'The next run of each job that runs by itself, the soonest first.' }),
    profiles: z.object({
      count,
      exact: z.boolean().meta({ description: 'False: from statistics, some percent off at most.' }),
    }),
    quota: z
      .object({
        month: z.string(),
        used: count,
        quota: count,
        until: z.string().meta({ description: 'The day from which it counts anew.' }),
        forecast: count
          .nullable()
          .meta({ description: 'What the month will have taken if it goes on like this; null: too early.' }),
      })
      .nullable()
      .meta({ description: 'Null: there is no quota.' }),
    zone: z.string().meta({ description: 'Time zone in which days begin.' }),
    days: z
      .array(numbersSchema.extend({ at: z.string().meta({ description: 'The day, YYYY-MM-DD.' }) }))
      .meta({ description: 'The last 14 days, the last one is today; by the day on which runs ended.' }),
    jobs: z
      .record(z.string(), count)
      .meta({ description: 'How many jobs are in each state; those that are done are not counted.' }),
    begun: z
      .object({ imported: z.boolean(), recurring: z.boolean() })
      .meta({ description: 'Whether something was imported, and whether a job runs again and again.' }),
  })
  .meta({ id: 'HomeView' })
export type HomeView = z.infer<typeof homeSchema>

export const homeRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/home',
    {
      schema: {
        tags: ['namespaces'],
        summary:
          'Health in one look: what needs a person, what runs, the last days, the quota, what comes next',
        params: namespaceParams,
        response: { 200: homeSchema, ...failures },
      },
    },
    async ({ params }) => homeOf(context, await namespaceOf(context, params.namespace)),
  )
}

const eachKindMax = 10
const runningMax = 10
const plannedMax = 6
const daysShown = 14

async function homeOf(context: ApiContext, namespace: Namespace): Promise<HomeView> {
  const { pool } = context.database
  const { id } = namespace
  const { zone } = await readSettings(pool, id)
  const [attention, work, planned, profiles, quota, days, jobs, begun] = await Promise.all([
    readAttention(pool, id, eachKindMax),
    workOf(context, namespace),
    plannedRuns(pool, namespace, undefined, plannedMax),
    estimateProfiles(pool, namespace),
    quotaOf(context, id, zone),
    daysOf(context, id, zone),
    countJobs(pool, id),
    readBegun(pool, id),
  ])
  return {
    attention: byUrgency(attention).map(attentionView),
    ...work,
    planned: planned.map((one) => ({ job: one.job, dueAt: one.due_at, zone: one.zone })),
    profiles,
    quota,
    zone,
    days,
    jobs,
    begun,
  }
}

function attentionView(row: AttentionRow): HomeView['attention'][number] {
  const { kind, run, problem } = row
  const { label, tone, next } = attentionKinds[kind]
  const view = problem === null ? null : problemView(problem)
  return {
    kind,
    label,
    tone,
    job: row.job,
    jobId: `j${row.job_id}`,
    run: run === null ? null : runName(run),
    since: row.since,
    until: row.until,
    text: attentionText({ ...row, problem: problem?.message ?? null }),
    next: view?.advice ?? next,
    problem: view,
    records: row.records,
  }
}

async function workOf(
  { database: { pool } }: ApiContext,
  namespace: Namespace,
): Promise<Pick<HomeView, 'running' | 'waiting'>> {
  const { runs, waiting } = await readAtWork(pool, namespace.id, runningMax)
  const rows = runs.length === 0 ? [] : await findRuns(pool, namespace, runs)
  return { running: rows.map(runningView), waiting }
}

function runningView(row: RunRow): HomeView['running'][number] {
  const { total, read } = countersOf(row)
  return {
    run: runName(row.id),
    job: row.job,
    file: row.file_name,
    trigger: row.trigger,
    state: row.state,
    label: runMachine.states[row.state].label,
    percent: percentOf(row.progress, row.state),
    read,
    total,
    recordsPerSecond: rateOf(row),
    expectedEnd: expectedOf(row)?.at ?? null,
    startedAt: row.started_at,
  }
}

async function quotaOf(
  { database: { pool } }: ApiContext,
  namespaceId: number,
  zone: string,
): Promise<HomeView['quota']> {
  const use = await readQuota(pool, namespaceId)
  if (use === null) return null
  const { month, used, quota, until } = use
  return { month, used, quota, until, forecast: quotaForecast(used, await shareOfMonth(pool, zone)) }
}

const dayMs = 86_400_000

/** Whole days of the zone: the first begins at its midnight. */
async function daysOf(context: ApiContext, namespaceId: number, zone: string): Promise<HomeView['days']> {
  const now = Date.parse(context.now())
  const clock = new ZoneClock(zone)
  const today = Math.floor(clock.wall(now) / dayMs) * dayMs
  const from = new Date(clock.instant(today - (daysShown - 1) * dayMs).at).toISOString()
  const span = { from, to: new Date(now + 1).toISOString(), by: 'day' as const, zone }
  const rows = await readActivity(context.database.pool, { namespace: namespaceId }, span)
  return rows.map(({ at, runs, counters }) => ({ at: at.slice(0, 10), ...numbersOf(runs, counters) }))
}
