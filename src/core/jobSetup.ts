// Everything about a job beside what decides the result of an import: its source, its schedule, its policies. Versioned with it.
import { z } from 'zod'
import { failurePolicySchema, notifySchema, recordRetrySchema, stagedSchema } from './setup/policies.ts'
import { scheduleSchema } from './setup/schedule.ts'
import { sourceSchema } from './setup/source.ts'

export const laneNameSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'small letters, digits, - and _')

export const jobSetupSchema = z.object({
  description: z.string().max(2_000).default(''),
  source: sourceSchema.default({ kind: 'upload' }),
  schedule: scheduleSchema.nullable().default(null),
  /** Runs when this job (by name) has ended well; null: not. */
  after: z.string().min(1).nullable().default(null),
  /** Runs of one lane go one after another (design section 8). */
  lane: laneNameSchema.default('main'),
  /** Lines that the run before delivered are left out (BL-20). */
  skipSeen: z.boolean().default(false),
  failure: failurePolicySchema.default(failurePolicySchema.parse({})),
  staged: stagedSchema.nullable().default(null),
  recordRetry: recordRetrySchema.nullable().default(null),
  notify: notifySchema.default(notifySchema.parse({})),
})
export type JobSetup = z.infer<typeof jobSetupSchema>

/** The setup of a job that was made by importing a file. */
export const uploadSetup: JobSetup = jobSetupSchema.parse({})
