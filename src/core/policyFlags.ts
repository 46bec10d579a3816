// The flags of what a job does about hours, failures, records that wait, and whom it tells: as parts of its setup. Pure.
import { minutesIn, noneIsNull, parsed, refuse, unitMinutes, wholeNumber } from './flagValues.ts'
import type { JobSetup } from './jobSetup.ts'
import { nearest } from './nearest.ts'
import { countedNumbers } from './numbers.ts'
import {
  failurePolicySchema,
  notifySchema,
  quietSchema,
  recordRetrySchema,
  stagedSchema,
  thresholdPeriods,
  thresholdsSchema,
} from './setup/policies.ts'

export interface PolicyFlags {
  readonly quiet?: string
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
  readonly threshold?: readonly string[]
}

/** The policies that flags change, each as a whole. Throws `usage.unknown` naming the flag. */
export function policiesFromFlags(flags: PolicyFlags, before: JobSetup): Partial<JobSetup> {
  const parts = {
    quiet: quietOf(flags, before),
    failure: failureOf(flags, before),
    staged: stagedOf(flags, before),
    recordRetry: recordRetryOf(flags, before),
    notify: notifyOf(flags, before),
    thresholds: thresholdsOf(flags),
  }
  return Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined))
}

/** 22:00-06:00, with a zone of its own behind a blank where it has one; none. */
function quietOf({ quiet }: PolicyFlags, before: JobSetup): JobSetup['quiet'] | undefined {
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

function failureOf(flags: PolicyFlags, before: JobSetup): JobSetup['failure'] | undefined {
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
  { stagedEvery, stagedPerRun }: PolicyFlags,
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
  { retryCodes, retryTimes, retryEvery }: PolicyFlags,
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

function notifyOf(flags: PolicyFlags, before: JobSetup): JobSetup['notify'] | undefined {
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

function thresholdsOf({ threshold }: PolicyFlags): JobSetup['thresholds'] | undefined {
  if (threshold === undefined) return undefined
  if (threshold.includes('none')) {
    if (threshold.length > 1) throw refuse('--threshold none goes with no other --threshold.')
    return []
  }
  return parsed(thresholdsSchema, threshold.map(thresholdOf), '--threshold')
}

/** added/day=100..5000, failed/hour=..50, 'added/week=1000.. tolerate 2' */
function thresholdOf(text: string): object {
  const [, counter, per, min, max, tolerated] =
    /^(\w+)\/(\w+)=(\d{0,15})\.\.(\d{0,15})(?:\s+tolerate\s+(\d{1,6}))?$/.exec(text.trim()) ?? []
  if (counter === undefined || per === undefined)
    throw refuse(
      `--threshold takes a number, a period and its limits, such as added/day=100..5000, failed/hour=..50, 'added/week=1000.. tolerate 2', or none; not ${text}.`,
    )
  const bound = (digits: string | undefined): number | null =>
    digits === undefined || digits === '' ? null : Number(digits)
  return {
    counter: knownWord(counter, countedNumbers),
    per: knownWord(per, thresholdPeriods),
    min: bound(min),
    max: bound(max),
    tolerated: Number(tolerated ?? 0),
  }
}

function knownWord(word: string, known: readonly string[]): string {
  const name = word.toLowerCase()
  if (known.includes(name)) return name
  const near = nearest(name, known)
  throw refuse(
    `--threshold knows ${known.join(', ')}; not ${word}${near === undefined ? '' : `. Is it ${near}?`}`,
  )
}
