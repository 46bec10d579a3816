// What people are told about four eyes: approvers that something waits for them, who asked that it was decided (BC-D01). Pure.
import type { LogKind } from '../logKinds.ts'
import { runName } from '../names.ts'
import type { Letter } from './letterParts.ts'

/** What waits for somebody else than who asked for it, or was decided. */
export interface ApprovalNews {
  /** As it is approved by: r1042 of a held run, a12 of a change. */
  readonly id: string
  readonly kind: 'run' | 'activation' | 'edit'
  /** Of its job, such as 12. */
  readonly jobId: number
  /** Who asked for it, in any way. */
  readonly requestedBy: readonly string[]
  /** What would change, line by line. */
  readonly says: readonly string[]
  /** Null: it waits. */
  readonly decision: 'approved' | 'rejected' | null
  readonly decidedBy: string | null
  readonly note: string | null
}

/** Lines of the log that may be about something of the kind. */
export const approvalKinds: readonly LogKind[] = [
  'approval_asked',
  'approval_given',
  'approval_refused',
  'held',
  'released',
  'dropped',
]

export interface Decider {
  readonly email: string
  /** By a role in the namespace; false: they look after the whole installation. */
  readonly member: boolean
}

/**
 * Who of those that may decide is asked: members of the namespace, and where none of them is left, who looks after the
 * installation. `own`: addresses of those that asked.
 */
export function whomToAsk(deciders: readonly Decider[], own: ReadonlySet<string>): string[] {
  const others = deciders.filter(({ email }) => !own.has(email))
  const members = others.filter(({ member }) => member)
  return (members.length > 0 ? members : others).map(({ email }) => email)
}

const subjects = { run: 'a run', activation: 'switching on', edit: 'a change' } as const
const saysMax = 10

/** The words for people; `about`: the facts of the run and the namespace. */
export function approvalLetter(
  { id, kind, jobId, requestedBy, says, decision, decidedBy, note }: ApprovalNews,
  { job, namespace, base, about, why }: Around,
): Letter {
  const asked = requestedBy.join(', ')
  const reason = decision === null && why !== null ? [why] : []
  const more = says.length - saysMax
  const shown = [...says.slice(0, saysMax), ...(more > 0 ? [`and ${more} more`] : [])]
  const page = kind === 'run' ? `runs/${id}` : `jobs/j${jobId}`
  const what = `${subjects[kind]} of ${job}`
  const state =
    decision === null ? 'waits for approval' : decision === 'approved' ? 'was approved' : 'was not approved'
  return {
    subject: `Sluice: ${what} ${state} (${id})`,
    paragraphs: [...reason, decision === null ? waits(kind) : decided(kind, decision, decidedBy)],
    facts: [
      ['Job', job],
      ...(asked === '' ? [] : [['Asked by', asked] as const]),
      ...shown.map((line, i): readonly [string, string] => [i === 0 ? 'Changes' : '', line]),
      ...(note === null ? [] : [['Note', note] as const]),
      ...about,
    ],
    command:
      kind === 'run'
        ? `sluice run show ${id}`
        : decision === null
          ? 'sluice approval list'
          : `sluice job show j${jobId}`,
    link: base === null ? null : `${base}/n/${namespace}/${page}`,
    opens: kind === 'run' ? 'Open the run' : 'Open the job',
  }
}

interface Around {
  readonly job: string
  readonly namespace: string
  readonly base: string | null
  readonly about: readonly (readonly [name: string, value: string])[]
  /** Why a run is held, where it is more than the approval. */
  readonly why: string | null
}

function waits(kind: ApprovalNews['kind']): string {
  return kind === 'run'
    ? 'It is held before it writes anything, until somebody else than who asked for it approves it.'
    : 'The job is as it was, until somebody else than who asked for it approves it.'
}

function decided(
  kind: ApprovalNews['kind'],
  decision: 'approved' | 'rejected',
  decidedBy: string | null,
): string {
  const by = decidedBy ?? 'Somebody'
  if (decision === 'approved')
    return `${by} approved it: ${kind === 'run' ? 'it goes on' : 'it is done as it was asked for'}.`
  return `${by} did not approve it: ${kind === 'run' ? 'nothing of it was written' : 'the job is as it was'}.`
}

/** What a line of the log about a run says of it. */
export function runApproval(
  run: { readonly id: number; readonly jobId: number; readonly requestedBy: readonly string[] },
  kind: LogKind,
  { by, note }: { readonly by: string | null; readonly note: string | null },
): ApprovalNews {
  const decision = kind === 'released' ? 'approved' : kind === 'dropped' ? 'rejected' : null
  const { id, jobId, requestedBy } = run
  const who = decision === null ? null : by
  return {
    id: runName(id),
    kind: 'run',
    jobId,
    requestedBy,
    says: [],
    decision,
    decidedBy: who,
    note: decision === null ? null : note,
  }
}
