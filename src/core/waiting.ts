// Records that wait: which runs leave theirs to be processed later, which failures are tried again, and when. Pure.
import { z } from 'zod'
import { dialectSchema } from './dialect.ts'
import type { JobSetup } from './jobSetup.ts'
import { retryOf } from './retry.ts'
import type { RecordRetry } from './setup/policies.ts'

/** What a run of trigger `process` keeps in its settings: the waiting records it settles, and how they are read. */
export const processSettingsSchema = z
  .object({
    /** The runs that have the records: r1042. */
    parents: z.array(z.string()),
    /** Dialect and columns of the landings; all of a processing run are read alike. */
    reading: z.object({ dialect: dialectSchema, columns: z.array(z.string()) }),
    process: z.object({
      /** The blob that lists them (core/selection.ts). */
      key: z.string(),
      records: z.int(),
      /** In this order: so many records each, read from the landing and by the record index of the run. */
      parts: z.array(z.object({ source: z.int(), records: z.int() })),
    }),
  })
  .meta({ id: 'ProcessSettings' })
export type ProcessSettings = z.infer<typeof processSettingsSchema>

/** The settings of a processing run; null for any other run. */
export function processOf(trigger: string, settings: unknown): ProcessSettings | null {
  return trigger === 'process' ? processSettingsSchema.parse(settings) : null
}

interface RunLike {
  readonly trigger: string
  readonly setup: JobSetup
  readonly settings: unknown
}

/** Whether a run reads its own records: an undo looks at profiles, a processing run and corrections at records of others. */
function readsOwn({ trigger, settings }: RunLike): boolean {
  if (trigger === 'undo' || trigger === 'process' || trigger === 'mirror') return false
  const retry = retryOf(trigger, settings)
  return retry === null || retry.selection !== undefined
}

/** Whether a run leaves its records as `new`, for processing runs to take (staged jobs; AL-D03). */
export function leavesNew(run: RunLike): boolean {
  return run.setup.staged !== null && readsOwn(run)
}

/** By which rule failed records of a run are tried again; null: they stay failed. */
export function retryRuleOf(run: RunLike): RecordRetry | null {
  return run.trigger === 'process' || readsOwn(run) ? run.setup.recordRetry : null
}

/** Whether a rule names this problem code (AL-07); `*` at the end of a code stands for any ending. */
export function isRetried({ codes }: RecordRetry, code: string): boolean {
  return codes.some((one) => (one.endsWith('*') ? code.startsWith(one.slice(0, -1)) : one === code))
}

/** When the next processing run of a staged job is due. `last`: when the last one was, null: never. Milliseconds. */
export function processingDue({ staged }: JobSetup, last: number | null): number {
  return staged === null || last === null ? 0 : last + staged.everyMinutes * 60_000
}

/** Records of one processing run where the job names no number: one transaction takes them. */
export const processedMax = 200_000
