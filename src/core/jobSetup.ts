// Everything about a job beside what decides the result of an import: its source, its schedule, its policies. Versioned with it.
import { z } from 'zod'
import { approvalSchema } from './approval.ts'
import {
  failurePolicySchema,
  notifySchema,
  quietSchema,
  recordRetrySchema,
  stagedSchema,
  thresholdsSchema,
} from './setup/policies.ts'
import { scheduleSchema } from './setup/schedule.ts'
import { sourceSchema } from './setup/source.ts'

const nameMax = 200

/** As people call it; by custom the name of its file. */
export const jobNameSchema = z
  .string()
  .min(1)
  .max(nameMax)
  .refine((name) => name.trim() === name && !/\p{Cc}/u.test(name), 'no line breaks, and no spaces around it')

/** The name of the job of a file: that of the file, as far as a job may be called so. Of a long one the middle is left out. */
export function jobNameOf(file: string): string {
  const name = file.replaceAll(/\p{Cc}+/gu, ' ').trim()
  if (name === '') return 'upload'
  if (name.length <= nameMax) return name
  // The end is what files of one kind differ by.
  return `${name.slice(0, 139).trimEnd()}…${name.slice(-60)}`.toWellFormed()
}

export const laneNameSchema = z.string().regex(/^[a-z][a-z0-9_-]{0,39}$/, 'small letters, digits, - and _')

export const jobSetupSchema = z
  .object({
    description: z.string().max(2_000).default(''),
    source: sourceSchema.default({ kind: 'upload' }),
    schedule: scheduleSchema.nullable().default(null),
    /** Runs when this job (by name) has ended well; null: not. */
    after: z.string().min(1).nullable().default(null),
    quiet: quietSchema.nullable().default(null),
    /** Runs of one lane go one after another (design section 8). */
    lane: laneNameSchema.default('main'),
    /** Lines that the run before delivered are left out (BL-20). */
    skipSeen: z.boolean().default(false),
    /** What of it needs somebody else than who asked for it (four eyes). */
    approval: approvalSchema.default('none'),
    failure: failurePolicySchema.default(failurePolicySchema.parse({})),
    staged: stagedSchema.nullable().default(null),
    recordRetry: recordRetrySchema.nullable().default(null),
    notify: notifySchema.default(notifySchema.parse({})),
    thresholds: thresholdsSchema.default([]),
  })
  .meta({ id: 'JobSetup' })
export type JobSetup = z.infer<typeof jobSetupSchema>

/** The setup of a job that was made by importing a file. */
export const uploadSetup: JobSetup = jobSetupSchema.parse({})

/**
 * What somebody wants to be different: the parts that are named, each as a whole. No default may fill in what was not
 * said.
 */
export const jobSetupChangesSchema = z.object(
  Object.fromEntries(
    Object.entries(jobSetupSchema.shape).map(([name, field]) => [name, field.unwrap().optional()]),
  ),
) as unknown as z.ZodType<Partial<JobSetup>, Partial<z.input<typeof jobSetupSchema>>>

/** A job that runs again by itself is recurring; every other is done when its run is (BS-10). */
export function kindOf({ source, schedule, after }: JobSetup): 'one_time' | 'recurring' {
  const arrives = source.kind === 'folder' && source.onArrival
  return schedule !== null || after !== null || arrives ? 'recurring' : 'one_time'
}
