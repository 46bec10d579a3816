// What retrying and skipping records answers.
import { z } from 'zod'

const leftSchema = z
  .array(z.object({ why: z.string(), count: z.int(), record: z.string() }))
  .meta({ description: 'Records left as they are, by reason, with the first of each.' })

export const retryAnswerSchema = z.object({
  changed: z.int().meta({ description: 'Records that are retried.' }),
  left: leftSchema,
  runs: z.array(
    z.object({
      run: z.string().nullable().meta({ description: 'The child run; null when only counted.' }),
      parent: z.string(),
      records: z.int(),
      version: z.int().meta({ description: 'The version of the job that is used.' }),
      parentVersion: z.int(),
      latest: z.int().meta({ description: 'The newest version of the job.' }),
      note: z.string().nullable(),
    }),
  ),
})
export type RetryAnswerView = z.infer<typeof retryAnswerSchema>

export const skipAnswerSchema = z.object({ changed: z.int(), left: leftSchema })
export type SkipAnswerView = z.infer<typeof skipAnswerSchema>
