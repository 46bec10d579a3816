// What a person should look at: the kinds of trouble that Home shows, in the order in which they matter.
import { countedRecords } from './countText.ts'
import type { Tone } from './machine.ts'

interface AttentionKind {
  readonly label: string
  readonly tone: Tone
  /** What a person does next, where no problem advises. */
  readonly next: string
}

export const attentionKinds = {
  halted: {
    label: 'Job halted',
    tone: 'bad',
    next: 'See the problem and the last runs, do what is advised, then resume it.',
  },
  failed: { label: 'Failed', tone: 'bad', next: 'See the reason; the same import can be started again.' },
  stalled: {
    label: 'Stalled',
    tone: 'bad',
    next: 'Look at its log; stop it and resume it if it does not move by itself.',
  },
  held: {
    label: 'Awaits a decision',
    tone: 'warn',
    next: 'Look at the counts and causes, then release or drop the run.',
  },
  approval: {
    label: 'Awaits approval',
    tone: 'warn',
    next: 'See what would change, then approve or reject it.',
  },
  late: {
    label: 'Late',
    tone: 'warn',
    next: 'See what is in front of it in the queue, and whether Sluice is up.',
  },
  did_not_run: { label: 'Did not run', tone: 'warn', next: 'Run it now, or wait for its next time.' },
  threshold: {
    label: 'Outside its limits',
    tone: 'warn',
    next: 'Look at what the job did in that time, and at its runs.',
  },
  retrying: {
    label: 'Will try again',
    tone: 'warn',
    next: 'No action required; it goes on by itself, or at once if you ask for it.',
  },
  rejects: {
    label: 'Rejected records',
    tone: 'warn',
    next: 'Fix the rejected rows, or leave them out.',
  },
} as const satisfies Readonly<Record<string, AttentionKind>>

export type Attention = keyof typeof attentionKinds
export const attentionNames = Object.keys(attentionKinds) as [Attention, ...Attention[]]

export interface AttentionFacts {
  readonly kind: Attention
  /** The sentence of its problem; null: it has none. */
  readonly problem: string | null
  /** Of rejects: records that still fail. */
  readonly records: number | null
  /** The run it is about; null: there is none. */
  readonly run: number | null
}

/** What is wrong, in one sentence. */
export function attentionText({ kind, problem, records, run }: AttentionFacts): string {
  if (kind === 'rejects') return `${countedRecords(records ?? 0)} could not be imported.`
  if (kind === 'approval') return 'A change of the job was asked for, and somebody else has to approve it.'
  if (kind === 'stalled') return 'Nothing of it has moved for a while, though it should.'
  if (kind === 'late')
    return run === null
      ? 'It is due, but nothing has started it yet.'
      : 'It should have started, and still waits for its turn.'
  return problem ?? attentionKinds[kind].next
}

/** The most urgent first; of one kind the newest first. */
export function byUrgency<T extends { readonly kind: Attention; readonly since: string }>(
  found: readonly T[],
): T[] {
  const rank = (kind: Attention): number => attentionNames.indexOf(kind)
  return found.toSorted((a, b) => rank(a.kind) - rank(b.kind) || (a.since < b.since ? 1 : -1))
}
