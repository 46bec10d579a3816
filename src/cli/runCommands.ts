// `sluice runs` and `sluice run show|stop|release|drop|resume`.
import type { Command } from 'commander'
import type { RunPage } from '../api/runs.ts'
import type { RunView } from '../api/runView.ts'
import { runMachine } from '../core/run.ts'
import { exits, exitOf } from './exit.ts'
import { duration, number, time } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { printReceipt } from './receipt.ts'
import { withClient, type SharedOptions } from './session.ts'
import { printUndo } from './undoReceipt.ts'
import { watchRun } from './watch.ts'
import { color, inTone, print, printJson, table } from './terminal.ts'

interface ListOptions extends SharedOptions {
  readonly limit: string
  readonly state?: string
  readonly job?: string
}

/** Newest first. */
export async function listRuns(host: Host, command: Command): Promise<number> {
  const options = command.opts<ListOptions>()
  const { state, job, limit } = options
  return withClient(host, options, async (client) => {
    const page = await client.get<RunPage>('/runs', { limit, state, job })
    if (options.json === true) printJson(page)
    else if (page.runs.length === 0) print('No runs yet. Start with: sluice import FILE')
    else printRuns(page.runs, page.next)
    return exits.ok
  })
}

function printRuns(runs: readonly RunView[], next: string | null): void {
  const heads = [
    { title: 'run' },
    { title: 'state' },
    { title: 'job', flexible: true },
    { title: 'started', from: 100 },
    { title: 'total', right: true },
    { title: 'finished', right: true },
    { title: 'skipped', right: true, from: 90 },
    { title: 'failed', right: true },
    { title: 'took', right: true, from: 70 },
  ]
  const rows = runs.map(({ run, counters, seconds }) => [
    run.id,
    inTone(runMachine.states[run.state].tone, run.label),
    jobOf(run),
    time(run.startedAt ?? run.createdAt),
    number(counters.total),
    number(counters.finished.total),
    number(counters.skipped.total),
    counters.failed.total > 0 ? color.yellow(number(counters.failed.total)) : '0',
    duration(seconds.all),
  ])
  print(table(heads, rows))
  if (next !== null) print(color.dim(`\nOlder ones: sluice runs --limit ${Math.min(500, runs.length * 2)}`))
}

/** The job, and whose child the run is. */
function jobOf({ job, reverts, parents }: RunView['run']): string {
  if (reverts !== null) return `${job} (undo of ${reverts})`
  return parents.length === 0 ? job : `${job} (retry of ${parents.join(', ')})`
}

/** The receipt of one run. */
export async function showRun(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<SharedOptions>()
  const id = runId(text)
  return withClient(host, options, async (client) => {
    const view = await client.get<RunView>(`/runs/${id}`)
    await printRun(host, view, options.json === true)
    return exits.ok
  })
}

/** A person's move. What makes the run go on is watched to its end; the exit code is that of the state it is in. */
export function moveRun(move: string) {
  return async (host: Host, command: Command, [text = '']: string[]): Promise<number> => {
    const options = command.opts<SharedOptions>()
    const id = runId(text)
    const json = options.json === true
    return withClient(host, options, async (client) => {
      const view = await client.post<RunView>(`/runs/${id}/${move}`)
      const end = move === 'drop' ? view : await watchRun(host, client, id, json)
      await printRun(host, end, json)
      return exitOf(end.run.state)
    })
  }
}

/** As JSON or as a receipt, with the files of the run as paths of this machine. */
export async function printRun(host: Host, view: RunView, json: boolean): Promise<void> {
  const local = await withPaths(host, view)
  if (json) printJson(local)
  else if (view.run.trigger === 'undo') printUndo(local)
  else printReceipt(local)
}

async function withPaths(host: Host, view: RunView): Promise<RunView> {
  const artifacts: RunView['artifacts'] = {}
  for (const [name, artifact] of Object.entries(view.artifacts))
    artifacts[name] = { ...artifact, path: await host.blobPath(artifact.key) }
  return { ...view, artifacts }
}
