// Watching a run until it is settled: progress, Ctrl-C, and a server that goes away and comes back.
import { setTimeout as sleep } from 'node:timers/promises'
import type { RunView } from '../client/types.gen.ts'
import { SluiceError } from '../core/problem.ts'
import { definitionOf } from '../core/problems.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import { number } from './format.ts'
import type { Host } from './host.ts'
import { live, progressLine, speedometer, type Live } from './progress.ts'
import { color, note } from './terminal.ts'

const lookEvery = 250
// The server answers from memory and one row: quick runs should not wait for us.
const firstLook = 60

/** Answers the run as it ended, as it is held, or as it waits for its next attempt. A first Ctrl-C stops it cleanly, a second one leaves. */
export async function watchRun(host: Host, client: Client, id: string, json: boolean): Promise<RunView> {
  const screen = live(json)
  const watcher = new Watcher(host, client, id, screen, json)
  const interrupt = (): void => watcher.interrupt()
  process.on('SIGINT', interrupt)
  try {
    return await watcher.untilSettled()
  } finally {
    process.off('SIGINT', interrupt)
    screen.clear()
  }
}

/** Settled, held, or an attempt failed and the next one is a while away: nobody should sit and wait for that. */
function isOver({ run }: RunView): boolean {
  return (
    run.settled ||
    run.state === 'held' ||
    (run.state === 'retry_wait' && run.sleeping?.['reason'] === 'retry')
  )
}

class Watcher {
  readonly #host: Host
  readonly #client: Client
  readonly #id: string
  readonly #screen: Live
  readonly #quiet: boolean
  readonly #speed = speedometer()
  #stops = 0
  #stage = ''

  constructor(host: Host, client: Client, id: string, screen: Live, quiet: boolean) {
    this.#host = host
    this.#client = client
    this.#id = id
    this.#screen = screen
    this.#quiet = quiet
  }

  interrupt(): void {
    this.#stops++
    if (this.#stops > 1) {
      this.#screen.clear()
      note(`Left. ${this.#id} ${color.dim('goes on stopping by itself:')} sluice run show ${this.#id}`)
      process.exit(exits.stopped)
    }
    // It may have settled meanwhile: then there is nothing to stop.
    void this.#client.post('/runs/{run}/stop', { run: this.#id }).catch(() => {})
  }

  async untilSettled(): Promise<RunView> {
    for (let pause = firstLook; ; pause = Math.min(lookEvery, pause * 1.5)) {
      const view = await this.#look()
      if (view !== undefined) {
        if (isOver(view)) return view
        this.#show(view)
      }
      await sleep(pause)
    }
  }

  /** Undefined: the server or its database is away; both come back, or the person leaves. */
  async #look(): Promise<RunView | undefined> {
    try {
      return await this.#client.get('/runs/{run}', { run: this.#id })
    } catch (error) {
      if (!(error instanceof SluiceError) || definitionOf(error.problem.code).class !== 'transient')
        throw error
      this.#screen.show([
        color.yellow(error.problem.message),
        color.dim('Waiting for it to come back; the run goes on by itself.'),
      ])
      if (error.problem.code === 'server.unreachable') await this.#reconnect()
      else await sleep(1_000)
      return undefined
    }
  }

  async #reconnect(): Promise<void> {
    try {
      this.#client.server = await this.#host.reach(() => {})
    } catch {
      await sleep(2_000)
    }
  }

  #show(view: RunView): void {
    if (this.#quiet) return
    if (!process.stderr.isTTY) return this.#sayStage(view)
    this.#screen.show([stageLine(view, this.#speed, this.#stops > 0), ...detailLines(view)])
  }

  /** Without a terminal, one line a stage. */
  #sayStage({ run }: RunView): void {
    if (run.label === this.#stage) return
    this.#stage = run.label
    note(`${run.id} ${run.label.toLowerCase()}…`)
  }
}

function stageLine({ run, counters }: RunView, speed: (done: number) => number, stopping: boolean): string {
  const doing = run.trigger === 'undo' && run.state === 'importing' ? 'Undoing' : run.label
  const label = color.bold(stopping ? 'Stopping' : doing)
  const { progress } = run
  if (run.state === 'validating' && progress?.bytesTotal !== undefined) {
    const done = progress.done ?? 0
    // Before the records are counted, the bytes tell how far it is.
    const total = Math.max(
      done,
      Math.round(done / Math.max(0.001, (progress.bytes ?? 0) / progress.bytesTotal)),
    )
    const about = (n: number): string => (n === total ? `~${number(n)}` : number(n))
    return progressLine(label, done, total, speed(done), about, run.expected?.seconds ?? null)
  }
  if (run.state === 'importing' || run.state === 'stopping')
    return progressLine(
      label,
      counters.read,
      counters.total,
      speed(counters.read),
      number,
      run.expected?.seconds,
    )
  return run.waits === null ? `${label}…` : `${label}, waits ${run.waits}`
}

function detailLines({ run, counters }: RunView): string[] {
  const lines: string[] = []
  const causes = Object.entries(counters.failed).filter(([key]) => key !== 'total')
  if (causes.length > 0) {
    const shown = causes
      .slice(0, 3)
      .map(([code, count]) => `${number(count)} ${definitionOf(code).title.toLowerCase()}`)
    lines.push(
      color.yellow(
        `  rejected ${number(counters.failed.total)}: ${shown.join(' · ')}${causes.length > 3 ? ' …' : ''}`,
      ),
    )
  }
  const problem = run.sleeping?.['problem'] as { message?: string } | undefined
  if (problem?.message !== undefined) lines.push(color.yellow(`  sleeping: ${problem.message}`))
  return lines
}
