// Which lines of the log people are told of, and why: one message per change of health, not per attempt (BL-24, BS-D08). Pure.
import type { FlatCounters } from '../law.ts'
import { toCounters } from '../law.ts'
import type { LogKind } from '../logKinds.ts'
import type { Problem } from '../problem.ts'
import { approvalKinds, type ApprovalNews } from './approvalNews.ts'
import type { RunState } from '../run.ts'
import type { Notify } from '../setup/policies.ts'
import { ordinaryTriggers, type Trigger } from '../triggers.ts'

/** A line of the log with what it is about. */
export interface News {
  readonly kind: LogKind
  /** ISO 8601. */
  readonly at: string
  readonly namespace: string
  readonly job: string | null
  readonly run: RunNews | null
  readonly problem: Problem | null
  readonly details: Readonly<Record<string, unknown>>
  /** Of what waits for somebody else, or was decided. */
  readonly approval?: ApprovalNews
}

export interface RunNews {
  readonly id: number
  readonly number: number
  readonly state: RunState
  readonly trigger: Trigger
  readonly dryRun: boolean
  readonly file: string | null
  readonly total: number | null
  readonly counters: FlatCounters
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** Why a message is sent. */
export const causes = [
  'run',
  'trouble',
  'recovered',
  'failed_share',
  'silence',
  'quota',
  'threshold',
  'approval',
  'decision',
  'test',
] as const
export type Cause = (typeof causes)[number]

/** Kinds that say a job is in trouble, that it is well again, and that a run came to an end or needs a person. */
const trouble: readonly LogKind[] = ['failed', 'partial', 'halted', 'held', 'job_halted', 'stalled']
const wellAgain: LogKind = 'synced'
const runEnds: readonly LogKind[] = ['synced', 'failed', 'partial', 'halted', 'held', 'stopped', 'skipped']
const silence: readonly LogKind[] = ['did_not_run', 'file_missing']
const quota: readonly LogKind[] = ['quota_step', 'quota_reached']
const thresholds: readonly LogKind[] = ['threshold', 'threshold_ok']

/** Every kind that may become a message; lines of others are passed over without a look. */
export const newsKinds: readonly LogKind[] = [
  ...new Set([...trouble, ...runEnds, ...silence, ...quota, ...thresholds, ...approvalKinds]),
]

export interface Verdict {
  /** Null: nobody is told. */
  readonly cause: Cause | null
  /** Whether the job is in trouble now. */
  readonly inTrouble: boolean
}

/** Decides whether people are told, given whether the job was in trouble before. */
export function judgeNews(news: News, notify: Notify, wasInTrouble: boolean): Verdict {
  const { kind, run } = news
  const ordinary = run === null || ordinaryTriggers.includes(run.trigger)
  const bad = trouble.includes(kind)
  const inTrouble = !ordinary ? wasInTrouble : bad || (kind !== wellAgain && wasInTrouble)
  return { cause: run?.dryRun === true ? null : causeOf(news, notify, wasInTrouble, ordinary), inTrouble }
}

function causeOf(news: News, notify: Notify, wasInTrouble: boolean, ordinary: boolean): Cause | null {
  const { kind, run } = news
  if (silence.includes(kind)) return 'silence'
  if (quota.includes(kind)) return 'quota'
  if (thresholds.includes(kind)) return 'threshold'
  // Undos and retries are made by people who are looking.
  if (!ordinary) return null
  const bad = trouble.includes(kind)
  if (notify.when === 'each_run' && runEnds.includes(kind)) return bad ? 'trouble' : 'run'
  if (notify.when === 'failures' && bad) return 'trouble'
  if (notify.when === 'health' && bad && !wasInTrouble) return 'trouble'
  if (notify.when === 'health' && kind === wellAgain && wasInTrouble) return 'recovered'
  const over = notify.failedOverPercent
  return over !== null && run !== null && kind === wellAgain && failedPercent(run) > over
    ? 'failed_share'
    : null
}

/** What one evaluation of numbers finds goes to one person in one mail. */
const gatheredMs = 2 * 60_000

/** When mail about it is sent together with what was found at the same time, ISO 8601; null: it is sent by itself. */
export function gatheredAt({ details }: Pick<News, 'details'>, cause: Cause): string | null {
  const { judgedAt } = details
  if (cause !== 'threshold' || typeof judgedAt !== 'string') return null
  return new Date(Date.parse(judgedAt) + gatheredMs).toISOString()
}

/** Failed records of a run in percent of all (Bluecore's Failed %); 0 where nothing was read. */
export function failedPercent({ total, counters }: RunNews): number {
  if (total === null || total === 0) return 0
  return (toCounters(counters, total).failed.total / total) * 100
}

/** Whom it may concern: those the job names, else those of the namespace. */
export function notifyOf(job: Notify | null, namespace: Notify): Notify {
  return job !== null && job.emails.length + job.webhooks.length > 0 ? job : namespace
}
