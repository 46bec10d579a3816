// What is kept, what will be removed, and when: counted by the rules that remove it.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import type { Retention } from '../core/namespaceSettings.ts'
import { cutoffsAt, retentionKinds } from '../core/retention.ts'
import { dueAt, heldNow, jobsToGo, type Held } from '../db/retention/forecast.ts'
import type { Namespace } from '../db/imports.ts'
import { readSettings } from '../db/settings.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'

const amountSchema = z.object({ count: z.int(), bytes: z.int() })

export const forecastSchema = z
  .object({
    at: z.string(),
    kinds: z.array(
      z.object({
        kind: z.enum(retentionKinds),
        days: z.int().nullable().meta({ description: 'How long it is kept; null: for ever.' }),
        kept: amountSchema.meta({ description: 'What there is now. Records and changes are estimated.' }),
        oldest: z.string().nullable(),
        firstGoes: z
          .string()
          .nullable()
          .meta({ description: 'When the oldest of it goes; null: nothing does.' }),
        due: z
          .object({ now: amountSchema, in7Days: amountSchema, in30Days: amountSchema })
          .meta({ description: 'What the next night removes, and what will have gone after 7 and 30 days.' }),
        settlesAtBytes: z.int().nullable().meta({
          description:
            'How large it becomes if as much goes on coming as in the last 30 days; null: it grows.',
        }),
      }),
    ),
    jobs: z
      .array(z.object({ job: z.string(), state: z.string(), goes: z.string() }))
      .meta({ description: 'Jobs that go within 30 days, the first of them first.' }),
  })
  .meta({ id: 'RetentionForecast' })
export type RetentionForecast = z.infer<typeof forecastSchema>

const day = 86_400_000
const jobsShown = 50

const asIf = z
  .union([z.literal('never'), z.coerce.number<number>().int().min(1).max(3_650)])
  .optional()
  .meta({ description: 'As if it were kept so many days; never: as if it were kept for ever.' })

const forecastQuery = z.object({
  jobs: asIf,
  landings: asIf,
  ledger: asIf,
  changes: asIf,
  artifacts: asIf,
  logs: asIf,
  audit: asIf,
  pausedDefinitions: z
    .stringbool()
    .optional()
    .meta({ description: 'As if definitions of paused jobs were kept, or not.' }),
})

export const retentionRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/retention/forecast',
    {
      schema: {
        tags: ['retention'],
        summary: 'What will be removed, how much and when',
        description:
          'By the settings, or as if they were others: what a change would remove, before it is made.',
        params: namespaceParams,
        querystring: forecastQuery,
        response: { 200: forecastSchema, ...failures },
      },
    },
    async (request) => forecast(context, await namespaceOf(context, request.params.namespace), request.query),
  )
}

async function forecast(
  context: ApiContext,
  namespace: Namespace,
  instead: z.infer<typeof forecastQuery>,
): Promise<RetentionForecast> {
  const { pool } = context.database
  const place = { id: namespace.id, schema: namespace.schema }
  const retention = asked((await readSettings(pool, namespace.id)).retention, instead)
  const now = Date.parse(context.now())
  const paused = !retention.pausedDefinitions
  const at = (days: number) => dueAt(pool, place, cutoffsAt(retention, now + days * day), paused)
  const [held, due, week, month] = [await heldNow(pool, place), await at(0), await at(7), await at(30)]
  const kinds = held.map((one) => {
    const { kind, count, bytes, oldest } = one
    const days = retention[kind]
    const removed = { now: due[kind], in7Days: week[kind], in30Days: month[kind] }
    const firstGoes = oldest === null || days === null ? null : goesAt(oldest, days, kind === 'ledger')
    return {
      kind,
      days,
      kept: { count, bytes },
      oldest,
      firstGoes,
      due: removed,
      settlesAtBytes: settles(one, days),
    }
  })
  const cutoff = cutoffsAt(retention, now + 30 * day).jobs
  const going = cutoff === null ? [] : await jobsToGo(pool, place, cutoff, paused, jobsShown)
  return {
    at: context.now(),
    kinds,
    jobs: going.map(({ name: job, state, since }) => ({
      job,
      state,
      goes: goesAt(since, retention.jobs!, false),
    })),
  }
}

/** The settings, with what is asked for instead. */
function asked(kept: Retention, instead: z.infer<typeof forecastQuery>): Retention {
  const named = Object.entries(instead).filter(([, value]) => value !== undefined)
  return {
    ...kept,
    ...Object.fromEntries(named.map(([name, value]) => [name, value === 'never' ? null : value])),
  }
}

/** A month of the ledger goes as a whole, when its last day is old enough. */
function goesAt(oldest: string, days: number, whole: boolean): string {
  const from = new Date(oldest)
  const begins = whole ? Date.UTC(from.getUTCFullYear(), from.getUTCMonth() + 1, 1) : from.getTime()
  return new Date(begins + days * day).toISOString()
}

function settles({ recentBytes }: Held, days: Retention['jobs']): number | null {
  return days === null ? null : Math.round((recentBytes / 30) * days)
}
