// The flags that set up a job: `--folder 'in/*.csv' --days mon,fri --at 06:30`, as parts of its setup. Pure, so that help and tests share it.
import { approvalSchema } from './approval.ts'
import type { JobSetup } from './jobSetup.ts'
import { nearest } from './nearest.ts'
import { failure } from './problems.ts'
import {
  failurePolicySchema,
  notifySchema,
  quietSchema,
  recordRetrySchema,
  stagedSchema,
} from './setup/policies.ts'
import { scheduleSchema, weekdays, type Schedule } from './setup/schedule.ts'
import { sourceSchema, type FolderSource, type Source } from './setup/source.ts'
import type { z } from 'zod'

export interface SetupFlags {
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
  readonly quiet?: string
  readonly lane?: string
  readonly skipSeen?: boolean
  readonly approval?: string
  readonly reruns?: string
  readonly rerunMinutes?: string
  readonly errorWindow?: string
  readonly errorWindowAttempts?: string
  readonly stagedEvery?: string
  readonly stagedPerRun?: string
  readonly retryCodes?: string
  readonly retryTimes?: string
  readonly retryEvery?: string
  readonly notify?: readonly string[]
  readonly notifyWhen?: string
  readonly notifyWebhook?: readonly string[]
  readonly notifyFailed?: string
  readonly notifyDigest?: string
}

/** The parts of a setup that flags change, each as a whole. Throws `usage.unknown` naming the flag. */
export function setupFromFlags(flags: SetupFlags, before: JobSetup): Partial<JobSetup> {
  const source = sourceOf(flags, before.source)
  const schedule = scheduleOf(flags, before.schedule)
  const quiet = quietOf(flags, before)
  const failing = failureOf(flags, before)
  const staged = stagedOf(flags, before)
  const recordRetry = recordRetryOf(flags, before)
  const notify = notifyOf(flags, before)
  return {
    ...(flags.description === undefined ? {} : { description: flags.description }),
    ...(source === undefined ? {} : { source }),
    ...(schedule === undefined ? {} : { schedule }),
    ...(flags.after === undefined ? {} : { after: flags.after === 'none' ? null : flags.after }),
    ...(quiet === undefined ? {} : { quiet }),
    ...(flags.lane === undefined ? {} : { lane: flags.lane }),
    ...(flags.skipSeen === undefined ? {} : { skipSeen: flags.skipSeen }),
    ...(flags.approval === undefined
      ? {}
      : { approval: parsed(approvalSchema, flags.approval.replace('-', '_'), '--approval') }),
    ...(failing === undefined ? {} : { failure: failing }),
    ...(staged === undefined ? {} : { staged }),
    ...(recordRetry === undefined ? {} : { recordRetry }),
    ...(notify === undefined ? {} : { notify }),
  }
}

function refuse(detail: string): Error {
  return failure('usage.unknown', { detail, command: 'sluice job create' })
}

/** Parses settings that came from flags; `flags` says which one is wrong: always the same, or by the setting's name. */
function parsed<T>(
  schema: z.ZodType<T>,
  value: unknown,
  flags: string | Readonly<Record<string, string>>,
): T {
  const read = schema.safeParse(value)
  if (read.success) return read.data
  const [issue] = read.error.issues
  // Of a list it is a member that is wrong.
  const setting = String(issue?.path.findLast((part) => typeof part === 'string'))
  const flag = typeof flags === 'string' ? flags : (flags[setting] ?? `--${kebab(setting)}`)
  throw refuse(`${flag} does not fit: ${issue?.message ?? 'unknown'}.`)
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

function noneIsNull(text: string | undefined): string | null | undefined {
  return text === 'none' ? null : text
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

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
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

const unitMinutes: Readonly<Record<string, number>> = { m: 1, min: 1, h: 60, d: 1440 }

/** 15m, 2h, 1d. */
function minutesIn(text: string): number {
  const [, count, unit] = /^(\d{1,6})\s*(m|min|h|d)$/.exec(text.trim()) ?? []
  if (count === undefined || Number(count) === 0)
    throw refuse(`--every takes a distance such as 15m, 2h or 1d; not ${text}.`)
  return Number(count) * unitMinutes[unit!]!
}

function wholeNumber(text: string, flag: string): number {
  if (/^\d{1,6}$/.test(text)) return Number(text)
  throw refuse(`${flag} takes a whole number; not ${text}.`)
}

/** 22:00-06:00, with a zone of its own behind a blank where it has one; none. */
function quietOf({ quiet }: SetupFlags, before: JobSetup): JobSetup['quiet'] | undefined {
  if (quiet === undefined) return undefined
  if (quiet === 'none') return null
  const [, from, to, zone] = /^(\d\d:\d\d)\s*[-–]\s*(\d\d:\d\d)(?:\s+(\S+))?$/.exec(quiet.trim()) ?? []
  if (from === undefined)
    throw refuse(
      `--quiet takes hours such as 22:00-06:00, '22:00-06:00 Europe/Vienna', or none; not ${quiet}.`,
    )
  return parsed(
    quietSchema,
    { ...before.quiet, from, to, ...(zone === undefined ? {} : { zone }) },
    '--quiet',
  )
}

/** The flags of settings that are not called as they are. */
const failureFlags = { errorWindowHours: '--error-window' }

function failureOf(flags: SetupFlags, before: JobSetup): JobSetup['failure'] | undefined {
  const { reruns, rerunMinutes, errorWindow, errorWindowAttempts } = flags
  const given = Object.entries({
    reruns: reruns === undefined ? undefined : wholeNumber(reruns, '--reruns'),
    rerunMinutes: rerunMinutes === undefined ? undefined : wholeNumber(rerunMinutes, '--rerun-minutes'),
    errorWindowHours: errorWindow === undefined ? undefined : windowHours(errorWindow),
    errorWindowAttempts:
      errorWindowAttempts === undefined
        ? undefined
        : wholeNumber(errorWindowAttempts, '--error-window-attempts'),
  }).filter(([, value]) => value !== undefined)
  if (given.length === 0) return undefined
  return parsed(failurePolicySchema, { ...before.failure, ...Object.fromEntries(given) }, failureFlags)
}

/** 10h, 2d, 90m; a number alone is hours; none: the job is never halted for that. */
function windowHours(text: string): number | null {
  if (text === 'none') return null
  const [, count, unit = 'h'] = /^(\d{1,5})\s*(m|min|h|d)?$/.exec(text.trim()) ?? []
  if (count === undefined || Number(count) === 0)
    throw refuse(`--error-window takes a span such as 10h or 2d, or none; not ${text}.`)
  return (Number(count) * unitMinutes[unit]!) / 60
}

function stagedOf(
  { stagedEvery, stagedPerRun }: SetupFlags,
  before: JobSetup,
): JobSetup['staged'] | undefined {
  if (stagedEvery === 'none') return null
  if (stagedEvery === undefined && stagedPerRun === undefined) return undefined
  return parsed(
    stagedSchema,
    {
      ...before.staged,
      ...(stagedEvery === undefined ? {} : { everyMinutes: minutesIn(stagedEvery) }),
      ...(stagedPerRun === undefined ? {} : { perRun: wholeNumber(stagedPerRun, '--staged-per-run') }),
    },
    '--staged-every',
  )
}

function recordRetryOf(
  { retryCodes, retryTimes, retryEvery }: SetupFlags,
  before: JobSetup,
): JobSetup['recordRetry'] | undefined {
  if (retryCodes === 'none') return null
  if (retryCodes === undefined && retryTimes === undefined && retryEvery === undefined) return undefined
  if (retryCodes === undefined && before.recordRetry === null)
    throw refuse(
      '--retry-codes says which failures are tried again, such as --retry-codes "as_of.future,email.*".',
    )
  return parsed(
    recordRetrySchema,
    {
      ...before.recordRetry,
      ...(retryCodes === undefined ? {} : { codes: retryCodes.split(',').map((code) => code.trim()) }),
      ...(retryTimes === undefined ? {} : { attempts: wholeNumber(retryTimes, '--retry-times') }),
      ...(retryEvery === undefined ? {} : { everyMinutes: minutesIn(retryEvery) }),
    },
    '--retry-codes',
  )
}

/** The flags of settings that are not called as they are. */
const notifyFlags = {
  emails: '--notify',
  webhooks: '--notify-webhook',
  when: '--notify-when',
  failedOverPercent: '--notify-failed',
  digestAt: '--notify-digest',
}

function notifyOf(flags: SetupFlags, before: JobSetup): JobSetup['notify'] | undefined {
  const { notify, notifyWhen, notifyWebhook, notifyFailed, notifyDigest } = flags
  const given = Object.entries({
    emails: notify?.includes('none') === true ? [] : notify,
    webhooks: notifyWebhook?.includes('none') === true ? [] : notifyWebhook,
    when: notifyWhen?.replace('-', '_'),
    failedOverPercent: notifyFailed === undefined ? undefined : percentOrNone(notifyFailed),
    digestAt: noneIsNull(notifyDigest),
  }).filter(([, value]) => value !== undefined)
  if (given.length === 0) return undefined
  return parsed(notifySchema, { ...before.notify, ...Object.fromEntries(given) }, notifyFlags)
}

function percentOrNone(text: string): number | null {
  if (text === 'none') return null
  const [, digits] = /^(\d{1,3}(?:\.\d{1,3})?)%?$/.exec(text.trim()) ?? []
  if (digits !== undefined) return Number(digits)
  throw refuse(`--notify-failed takes a percentage such as 5%, or none; not ${text}.`)
}
