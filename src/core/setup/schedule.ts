// When a job runs (design section 8): six kinds, a zone, a beginning, an end, and what to do about missed and overlapping runs.
import { z } from 'zod'
import { timeOfDay as time } from './times.ts'

export const weekdays = [
  'monday',
  'tuesday',
  'wednesday',
  'thursday',
  'friday',
  'saturday',
  'sunday',
] as const
const weekday = z.enum(weekdays)

const kinds = z.discriminatedUnion('kind', [
  /** BL-04: evenly spaced from `from`. */
  z.object({
    kind: z.literal('times_per_day'),
    times: z.int().min(1).max(1440),
    from: time.default('00:00'),
  }),
  /** BL-06. */
  z.object({ kind: z.literal('weekdays'), days: z.array(weekday).min(1), at: time }),
  /** BL-07, BL-08: a day that does not occur is skipped, or the last day is taken. */
  z.object({
    kind: z.literal('day_of_month'),
    day: z.int().min(1).max(31),
    at: time,
    missing: z.enum(['skip', 'last_day']).default('skip'),
  }),
  /** BL-09. */
  z.object({
    kind: z.literal('weekday_of_month'),
    which: z.enum(['first', 'second', 'third', 'fourth', 'last']),
    day: weekday,
    at: time,
  }),
  z.object({ kind: z.literal('every'), minutes: z.int().min(1).max(525_600) }),
  z.object({ kind: z.literal('cron'), expression: z.string().min(1).max(200) }),
])

export const scheduleSchema = z
  .object({
    rule: kinds,
    /** IANA time zone; null: that of the namespace. */
    zone: z.string().nullable().default(null),
    /** First and last instant, ISO 8601; null: from activation, without end. At its end the job is completed (BS-06). */
    start: z.iso.datetime({ offset: true }).nullable().default(null),
    end: z.iso.datetime({ offset: true }).nullable().default(null),
    /** Occurrences nobody was there for: none is made up, or one run for all of them. */
    missed: z.enum(['skip', 'run_once']).default('run_once'),
    /** Due while the last run is still open: wait behind it (one at most), or skip this occurrence. */
    overlap: z.enum(['queue', 'skip']).default('queue'),
  })
  .meta({ id: 'Schedule' })
export type Schedule = z.infer<typeof scheduleSchema>
export type ScheduleRule = Schedule['rule']
