// Reads what is new in the log and makes messages of it, each line once, whoever looks (issue 4 point 9).
import type pg from 'pg'
import { Temporal } from 'temporal-polyfill'
import { letterFor } from '../../core/notify/letter.ts'
import { approvalKinds } from '../../core/notify/approvalNews.ts'
import { gatheredAt, judgeNews, notifyOf, type Cause, type News } from '../../core/notify/news.ts'
import type { Notify } from '../../core/setup/policies.ts'
import type { Database } from '../../db/client.ts'
import {
  insertMessage,
  markTold,
  noteTrouble,
  orderSending,
  takeUntold,
  type Channel,
  type UntoldLine,
} from '../../db/messages.ts'
import { approvalToTell } from './tellApproval.ts'

const linesAtOnce = 500

interface Recipients {
  readonly emails: readonly string[]
  readonly webhooks: readonly string[]
}

export interface TellContext {
  readonly db: Database
  /** The address people reach this Sluice at; null: letters have no links. */
  readonly baseUrl: string | null
  readonly now: () => number
}

/** Looks at everything untold; answers how many messages it made. */
export async function tell(context: TellContext): Promise<number> {
  let made = 0
  for (;;) {
    const [lines, messages] = await context.db.transaction((client) => tellSome(context, client))
    made += messages
    if (lines < linesAtOnce) return made
  }
}

/** One transaction: lines are told when their messages are kept, or not at all. */
async function tellSome(context: TellContext, client: pg.ClientBase): Promise<[lines: number, made: number]> {
  const lines = await takeUntold(client, linesAtOnce)
  // Whether a job is in trouble changes from line to line of this very batch.
  const troubled = new Map<number, boolean>()
  let made = 0
  for (const line of lines) made += await tellLine(context, client, line, troubled)
  await markTold(
    client,
    lines.map(({ id }) => id),
  )
  return [lines.length, made]
}

async function tellLine(
  context: TellContext,
  client: pg.ClientBase,
  line: UntoldLine,
  troubled: Map<number, boolean>,
): Promise<number> {
  const { jobId, news } = line
  const notify = notifyOf(line.jobNotify, line.namespaceNotify)
  const was = (jobId === null ? undefined : troubled.get(jobId)) ?? line.inTrouble
  const { cause, inTrouble } = judgeNews(news, notify, was)
  if (jobId !== null && inTrouble !== was) {
    troubled.set(jobId, inTrouble)
    await noteTrouble(client, jobId, { inTrouble, runId: line.runId })
  }
  // First, so that who is asked to do something is not only told of trouble.
  const asked = await tellOfApproval(context, client, line, notify)
  if (cause === null) return asked
  // A digest of its own wins: who wants one mail a day gets one.
  const mailAt =
    notify.digestAt === null ? gatheredAt(news, cause) : nextAt(notify.digestAt, line.zone, context.now())
  return asked + (await keepFor(context, client, line, { news, cause, to: recipientsOf(notify), mailAt }))
}

/** Approvers, who asked, and programs: at once, whatever is collected for a digest. */
async function tellOfApproval(
  context: TellContext,
  client: pg.ClientBase,
  line: UntoldLine,
  { webhooks }: Notify,
): Promise<number> {
  if (!approvalKinds.includes(line.news.kind)) return 0
  const found = await approvalToTell(client, line)
  if (found === null) return 0
  const { cause, approval, emails } = found
  const news = { ...line.news, approval }
  const to = recipientsOf({ emails, webhooks })
  return keepFor(context, client, line, { news, cause, to, mailAt: null })
}

interface ToTell {
  readonly news: News
  readonly cause: Cause
  readonly to: readonly (readonly [Channel, string])[]
  /** When mail is sent together with other mail, ISO 8601; null: by itself, at once. */
  readonly mailAt: string | null
}

async function keepFor(
  context: TellContext,
  client: pg.ClientBase,
  line: UntoldLine,
  { news, cause, to, mailAt }: ToTell,
): Promise<number> {
  const { jobId } = line
  const body = { letter: letterFor(news, cause, context.baseUrl), news }
  let made = 0
  for (const [channel, recipient] of to) {
    // Programs are told at once: a digest is for people.
    const digestAt = channel === 'email' ? mailAt : null
    const { namespaceId, runId, id: logId } = line
    const message = { namespaceId, jobId, runId, logId, channel, recipient, cause, body, digestAt }
    const id = await insertMessage(client, message)
    if (id === null) continue
    made++
    await orderSending(client, id, digestAt === null ? null : { namespaceId, recipient, at: digestAt })
  }
  return made
}

function recipientsOf({ emails, webhooks }: Recipients): [Channel, string][] {
  return [
    ...[...new Set(emails)].map((email): [Channel, string] => ['email', email]),
    ...[...new Set(webhooks)].map((name): [Channel, string] => ['webhook', name]),
  ]
}

/** The next time the clocks of a zone show HH:MM, ISO 8601. */
export function nextAt(time: string, zone: string, now: number): string {
  const here = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone)
  const today = here.toPlainDate().toZonedDateTime({ timeZone: zone, plainTime: time })
  const next =
    Temporal.ZonedDateTime.compare(today, here) > 0
      ? today
      : here.toPlainDate().add({ days: 1 }).toZonedDateTime({ timeZone: zone, plainTime: time })
  return next.toInstant().toString()
}
