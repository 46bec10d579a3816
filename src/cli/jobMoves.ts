// `sluice job activate|pause|resume|run|archive|restore`.
import type { Command } from 'commander'
import type { MovedJob, UploadView } from '../client/types.gen.ts'
import type { JobVerb } from '../core/jobVerbs.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import { exitOf, exits } from './exit.ts'
import type { Host } from './host.ts'
import { sayAwaiting } from './jobSetup.ts'
import { activityText } from './jobShow.ts'
import { printRun } from './runCommands.ts'
import { withClient, type SharedOptions } from './session.ts'
import { shellWord } from './shellWord.ts'
import { sourcesOf } from './sources.ts'
import { color, print, printJson } from './terminal.ts'
import { watchRun } from './watch.ts'
import { zonedTime } from './zonedTime.ts'

interface MoveOptions extends SharedOptions {
  readonly file?: string
  readonly again?: boolean
  readonly stop?: boolean
  readonly wait?: boolean
}

type Move = Exclude<JobVerb, 'edit' | 'rename' | 'sample'>

/** Moves a job; with `--wait` the run that began is watched to its end. */
export function moveJob(move: Move) {
  return async (host: Host, command: Command, [job = '']: string[]): Promise<number> => {
    const options = command.opts<MoveOptions>()
    return withClient(host, options, async (client) => {
      const moved = await client.post(`/jobs/{job}/${move}`, {
        job,
        body: await bodyOf(client, move, options),
      })
      if (options.wait === true && moved.run !== null) {
        const view = await watchRun(host, client, moved.run, options.json === true)
        await printRun(host, view, options.json === true)
        return exitOf(view.run.state)
      }
      if (options.json === true) printJson(moved)
      else sayMoved(move, moved)
      return exits.ok
    })
  }
}

async function bodyOf(client: Client, move: Move, { file, stop, again }: MoveOptions): Promise<object> {
  if (move === 'pause') return { running: stop === true ? 'stop' : 'finish' }
  const repeated = again === true ? { again } : {}
  return file === undefined ? repeated : { ...repeated, upload: (await sendFile(client, file)).id }
}

/** Lands a file of this machine. A workbook or an archive is refused by the server, which names its parts. */
export async function sendFile(client: Client, file: string): Promise<UploadView> {
  const [source, second] = await sourcesOf([file])
  if (source === undefined || second !== undefined)
    throw failure('usage.unknown', {
      detail: `--file takes one file; ${file} is several.`,
      command: 'sluice job',
    })
  const view = await client.upload(source.name, source.open())
  const parts = view.container?.parts.filter(({ hidden, empty }) => !hidden && !empty) ?? []
  const [only] = parts
  if (only === undefined || parts.length > 1) return view
  return client.post('/uploads/{upload}/parts', { upload: view.id, body: { name: only.name } })
}

const done: Readonly<Record<Move, string>> = {
  activate: 'is switched on',
  pause: 'is paused; nothing of it starts until it is resumed',
  resume: 'is switched on again',
  run: 'runs now',
  archive: 'is out of the lists; its history stays',
  restore: 'is back',
}

function sayMoved(move: Move, { job, run }: MovedJob): void {
  if (move === 'activate' && job.state !== 'active' && job.awaiting !== null) return sayAwaiting(job)
  const word = shellWord(job.job)
  print(`${color.green('✓')} ${color.bold(job.job)} ${done[move]}.`)
  if (run !== null) print(`  Its run is ${color.bold(run)}: sluice run show ${run}`)
  const doing = activityText(job.activity)
  if (move === 'pause' && doing === 'running')
    print(`  Its run under way finishes. To stop it: sluice run stop ${job.lastRun}`)
  else if (move === 'pause' && doing !== '') print(`  Still under way: ${doing}.`)
  if (job.nextRun !== null) print(`  Next by its schedule: ${zonedTime(job.nextRun, job.zone)}`)
  if (move === 'archive') print(color.dim(`  Bring it back: sluice job restore ${word}`))
  if (move === 'pause') print(color.dim(`  Go on: sluice job resume ${word}`))
  if (move === 'restore' && job.state === 'paused') print(`  It is paused. Go on: sluice job resume ${word}`)
}
