// Schedules as a person begins with them: one for each kind of rule.
import type { JobSetup } from '../../../core/jobSetup.ts'
import { scheduleSchema, type Schedule, type ScheduleRule } from '../../../core/setup/schedule.ts'

/** What each kind begins with. */
export const firstRules = {
  weekdays: { kind: 'weekdays', days: ['monday'], at: '06:00' },
  times_per_day: { kind: 'times_per_day', times: 1, from: '06:00' },
  day_of_month: { kind: 'day_of_month', day: 1, at: '06:00', missing: 'skip' },
  weekday_of_month: { kind: 'weekday_of_month', which: 'first', day: 'monday', at: '06:00' },
  every: { kind: 'every', minutes: 15 },
  cron: { kind: 'cron', expression: '0 6 * * 1-5' },
} as const satisfies { readonly [K in ScheduleRule['kind']]: object }

/** Every Monday at six, in the zone of the namespace. */
export const weekly: Schedule = scheduleSchema.parse({ rule: firstRules.weekdays })

/** The ways a job can start by itself. */
export const ways = {
  weekdays: 'On days of the week',
  times_per_day: 'A number of times a day',
  day_of_month: 'On a day of the month',
  weekday_of_month: 'On a weekday of the month',
  every: 'Every so many minutes',
  cron: 'By a cron expression',
  after: 'After another job',
  arrival: 'Only when a file arrives',
  once: 'Once, when it is switched on',
} as const
export type Way = keyof typeof ways

/** How a job starts as it is set up; arrival beside a schedule is a matter of its own. */
export function wayOf({ schedule, after, source }: JobSetup): Way {
  if (schedule !== null) return schedule.rule.kind
  if (after !== null) return 'after'
  return source.kind === 'folder' && source.onArrival ? 'arrival' : 'once'
}

/** What changes when somebody chooses another way. */
export function changeTo(way: Way, setup: JobSetup): Partial<JobSetup> {
  const { schedule, after, source } = setup
  const arriving = (onArrival: boolean): Partial<JobSetup> =>
    source.kind === 'folder' ? { source: { ...source, onArrival } } : {}
  switch (way) {
    case 'once':
      return { schedule: null, after: null, ...arriving(false) }
    case 'arrival':
      return { schedule: null, after: null, ...arriving(true) }
    case 'after':
      return { schedule: null, after: after ?? '' }
    default: {
      const around = schedule ?? weekly
      return { schedule: { ...around, rule: firstRules[way] as ScheduleRule }, after: null }
    }
  }
}
