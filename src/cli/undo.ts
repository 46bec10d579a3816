// `sluice undo`: preview → question → progress → receipt. Several runs are undone newest first.
import type { Command } from 'commander'
import type { RunView } from '../client/types.gen.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { exits, exitOf } from './exit.ts'
import { plural } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { Cancelled, confirm } from './questions.ts'
import { withClient, type SharedOptions } from './session.ts'
import { canAsk, note, print, printJson } from './terminal.ts'
import { changesOf, keptOf, printUndo } from './undoReceipt.ts'
import { watchRun } from './watch.ts'

interface UndoOptions extends SharedOptions {
  readonly yes?: boolean
  readonly dryRun?: boolean
}

interface Session {
  readonly host: Host
  readonly client: Client
  readonly json: boolean
}

/** Exit 0: all reversed; 3: something was kept. */
export async function undoRuns(host: Host, command: Command, args: string[]): Promise<number> {
  const options = command.opts<UndoOptions>()
  const json = options.json === true
  const runs = args.map(runId)
  const asks = options.yes !== true && options.dryRun !== true
  if (asks && (json || !canAsk())) throw failure('usage.no_terminal')
  return withClient(host, options, async (client) => {
    const session: Session = { host, client, json }
    const order = { runs, preview: asks, dryRun: options.dryRun === true }
    const { undos } = await client.post('/undos', { body: order })
    for (const { run, reverts, what } of undos)
      if (what === 'resumed' && !json)
        note(`The undo of ${reverts} had stopped midway: ${run} continues where it stopped.`)
    const names = undos.map(({ run }) => run)
    if (asks) return preview(session, names)
    return carryOut(session, names, options.dryRun === true)
  })
}

/** Shows what would happen for all of them, asks once, and releases them one after the other. */
async function preview(session: Session, names: readonly string[]): Promise<number> {
  const { host, client } = session
  const views: RunView[] = []
  for (const name of names) {
    const view = await watchRun(host, client, name, false)
    views.push(view)
    printUndo(view)
  }
  const waiting = views.filter(({ run }) => run.state === 'held')
  try {
    if (waiting.length > 0) await confirm(questionOf(waiting))
  } catch (error) {
    for (const { run } of waiting) await client.post('/runs/{run}/drop', { run: run.id })
    if (!(error instanceof Cancelled)) throw error
    print('Nothing was undone.')
    return exits.stopped
  }
  let worst: number = exits.ok
  for (const [i, { run }] of waiting.entries()) {
    await client.post('/runs/{run}/release', { run: run.id })
    const code = await finish(session, run.id)
    worst = Math.max(worst, code)
    if (code === exits.ok || code === exits.kept) continue
    for (const { run: next } of waiting.slice(i + 1))
      await client.post('/runs/{run}/drop', { run: next.id }).catch(() => {})
    return worst
  }
  return worst
}

function questionOf(views: readonly RunView[]): string {
  const runs = views.map(({ run }) => run.reverts).join(', ')
  const changes = views.reduce((sum, view) => sum + changesOf(view), 0)
  const kept = views.reduce((sum, view) => sum + keptOf(view), 0)
  const rest = kept === 0 ? '' : `; of ${plural(kept, 'profile')} something stays`
  return `Undo ${runs}? ${plural(changes, 'profile')} would change${rest}.`
}

/** The server does them one after the other; whoever stops one stops those behind it too. */
async function carryOut(session: Session, names: readonly string[], dryRun: boolean): Promise<number> {
  let worst: number = exits.ok
  for (const [i, name] of names.entries()) {
    const code = await finish(session, name, dryRun)
    worst = Math.max(worst, code)
    if (code === exits.ok || code === exits.kept) continue
    for (const next of names.slice(i + 1))
      await session.client.post('/runs/{run}/stop', { run: next }).catch(() => {})
    return worst
  }
  return worst
}

async function finish({ host, client, json }: Session, name: string, dryRun = false): Promise<number> {
  const view = await watchRun(host, client, name, json)
  if (json) printJson(view)
  else printUndo(view)
  if (view.run.state === 'completed' || dryRun) return keptOf(view) > 0 ? exits.kept : exitOf(view.run.state)
  return exitOf(view.run.state)
}
