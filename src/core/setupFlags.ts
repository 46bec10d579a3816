// The flags that set up a job: `--folder 'in/*.csv' --days mon,fri --at 06:30`, as parts of its setup. Pure, so that help and tests share it.
import { approvalSchema } from './approval.ts'
import { kebab, minutesIn, noneIsNull, parsed, refuse, wholeNumber } from './flagValues.ts'
import type { JobSetup } from './jobSetup.ts'
import { nearest } from './nearest.ts'
import { policiesFromFlags, type PolicyFlags } from './policyFlags.ts'
import { scheduleSchema, weekdays, type Schedule } from './setup/schedule.ts'
import { sourceSchema, type FolderSource, type Source } from './setup/source.ts'

export interface SetupFlags extends PolicyFlags {
  readonly description?: string
  readonly folder?: string
  readonly byHand?: boolean
  readonly profiles?: boolean
  readonly where?: readonly string[]
  readonly part?: string
  readonly take?: string
  readonly maxAge?: string
  readonly marker?: string
  readonly onArrival?: boolean
  readonly expectedBy?: string
  readonly every?: string
  readonly timesPerDay?: string
  readonly days?: string
  readonly dayOfMonth?: string
  readonly weekdayOfMonth?: string
  readonly cron?: string
  readonly at?: string
  readonly zone?: string
  readonly start?: string
  readonly end?: string
  readonly missed?: string
  readonly overlap?: string
  /** False: --no-schedule. */
  readonly schedule?: boolean
  readonly after?: string
  readonly lane?: string
  readonly skipSeen?: boolean
  readonly approval?: string
}

/** The parts of a setup that flags change, each as a whole. Throws `usage.unknown` naming the flag. */
export function setupFromFlags(flags: SetupFlags, before: JobSetup): Partial<JobSetup> {
  const source = sourceOf(flags, before.source)
  const schedule = scheduleOf(flags, before.schedule)
  return {
    ...(flags.description === undefined ? {} : { description: flags.description }),
    ...(source === undefined ? {} : { source }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(flags.after === undefined ? {} : { after: flags.after === 'none' ? null : flags.after }),
    ...(flags.lane === undefined ? {} : { lane: flags.lane }),
    ...(flags.skipSeen === undefined ? {} : { skipSeen: flags.skipSeen }),
    ...(flags.approval === undefined
      ? {}
      : { approval: parsed(approvalSchema, flags.approval.replace('-', '_'), '--approval') }),
    ...policiesFromFlags(flags, before),
  }
}

function sourceOf(flags: SetupFlags, before: Source): Source | undefined {
  const named = [flags.folder !== undefined, flags.byHand === true, flags.profiles === true]
  if (named.filter(Boolean).length > 1)
    throw refuse('--folder, --by-hand and --profiles each say where records come from; keep one.')
  if (flags.byHand === true) return { kind: 'upload' }
  const more = folderFlags(flags)
  if (flags.profiles === true || (flags.where !== undefined && before.kind === 'profiles')) {
    if (Object.keys(more).length > 0) throw refuse(`${flagNames(more)} is about files in a folder.`)
    return parsed(sourceSchema, { kind: 'profiles', where: flags.where ?? [] }, '--where')
  }
  if (flags.where !== undefined) throw refuse('--where chooses profiles; it needs --profiles.')
  if (flags.folder === undefined && Object.keys(more).length === 0) return undefined
  if (flags.folder === undefined && before.kind !== 'folder')
    throw refuse(`${flagNames(more)} is about files in a folder; say which with --folder 'in/*.csv'.`)
  const kept = before.kind === 'folder' ? before : { kind: 'folder' as const }
  const place = flags.folder === undefined ? {} : placeOf(flags.folder)
  return parsed(sourceSchema, { ...kept, ...place, ...more }, '--folder')
}

/** `in/*.csv` → folder in, names *.csv. A last part without * ? { or a dot is a folder. */
export function placeOf(text: string): Pick<FolderSource, 'path' | 'pattern'> {
  const trimmed = text.replace(/^\.\//, '')
  const cut = trimmed.lastIndexOf('/')
  const last = trimmed.slice(cut + 1)
  const isName = /[*?{.]/.test(last) && last !== '.' && last !== '..'
  if (!isName) return { path: trimmed.replace(/\/+$/, '').replace(/^\.$/, ''), pattern: '*' }
  return { path: cut === -1 ? '' : trimmed.slice(0, cut), pattern: last }
}

const folderFlagNames: Readonly<Record<string, string>> = {
  part: '--part',
  take: '--take',
  maxAgeHours: '--max-age',
  marker: '--marker',
  onArrival: '--on-arrival',
  expectedBy: '--expected-by',
}

function folderFlags(flags: SetupFlags): Record<string, unknown> {
  const { part, take, maxAge, marker, onArrival, expectedBy } = flags
  return Object.fromEntries(
    Object.entries({
      part: noneIsNull(part),
      take,
      maxAgeHours:
        maxAge === undefined || maxAge === 'none' ? noneIsNull(maxAge) : wholeNumber(maxAge, '--max-age'),
      marker: noneIsNull(marker),
      onArrival,
      expectedBy: noneIsNull(expectedBy),
    }).filter(([, value]) => value !== undefined),
  )
}

function flagNames(more: Record<string, unknown>): string {
  return Object.keys(more)
    .map((name) => folderFlagNames[name])
    .join(', ')
}

const ruleFlags = ['every', 'timesPerDay', 'days', 'dayOfMonth', 'weekdayOfMonth', 'cron'] as const

/** The flags of settings that are not called as they are. */
const scheduleFlags = {
  from: '--at',
  times: '--times-per-day',
  day: '--day-of-month',
  minutes: '--every',
  expression: '--cron',
}

function scheduleOf(flags: SetupFlags, before: Schedule | null): Schedule | null | undefined {
  const given = ruleFlags.filter((name) => flags[name] !== undefined)
  if (given.length > 1)
    throw refuse(
      'A job has one schedule: --every, --times-per-day, --days, --day-of-month, --weekday-of-month or --cron.',
    )
  const { zone, start, end, missed, overlap } = flags
  const around = Object.fromEntries(
    Object.entries({
      zone: noneIsNull(zone),
      start: noneIsNull(start),
      end: noneIsNull(end),
      missed: missed?.replace('-', '_'),
      overlap,
    }).filter(([, value]) => value !== undefined),
  )
  const isRule = given.length === 1 || flags.at !== undefined
  if (flags.schedule === false) {
    if (isRule || Object.keys(around).length > 0)
      throw refuse('--no-schedule goes with no other flag of a schedule.')
    return null
  }
  if (!isRule && Object.keys(around).length === 0) return undefined
  if (!isRule && before === null)
    throw refuse('--zone, --start, --end, --missed and --overlap need a schedule, such as --every 15m.')
  const kept = before ?? {}
  const rule = isRule ? ruleOf(flags, given[0]) : before?.rule
  return parsed(scheduleSchema, { ...kept, ...around, rule }, scheduleFlags)
}

function ruleOf(flags: SetupFlags, name: (typeof ruleFlags)[number] | undefined): object {
  const at = (): string => {
    if (flags.at === undefined) throw refuse(`--${kebab(name ?? 'days')} needs a time: --at 06:30.`)
    return flags.at
  }
  switch (name) {
    case undefined:
      return { kind: 'weekdays', days: [...weekdays], at: at() }
    case 'every':
      if (flags.at !== undefined)
        throw refuse('--every goes by itself; for a time of the day use --days or --at alone.')
      return { kind: 'every', minutes: minutesIn(flags.every!) }
    case 'timesPerDay': {
      const times = wholeNumber(flags.timesPerDay!, '--times-per-day')
      return { kind: 'times_per_day', times, ...(flags.at === undefined ? {} : { from: flags.at }) }
    }
    case 'days':
      return { kind: 'weekdays', days: flags.days!.split(',').map(weekdayNamed), at: at() }
    case 'dayOfMonth':
      if (flags.dayOfMonth === 'last') return { kind: 'day_of_month', day: 31, missing: 'last_day', at: at() }
      return { kind: 'day_of_month', day: wholeNumber(flags.dayOfMonth!, '--day-of-month'), at: at() }
    case 'weekdayOfMonth': {
      const [which = '', day = ''] = flags.weekdayOfMonth!.trim().split(/\s+/)
      return { kind: 'weekday_of_month', which: which.toLowerCase(), day: weekdayNamed(day), at: at() }
    }
    case 'cron':
      if (flags.at !== undefined) throw refuse('--cron says the time itself; leave --at out.')
      return { kind: 'cron', expression: flags.cron! }
  }
}

/** mon, Monday, mo → monday. */
function weekdayNamed(text: string): string {
  const name = text.trim().toLowerCase()
  const fitting = name.length < 2 ? [] : weekdays.filter((day) => day.startsWith(name))
  if (fitting.length === 1) return fitting[0]!
  const near = nearest(name, weekdays)
  throw refuse(
    `${text} is no day of the week${near === undefined ? ': write mon, tue, wed…' : `; is it ${near}?`}`,
  )
}
