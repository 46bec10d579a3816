// What a run is doing just now, why it is there, and what it looks like in a vendor's words: the parts of a receipt.
import type { RunView } from '../client/types.gen.ts'
import { triggers } from '../core/triggers.ts'
import { duration, number, percent, time } from './format.ts'
import { color, table } from './terminal.ts'

type Fact = [string, string]

/** Why it was started, where that is not simply a person with a file. */
export function startedText({ run }: RunView): string {
  const started = time(run.startedAt ?? run.createdAt)
  const why = (triggers as Readonly<Record<string, string>>)[run.trigger]
  const due = run.dueAt === null ? '' : `, due ${time(run.dueAt)}`
  if (run.trigger === 'manual' || why === undefined) return started
  return `${started}  ${color.dim(`${why}${due}`)}`
}

/** Where it stands, and what it waits for; empty for a run that is over. */
export function nowFacts({ run, counters }: RunView): Fact[] {
  if (run.settled) return []
  const facts: Fact[] = []
  if (run.waits !== null) facts.push(['Waits', run.waits])
  const share = counters.total === null || counters.total === 0 ? null : counters.read / counters.total
  if (run.state === 'importing' && share !== null)
    facts.push(['Progress', `${percent(share)}, ${number(counters.read)} of ${number(counters.total)}`])
  const sleeps = sleepText(run)
  if (sleeps !== null) facts.push(['Sleeps', sleeps])
  if (run.expected !== null)
    facts.push([run.expected.at === null ? 'Takes' : 'Done', expectedText(run.expected)])
  if (run.stalledSince !== null)
    facts.push(['Stalled', color.red(`nothing has moved since ${time(run.stalledSince)}`)])
  return facts
}

function sleepText({ sleeping, nextAttemptAt }: RunView['run']): string | null {
  if (sleeping === null) return null
  const found = sleeping['problem'] as { message?: string } | undefined
  const { attempt, of } = sleeping
  const next = typeof attempt === 'number' ? ` for attempt ${attempt} of ${String(of)}` : ''
  const until = nextAttemptAt === null ? 'until it can go on' : `until ${time(nextAttemptAt)}${next}`
  return `${until}${found?.message === undefined ? '' : `: ${found.message}`}`
}

/** `in about 12 s, at 06:45:10`; with earlier runs as the measure it says so. */
function expectedText({ seconds, at, by }: NonNullable<RunView['run']['expected']>): string {
  const about = `about ${duration(Math.ceil(seconds))}`
  const how = by === 'history' ? color.dim('  (as long as earlier runs of the job)') : ''
  return `${at === null ? about : `in ${about}, at ${time(at).slice(11)}`}${how}`
}

/** The attempts that failed, one a line; empty where none did. */
export function attemptsText({ run }: RunView): string {
  if (run.attempts.length === 0) return ''
  const rows = run.attempts.map(({ at, stage, problem }, i) => [
    String(i + 1),
    time(at),
    stage,
    problem.message,
  ])
  const heads = [
    { title: 'failed attempt', right: true },
    { title: 'at' },
    { title: 'while' },
    { title: 'why', flexible: true },
  ]
  return table(heads, rows, 2)
}

/** `12 records`, `0.5 %` */
export function countText(value: number, unit: 'records' | 'percent'): string {
  return unit === 'percent' ? `${value} %` : number(value)
}

/** The same run in the words of a vendor. */
export function vendorFacts({ words }: RunView): Fact[] {
  if (words === null) return []
  const phases = [words.fetch, words.process].filter((one) => one !== null).join(', ')
  const status = phases === '' ? words.state : `${words.state}  ${color.dim(`(${phases})`)}`
  return [
    [words.vendor, status],
    ...words.counts.map(({ label, value, unit }): Fact => [label, countText(value, unit)]),
  ]
}
