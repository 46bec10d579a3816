// `sluice approval list|approve|reject`: what waits for somebody else, and deciding about it.
import type { Command } from 'commander'
import type { ApprovalDecided, ApprovalView } from '../client/types.gen.ts'
import { exits } from './exit.ts'
import { number, time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, facts, paragraph, print, printJson } from './terminal.ts'

interface ListOptions extends SharedOptions {
  readonly decided?: boolean
  readonly limit?: string
}

/** One block each: what it is, who asked, what it would do, and what to type. */
export async function listApprovals(host: Host, command: Command): Promise<number> {
  const options = command.opts<ListOptions>()
  const { decided, limit } = options
  return withClient(host, options, async (client) => {
    const list = await client.get('/approvals', { decided, limit })
    if (options.json === true) printJson(list)
    else if (list.approvals.length === 0)
      print(decided === true ? 'Nothing was decided yet.' : 'Nothing waits for approval.')
    else list.approvals.forEach((one, i) => printApproval(one, i === 0 ? '' : '\n'))
    return exits.ok
  })
}

function printApproval(one: ApprovalView, gap: string): void {
  const { id, job, what, says, requestedBy, since, counts, total } = one
  print(`${gap}${color.bold(id)}  ${color.bold(job)}`)
  print(paragraph(what))
  for (const line of says) print(`  ${line}`)
  const counted = countsText(counts)
  print(
    facts([
      [
        'Asked by',
        `${requestedBy.length === 0 ? 'its schedule' : requestedBy.join(', ')}, ${time(since)} UTC`,
      ],
      ...(total === null ? [] : [['Records', number(total)] as [string, string]]),
      ...(counted === '' ? [] : [['Would be', counted] as [string, string]]),
      ...decisionFacts(one),
    ]),
  )
}

/** The counts of people and of what fails, the notable first. */
function countsText(counts: ApprovalView['counts']): string {
  const shown = Object.entries(counts ?? {}).filter(
    ([key, n]) => n > 0 && /^(finished|skipped|failed)\./.test(key),
  )
  return shown
    .map(([key, n]) => `${number(n)} ${key.replace(/^finished\./, '').replace('.', ' ')}`)
    .join(', ')
}

function decisionFacts(one: ApprovalView): [string, string][] {
  const { id, decision, decidedBy, decidedAt, note, mayDecide, why, kind } = one
  if (decision !== null) {
    const by = decidedBy === null ? '' : ` by ${decidedBy}`
    const said = note === null ? [] : [['Note', note] as [string, string]]
    return [['Decided', `${decision}${by}, ${time(decidedAt)} UTC`], ...said]
  }
  if (why === 'over') return [['Over', 'it waited too long; ask for it again']]
  const look: [string, string][] = kind === 'run' ? [['Look', `sluice run show ${id}`]] : []
  if (mayDecide)
    return [...look, ['Approve', `sluice approval approve ${id}`], ['Reject', `sluice approval reject ${id}`]]
  const who = why === 'own' ? 'somebody else than who asked: you did' : 'somebody with the right to approve'
  return [
    ...look,
    ['Needs', who],
    ...(why === 'own' ? [['Take back', `sluice approval reject ${id}`] as [string, string]] : []),
  ]
}

interface DecideOptions extends SharedOptions {
  readonly note?: string
}

/** Approves, or rejects, with a note that the log keeps. */
export function decideApproval(what: 'approve' | 'reject') {
  return async (host: Host, command: Command, [id = '']: string[]): Promise<number> => {
    const options = command.opts<DecideOptions>()
    const { note } = options
    return withClient(host, options, async (client) => {
      const done = await client.post(`/approvals/{approval}/${what}`, { approval: id, body: { note } })
      if (options.json === true) printJson(done)
      else sayDecided(done)
      return exits.ok
    })
  }
}

function sayDecided({ id, decision, job, run }: ApprovalDecided): void {
  print(`${color.green('✓')} ${color.bold(id)} of ${color.bold(job)} is ${decision}.`)
  if (decision === 'approved' && run !== null)
    print(`  Its run is ${color.bold(run)}: sluice run show ${run}`)
  if (decision === 'rejected') print(color.dim('  Nothing was changed.'))
}
