// What retrying, skipping, settling and processing records answers.
import { z } from 'zod'

const changed = z.int().min(0)
const leftSchema = z
  .array(z.object({ why: z.string(), count: z.int(), record: z.string() }))
  .meta({ description: 'Records left as they are, by reason, with the first of each.' })
const asOf = z.string().meta({
  description: 'The instant of the selection: sent along with the order, it selects what was counted.',
})

export const retryAnswerSchema = z
  .object({
    asOf,
    changed: changed.meta({ description: 'Records that are retried.' }),
    left: leftSchema,
    runs: z.array(
      z.object({
        run: z.string().nullable().meta({ description: 'The child run; null when only counted.' }),
        parent: z.string(),
        records: z.int(),
        version: z.int().meta({ description: 'The version of the job that is used.' }),
        parentVersion: z.int(),
        latest: z.int().meta({ description: 'The newest version of the job.' }),
        staged: z.boolean().meta({
          description: 'The job processes its records later: they wait as new for its next processing run.',
        }),
        note: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'RetryAnswerView' })
export type RetryAnswerView = z.infer<typeof retryAnswerSchema>

export const skipAnswerSchema = z.object({ asOf, changed, left: leftSchema }).meta({ id: 'SkipAnswerView' })
export type SkipAnswerView = z.infer<typeof skipAnswerSchema>

export const settleAnswerSchema = z
  .object({ asOf, changed, left: leftSchema })
  .meta({ id: 'SettleAnswerView' })

export const processAnswerSchema = z
  .object({
    run: z.string().nullable().meta({ description: 'The processing run; null: nothing waits.' }),
    records: z.int().min(0),
  })
  .meta({ id: 'ProcessAnswerView' })
export type ProcessAnswerView = z.infer<typeof processAnswerSchema>
