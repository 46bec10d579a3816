// `sluice runs` and `sluice run show|stop|release|drop|resume`.
import type { Command } from 'commander'
import type { RunPage, RunView } from '../client/types.gen.ts'
import { runMachine } from '../core/run.ts'
import type { Client } from './client.ts'
import { exits, exitOf } from './exit.ts'
import { duration, number, time } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { shellWord } from './shellWord.ts'
import { countText } from './runNow.ts'
import { printReceipt } from './receipt.ts'
import { withClient, type SharedOptions } from './session.ts'
import { printUndo } from './undoReceipt.ts'
import { watchRun } from './watch.ts'
import { color, inTone, print, printJson, table, type Column } from './terminal.ts'

interface ListOptions extends SharedOptions {
  readonly dialect: string
  readonly limit: string
  readonly cursor?: string
  readonly state?: string
  readonly job?: string
}

/** Newest first, with what is planned above. */
export async function listRuns(host: Host, command: Command): Promise<number> {
  const options = command.opts<ListOptions>()
  const { state, job, limit, cursor, dialect } = options
  return withClient(host, options, async (client) => {
    const page = await client.get('/runs', { limit, state, job, cursor, dialect })
    if (options.json === true) printJson(page)
    else if (page.runs.length + page.planned.length === 0) print(nothingYet(options))
    else printRuns(page, options)
    return exits.ok
  })
}

function nothingYet({ state, cursor }: ListOptions): string {
  if (cursor !== undefined) return 'There are no earlier runs.'
  return state === undefined
    ? 'No runs yet. Start with: sluice import FILE'
    : 'No run is in this state. See all of them with: sluice runs'
}

function printRuns({ planned, runs, next }: RunPage, options: ListOptions): void {
  const words = runs[0]?.words ?? null
  const counts = words === null ? ourCounts : vendorCounts(words)
  const heads: Column[] = [
    { title: 'run' },
    { title: 'state' },
    { title: 'job', flexible: true },
    { title: 'started', from: 100 },
    ...counts.map(({ title, from = 0 }) => ({ title, right: true, from })),
    { title: 'took', right: true, from: 70 },
  ]
  const nextWord = words?.dialect === 'blueconic' ? 'Next' : 'next'
  const rows = [
    ...planned
      .toReversed()
      .map(({ job, dueAt }) =>
        [nextWord, 'Planned', job, time(dueAt), ...counts.map(() => ''), ''].map((cell) => color.dim(cell)),
      ),
    ...runs.map((view) => [
      view.run.id,
      inTone(runMachine.states[view.run.state].tone, view.words?.state ?? view.run.label),
      jobOf(view.run),
      time(view.run.startedAt ?? view.run.createdAt),
      ...counts.map(({ of }) => of(view)),
      tookText(view),
    ]),
  ]
  print(table(heads, rows))
  if (next !== null) print(color.dim(`\nEarlier ones: sluice runs ${again(options)}--cursor ${next}`))
}

/** What a person types to go on with the same list. */
function again({ job, state, limit, namespace }: ListOptions): string {
  const flags = [
    ...(job === undefined ? [] : ['--job', shellWord(job)]),
    ...(state === undefined ? [] : ['--state', state]),
    ...(limit === '20' ? [] : ['--limit', limit]),
    ...(namespace === 'main' ? [] : ['--namespace', namespace]),
  ]
  return flags.length === 0 ? '' : `${flags.join(' ')} `
}

interface Count {
  readonly title: string
  /** Left out on terminals narrower than this. */
  readonly from?: number
  readonly of: (view: RunView) => string
}

const ourCounts: readonly Count[] = [
  { title: 'total', of: ({ counters }) => number(counters.total) },
  { title: 'finished', of: ({ counters }) => number(counters.finished.total) },
  { title: 'skipped', from: 90, of: ({ counters }) => number(counters.skipped.total) },
  {
    title: 'failed',
    of: ({ counters: { failed } }) => (failed.total > 0 ? color.yellow(number(failed.total)) : '0'),
  },
  {
    title: '%',
    from: 110,
    of: ({ rates: { failedPercent } }) =>
      failedPercent === null || failedPercent === 0 ? '' : color.yellow(String(failedPercent)),
  },
]

function vendorCounts({ counts }: NonNullable<RunView['words']>): Count[] {
  return counts.map(({ label }, i) => ({
    title: label,
    of: ({ words }) => {
      const count = words?.counts[i]
      return count === undefined ? '' : countText(count.value, count.unit)
    },
  }))
}

/** How long it took; of a run under way how long it will still take, where that can be known. */
function tookText({ run, seconds }: RunView): string {
  if (run.settled || run.expected === null || run.expected.at === null) return duration(seconds.all)
  return `${duration(Math.ceil(run.expected.seconds))} left`
}

/** The job, and whose child the run is. */
function jobOf({ job, mirrors, reverts, parents, trigger }: RunView['run']): string {
  if (mirrors !== null) return `${job} (missing from ${mirrors})`
  if (reverts !== null) return `${job} (undo of ${reverts})`
  const what = trigger === 'process' ? 'waiting records' : 'retry'
  return parents.length === 0 ? job : `${job} (${what} of ${parents.join(', ')})`
}

/** The receipt of one run. */
export async function showRun(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const options = command.opts<SharedOptions & { readonly dialect: string }>()
  const id = runId(text)
  return withClient(host, options, async (client) => {
    const view = await client.get('/runs/{run}', { run: id, dialect: options.dialect })
    await printRun(host, view, options.json === true)
    return exits.ok
  })
}

/** What a person can do with a run, as the API calls it. */
export type RunMove = 'stop' | 'release' | 'drop' | 'resume' | 'retry-now'

/** A person's move. What makes the run go on is watched to its end; the exit code is that of the state it is in. */
export function moveRun(move: RunMove) {
  return async (host: Host, command: Command, [text = '']: string[]): Promise<number> => {
    const options = command.opts<SharedOptions>()
    const id = runId(text)
    const json = options.json === true
    return withClient(host, options, async (client) => {
      const view = await client.post(`/runs/{run}/${move}`, { run: id })
      const end = move === 'drop' ? view : await watchRun(host, client, id, json)
      await printRun(host, end, json)
      return followMirror({ host, client, json }, end)
    })
  }
}

/** Follows the run that deletes who is missing to its end; answers the exit code of the graver of both. */
export async function followMirror(
  { host, client, json }: { readonly host: Host; readonly client: Client; readonly json: boolean },
  { run }: RunView,
): Promise<number> {
  if (run.mirroredBy === null || !run.settled) return exitOf(run.state)
  const step = await watchRun(host, client, run.mirroredBy, json)
  if (!json) print()
  await printRun(host, step, json)
  return Math.max(exitOf(run.state), exitOf(step.run.state))
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
