// What holds for a whole namespace: its words, its zone, its quota, how long things are kept.
import { z } from 'zod'
import { approvalSchema } from './approval.ts'
import { notifySchema } from './setup/policies.ts'
import { zoneName } from './setup/times.ts'

/** Days that who did what is kept at least: whoever covers something up must not be able to wait for it. */
export const auditDaysLeast = 90

const days = (fallback: number, least = 1) => z.int().min(least).max(3_650).nullable().default(fallback)

export const dialectNames = ['sluice', 'blueshift', 'bluecore', 'blueconic', 'lytics', 'alumio'] as const
export type VendorDialect = (typeof dialectNames)[number]

/** Days things are kept; null: for ever (design section 7, LY-13 to LY-15, E17). */
export const retentionSchema = z.object({
  jobs: days(90),
  /** A paused job's definition is kept unless asked for. */
  pausedDefinitions: z.boolean().default(true),
  landings: days(90),
  ledger: days(90),
  changes: days(90),
  artifacts: days(30),
  logs: days(30),
  audit: days(400, auditDaysLeast),
})
export type Retention = z.infer<typeof retentionSchema>

export const namespaceSettingsSchema = z
  .object({
    /** As people call the namespace; empty: by its name. */
    label: z.string().trim().max(60).default(''),
    dialect: z.enum(dialectNames).default('sluice'),
    /** IANA time zone of schedules and of the quota's month. */
    zone: zoneName.default('UTC'),
    /** Records accepted per calendar month; null: no limit. 10,000,000 is Bluecore's (BC-24). */
    quota: z.int().min(1).nullable().default(null),
    retention: retentionSchema.default(retentionSchema.parse({})),
    /** Four eyes for every job, whatever it says itself; one that asks for more keeps that. */
    approval: approvalSchema.default('none'),
    /** For jobs that name nobody. */
    notify: notifySchema.default(notifySchema.parse({})),
  })
  .meta({ id: 'NamespaceSettings' })
export type NamespaceSettings = z.infer<typeof namespaceSettingsSchema>
