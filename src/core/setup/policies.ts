// What a job does about failures, records that wait, and whom it tells (design sections 6 and 7).
import { z } from 'zod'
import { countedNumbers } from '../numbers.ts'
import { timeOfDay, zoneName } from './times.ts'

/** Failed attempts of a run, and how long a job may fail before it is halted. */
export const failurePolicySchema = z
  .object({
    /** BC-17, BC-18: a failed attempt is re-run so often, so many minutes apart. */
    reruns: z.int().min(0).max(10).default(5),
    rerunMinutes: z.int().min(1).max(360).default(15),
    /** LY-12: hours of failures without a success after which the job is halted; null: never (scheduled imports). */
    errorWindowHours: z.number().positive().max(720).nullable().default(null),
    /** Failed attempts the window must hold at least. */
    errorWindowAttempts: z.int().min(1).default(6),
  })
  .meta({ id: 'FailurePolicy' })
export type FailurePolicy = z.infer<typeof failurePolicySchema>

/** Hours of the day in which the job begins nothing by itself (LY-D05); over midnight where `to` is before `from`. */
export const quietSchema = z
  .object({
    from: timeOfDay,
    to: timeOfDay,
    /** IANA time zone; null: that of the schedule, or of the namespace. */
    zone: zoneName.nullable().default(null),
  })
  .refine(({ from, to }) => from !== to, {
    message: 'The end must be another time than the beginning',
    path: ['to'],
  })
  .meta({ id: 'Quiet' })
export type Quiet = z.infer<typeof quietSchema>

/** Landing and processing on schedules of their own: records wait as `new` in between (Alumio). */
export const stagedSchema = z
  .object({
    /** Records processed per processing run at most (AL-D03); null: all. */
    perRun: z.int().min(1).nullable().default(null),
    /** Minutes between processing runs. */
    everyMinutes: z.int().min(1).max(525_600).default(5),
  })
  .meta({ id: 'Staged' })

/** Failed records that are tried again by themselves (AL-07). */
export const recordRetrySchema = z
  .object({
    /** Problem codes; `*` at the end stands for any ending. */
    codes: z.array(z.string().min(1)).min(1),
    attempts: z.int().min(1).max(10).default(3),
    everyMinutes: z.int().min(1).max(360).default(60),
  })
  .meta({ id: 'RecordRetry' })
export type RecordRetry = z.infer<typeof recordRetrySchema>

/** Whom a job tells of what (BL-24, BC-29, BS-D08). */
export const notifySchema = z
  .object({
    emails: z.array(z.email()).max(50).default([]),
    /** Ids or names of webhooks of the namespace. */
    webhooks: z.array(z.string()).max(20).default([]),
    /** each_run: every run; failures: runs that failed, halted, were held or ended partial; health: once per change. */
    when: z.enum(['each_run', 'failures', 'health']).default('health'),
    /** Also when more than this percentage of a run's records failed; null: no. */
    failedOverPercent: z.number().min(0).max(100).nullable().default(null),
    /** Collected into one message a day at this time of the job's zone; null: at once. */
    digestAt: z
      .string()
      .regex(/^\d\d:\d\d$/)
      .nullable()
      .default(null),
  })
  .meta({ id: 'Notify' })
export type Notify = z.infer<typeof notifySchema>

/** Periods a number is watched in. */
export const thresholdPeriods = ['hour', 'day', 'week'] as const

/** A number of a job somebody watches: it is told of where the number of a period is outside its limits (LY-D09). */
export const thresholdSchema = z
  .object({
    counter: z.enum(countedNumbers),
    per: z.enum(thresholdPeriods),
    /** The least there should be; null: no such limit. */
    min: z.int().min(0).nullable().default(null),
    /** The most there should be; null: no such limit. */
    max: z.int().min(0).nullable().default(null),
    /** Periods in a row that may be outside before anybody is told. */
    tolerated: z.int().min(0).max(100).default(0),
  })
  .refine(({ min, max }) => min !== null || max !== null, {
    message: 'There must be a least number, a most, or both',
    path: ['min'],
  })
  .refine(({ min, max }) => min === null || max === null || min <= max, {
    message: 'The most must not be less than the least',
    path: ['max'],
  })
  .meta({ id: 'Threshold' })
export type Threshold = z.infer<typeof thresholdSchema>

/** Numbers that are watched of one job. */
export const thresholdsMax = 20

export const thresholdsSchema = z.array(thresholdSchema).max(thresholdsMax)
