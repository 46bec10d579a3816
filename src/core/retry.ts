// What a run of trigger `retry` keeps in its settings: whose child it is, and where its records come from.
import { z } from 'zod'
import { dialectSchema } from './dialect.ts'

export const retrySettingsSchema = z
  .object({
    /** The newest of the runs whose records are retried: r1042. Job and mapping are those of this one. */
    parent: z.string(),
    /** All of them, oldest first. */
    parents: z.array(z.string()),
    /** How the content is read, where that is not as the job says: a corrected error file is a file of its own. */
    reading: z.object({ dialect: dialectSchema, columns: z.array(z.string()) }),
    /** Records chosen from the landing of an earlier run; without it the landing is a corrected error file. */
    selection: z
      .object({
        /** The blob that lists them (core/selection.ts). */
        key: z.string(),
        records: z.int(),
        /** The run whose landing and record index they are read from. */
        source: z.int(),
      })
      .optional(),
  })
  .meta({ id: 'RetrySettings' })

export type RetrySettings = z.infer<typeof retrySettingsSchema>

/** The settings of a child run; null for any other run. */
export function retryOf(trigger: string, settings: unknown): RetrySettings | null {
  return trigger === 'retry' ? retrySettingsSchema.parse(settings) : null
}
