// Who is told about four eyes: those that may approve what waits, and who asked for what was decided (BC-D01).
import type pg from 'pg'
import { personIn, releaseNeedsOther } from '../../core/approval.ts'
import { runApproval, whomToAsk, type ApprovalNews } from '../../core/notify/approvalNews.ts'
import type { Cause } from '../../core/notify/news.ts'
import { addressesNow, findHeld, findRequest, listDeciders } from '../../db/approvals.ts'
import type { UntoldLine } from '../../db/messages.ts'

/** What is told, and to whom by mail; null: the line is about nothing that waits for somebody else, or no longer. */
export interface ApprovalToTell {
  readonly cause: Cause
  readonly approval: ApprovalNews
  readonly emails: readonly string[]
}

/** Looks up what a line of the log is about. */
export async function approvalToTell(
  client: pg.ClientBase,
  line: UntoldLine,
): Promise<ApprovalToTell | null> {
  const { kind } = line.news
  const isRun = kind === 'held' || kind === 'released' || kind === 'dropped'
  const approval = isRun ? await ofRun(client, line) : await ofRequest(client, line)
  if (approval === null) return null
  const emails = await recipientsOf(client, line.namespaceId, approval)
  return { cause: approval.decision === null ? 'approval' : 'decision', approval, emails }
}

async function recipientsOf(
  client: pg.ClientBase,
  namespaceId: number,
  { requestedBy, decision, decidedBy }: ApprovalNews,
): Promise<readonly string[]> {
  const people = requestedBy.map(personIn)
  if (decision === null) {
    const own = new Set(await addressesNow(client, namespaceId, people))
    return whomToAsk(await listDeciders(client, namespaceId), own)
  }
  // Who takes back what they asked for knows it.
  const others = people.slice(0, 1).filter((one) => decidedBy === null || one !== personIn(decidedBy))
  return others.length === 0 ? [] : addressesNow(client, namespaceId, others)
}

async function ofRun(client: pg.ClientBase, line: UntoldLine): Promise<ApprovalNews | null> {
  const { namespaceId, jobId, news, by } = line
  if (news.run === null || jobId === null) return null
  const held = await findHeld(client, namespaceId, news.run.id)
  if (held === undefined || !releaseNeedsOther(held.modes, held.trigger)) return null
  // It was decided before anybody could be asked.
  if (news.kind === 'held' && news.run.state !== 'held') return null
  const asked = [held.startedBy, held.author].filter((one) => one !== null)
  // A schedule started it: there is nobody who waits for the answer.
  const requestedBy =
    news.kind === 'held' ? [...new Set(asked)] : asked.slice(0, held.startedBy === null ? 0 : 1)
  const { note } = news.details
  return runApproval({ id: news.run.id, jobId, requestedBy }, news.kind, {
    by,
    note: typeof note === 'string' ? note : null,
  })
}

async function ofRequest(client: pg.ClientBase, line: UntoldLine): Promise<ApprovalNews | null> {
  const { namespaceId, jobId, news } = line
  const { request } = news.details
  if (typeof request !== 'string' || jobId === null) return null
  const row = await findRequest(client, namespaceId, Number(request.slice(1)))
  if (row === undefined) return null
  const asks = news.kind === 'approval_asked'
  if (asks !== (row.decision === null) || row.decision === 'outdated') return null
  const { author = null } = row.change as { author?: string | null }
  const requestedBy = [...new Set([row.requestedBy, ...(asks && author !== null ? [author] : [])])]
  const { kind, says, decision, decidedBy, note } = row
  return { id: request, kind, jobId, requestedBy, says, decision, decidedBy, note }
}
