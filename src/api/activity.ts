// What a job did in a chosen time: how many profiles were added, updated, removed, and how many records omitted (LY-19).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { numbersOf, type Numbers } from '../core/numbers.ts'
import { zoneName } from '../core/setup/times.ts'
import { failure } from '../core/problems.ts'
import { activityUnits, readActivity, type ActivityUnit } from '../db/read/activity.ts'
import { findJob } from '../db/read/jobs.ts'
import { readSettings } from '../db/settings.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams, timeText } from './params.ts'

const count = z.int().min(0)

export const numbersSchema = z.object({
  runs: count.meta({ description: 'Runs that ended in this time, but skipped and undone ones.' }),
  added: count.meta({ description: 'Created, or delivered.' }),
  updated: count.meta({ description: 'Updated, or merged.' }),
  unchanged: count,
  removed: count.meta({ description: 'Deleted, or removed at the destination.' }),
  omitted: count.meta({ description: 'Skipped, for whatever reason.' }),
  failed: count,
})

const activitySchema = z
  .object({
    job: z.string(),
    from: z.string(),
    to: z.string(),
    by: z.enum(activityUnits),
    zone: z.string().meta({ description: 'Time zone in which days begin.' }),
    spans: z.array(
      numbersSchema.extend({ at: z.string().meta({ description: 'Its beginning, in local time.' }) }),
    ),
    total: numbersSchema,
  })
  .meta({ id: 'ActivityView' })
export type ActivityView = z.infer<typeof activitySchema>

const query = z.object({
  from: timeText.optional().meta({ description: 'Default: 30 days before `to`.' }),
  to: timeText.optional().meta({ description: 'Default: now.' }),
  by: z.enum(activityUnits).default('day'),
  zone: zoneName.optional().meta({ description: 'Default: that of the namespace.' }),
})

const dayMs = 86_400_000
const defaultDays = 30
/** Longer answers are no chart any more. */
const spansMax = 1_000
const unitMs: Readonly<Record<ActivityUnit, number>> = {
  hour: dayMs / 24,
  day: dayMs,
  week: 7 * dayMs,
  month: 28 * dayMs,
}

export const activityRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/jobs/:job/activity',
    {
      schema: {
        tags: ['jobs'],
        summary: 'What a job did in a chosen time',
        params: namespaceParams.extend({ job: z.string().meta({ description: 'The name of the job.' }) }),
        querystring: query,
        response: { 200: activitySchema, ...failures },
      },
    },
    async ({ params, query: asked }) => {
      const { pool } = context.database
      const namespace = await namespaceOf(context, params.namespace)
      const job = await findJob(pool, namespace, params.job)
      if (job === undefined) throw failure('not_found', { noun: 'job', id: params.job })
      const zone = asked.zone ?? (await readSettings(pool, namespace.id)).zone
      const span = { ...spanOf(asked, context.now()), by: asked.by, zone }
      const rows = await readActivity(pool, { job: job.id }, span)
      const spans = rows.map(({ at, runs, counters }) => ({ at, ...numbersOf(runs, counters) }))
      return { job: job.name, ...span, spans, total: totalOf(spans) }
    },
  )
}

/** Throws `activity.span` where the time is turned round, or far too long for the unit. */
function spanOf(asked: z.infer<typeof query>, now: string): { from: string; to: string } {
  const to = asked.to === undefined ? new Date(now) : timeOf(asked.to)
  const from = asked.from === undefined ? new Date(to.getTime() - defaultDays * dayMs) : timeOf(asked.from)
  const spans = (to.getTime() - from.getTime()) / unitMs[asked.by]
  if (!(spans > 0) || spans > spansMax) throw failure('activity.span', { by: asked.by, max: spansMax })
  return { from: from.toISOString(), to: to.toISOString() }
}

/** A date or time; without a zone it is UTC. */
function timeOf(text: string): Date {
  const hasTime = /[T ]/.test(text)
  const hasZone = /(?:Z|[+-]\d{2}:?\d{2})$/.test(text) && hasTime
  return new Date(hasTime && !hasZone ? `${text.replace(' ', 'T')}Z` : text.replace(' ', 'T'))
}

function totalOf(spans: readonly Numbers[]): Numbers {
  const names = Object.keys(numbersSchema.shape) as (keyof Numbers)[]
  const sum = (name: keyof Numbers): number => spans.reduce((all, span) => all + span[name], 0)
  return Object.fromEntries(names.map((name) => [name, sum(name)])) as Numbers
}
