// What comes of a schedule: of a job's, or of one that is being written; and of how long its runs usually take.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { densityProblem, nextRuns, scheduleProblem, zoneProblem } from '../core/schedule/preview.ts'
import { offsetText, scheduleSentence } from '../core/schedule/words.ts'
import { quietSchema } from '../core/setup/policies.ts'
import { scheduleSchema } from '../core/setup/schedule.ts'
import type { Namespace } from '../db/imports.ts'
import { findSchedule, usualSeconds, type JobSchedule } from '../db/read/schedules.ts'
import { readSettings } from '../db/settings.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'
import { problemView, problemViewSchema } from './runView.ts'

const orderSchema = z.object({
  job: z
    .string()
    .optional()
    .meta({ description: 'The name or id of a job: its schedule, or how long its runs usually take.' }),
  schedule: scheduleSchema.optional().meta({ description: 'Without it, that of the job.' }),
  quiet: quietSchema
    .nullable()
    .optional()
    .meta({ description: 'Quiet hours; without it, those of the job.' }),
  zone: z
    .string()
    .optional()
    .meta({ description: 'The time zone of whoever looks: times are answered in it as well.' }),
  count: z.int().min(1).max(100).default(10),
})

const previewSchema = z
  .object({
    job: z.string().nullable(),
    sentence: z.string().meta({ description: 'The schedule in words.' }),
    zone: z
      .string()
      .meta({ description: 'The time zone of the schedule; its own, or that of the namespace.' }),
    usualSeconds: z.number().nullable().meta({ description: 'The median of the last five runs of the job.' }),
    warnings: z.array(problemViewSchema).meta({ description: 'It can be used, but look at these.' }),
    next: z
      .array(
        z.object({
          at: z.string().meta({ description: 'In UTC.' }),
          local: z.string().meta({ description: 'The same instant in the zone of the schedule.' }),
          viewer: z.string().nullable().meta({ description: 'And in the zone of whoever looks.' }),
          runs: z.boolean().meta({ description: 'False: nothing runs; the note says why.' }),
          note: problemViewSchema
            .nullable()
            .meta({ description: 'A month without the day, quiet hours, or a change of clocks.' }),
        }),
      )
      .meta({ description: 'Fewer than asked for: its end is reached.' }),
  })
  .meta({ id: 'SchedulePreview' })
export type SchedulePreview = z.infer<typeof previewSchema>

export const scheduleRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/schedules/preview',
    {
      schema: {
        tags: ['schedules'],
        summary: 'The next runs of a schedule, with skipped days, quiet hours and changes of clocks marked',
        params: namespaceParams,
        body: orderSchema,
        response: { 200: previewSchema, ...failures },
      },
    },
    async (request) => preview(context, await namespaceOf(context, request.params.namespace), request.body),
  )
}

async function preview(
  context: ApiContext,
  namespace: Namespace,
  order: z.infer<typeof orderSchema>,
): Promise<SchedulePreview> {
  const { pool } = context.database
  const now = Date.parse(context.now())
  const job = order.job === undefined ? undefined : await jobNamed(context, namespace, order.job)
  const schedule = order.schedule ?? job?.schedule ?? undefined
  if (schedule === undefined)
    throw job === undefined
      ? failure('invalid_request', { detail: 'it names neither a job nor a schedule.' })
      : failure('schedule.none', { job: job.name })
  const zone = schedule.zone ?? (await readSettings(pool, namespace.id)).zone
  const wrong =
    scheduleProblem(schedule, zone, now) ?? (order.zone === undefined ? null : zoneProblem(order.zone))
  if (wrong !== null) throw new SluiceError(wrong)
  const timing = { schedule, zone, activation: job?.activation ?? now }
  const usual = job === undefined ? null : await usualSeconds(pool, job.id)
  const quiet = order.quiet === undefined ? (job?.quiet ?? null) : order.quiet
  const dense = densityProblem(timing, now, usual)
  return {
    job: job?.name ?? null,
    sentence: scheduleSentence(schedule, zone),
    zone,
    usualSeconds: usual,
    warnings: dense === null ? [] : [problemView(dense)],
    next: nextRuns(timing, now, order.count, quiet).map(({ note, ...one }) => ({
      ...one,
      viewer: order.zone === undefined ? null : offsetText(Date.parse(one.at), order.zone),
      note: note === null ? null : problemView(note),
    })),
  }
}

async function jobNamed(context: ApiContext, namespace: Namespace, name: string): Promise<JobSchedule> {
  const found = await findSchedule(context.database.pool, namespace, name)
  if (found === undefined) throw failure('not_found', { noun: 'job', id: name })
  return found
}
