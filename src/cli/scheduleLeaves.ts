// `sluice schedule …`: how it is typed; and the flags that say when a job runs, shared with `sluice job create|edit`.
import type { Command } from 'commander'
import { client, type Leaf } from './leaf.ts'

/** When something runs: one of the six kinds, its zone and its bounds. */
export function withScheduleFlags(command: Command): Command {
  return command
    .option('--every <distance>', '15m, 2h or 1d')
    .option('--times-per-day <n>', 'evenly spread, from --at on (default: midnight)')
    .option('--days <days>', 'days of the week, such as mon,fri')
    .option('--day-of-month <n>', 'a day of the month, or last')
    .option('--weekday-of-month <which day>', "such as 'first monday' or 'last friday'")
    .option('--cron <expression>', 'five fields, as in a crontab')
    .option('--at <time>', 'time of the day, such as 06:30; alone: every day')
    .option('--zone <zone>', 'time zone, such as Europe/Vienna (default: that of the namespace)')
    .option('--start <time>', 'not before, such as 2026-03-01T00:00:00Z')
    .option('--end <time>', 'not after; then the job is completed')
    .option('--quiet <hours>', 'begins nothing by itself in these hours, such as 22:00-06:00; none')
}

export const scheduleLeaves: readonly Leaf[] = [
  {
    typed: 'preview [job]',
    does: 'the next runs of a job, or of a schedule before it is saved',
    options: (c) =>
      withScheduleFlags(client(c))
        .option('--count <n>', 'how many', '10')
        .option('--in <zone>', 'show times in this zone as well (default: that of this machine)'),
    load: async () => (await import('./schedule.ts')).previewSchedule,
  },
]
