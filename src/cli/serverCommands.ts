// `sluice up` and `sluice down`.
import type { Command } from 'commander'
import { failure } from '../core/problems.ts'
import { exits } from './exit.ts'
import { meaningOf } from './failures.ts'
import { plural } from './format.ts'
import type { Host, RunningUp } from './host.ts'
import { color, facts, print, printJson } from './terminal.ts'

interface UpOptions {
  readonly json?: boolean
  readonly port?: string
  readonly linger?: string
  readonly root?: string
  readonly workers: string
  readonly background?: boolean
}

/** Stays until it is told to stop. */
export async function up(host: Host, command: Command): Promise<number> {
  const options = command.opts<UpOptions>()
  const request = {
    port: numberOf('--port', options.port),
    linger: numberOf('--linger', options.linger),
    root: options.root,
    background: options.background === true,
    workers: workersOf(options.workers),
  }
  try {
    if (!request.background && options.json !== true) print(color.dim('Starting PostgreSQL and the server…'))
    const running = await host.up(request)
    process.once('SIGTERM', () => running.stop())
    process.once('SIGINT', () => running.stop())
    if (request.background) process.send?.({ ready: true })
    else sayUp(running, options.json === true)
    await running.ended
    return exits.ok
  } catch (error) {
    if (!request.background || process.send === undefined) throw error
    process.send({ problem: meaningOf(error) })
    return exits.failed
  }
}

function sayUp(running: RunningUp, json: boolean): void {
  const { home, socket, port, tokenFile, welcome, root } = running
  if (json) return printJson({ up: { home, socket, port, root, welcome, pid: process.pid } })
  print(`${color.green('✓')} Sluice is up`)
  print(
    facts([
      ['Data', home],
      ['Socket', socket],
      ...(root === null ? [] : ([['Folders', `below ${root}`]] as const)),
      ...(port === null
        ? []
        : ([
            ['Web app', `http://127.0.0.1:${port}`],
            ['API', `http://127.0.0.1:${port}/v1   (for people: /reference)`],
            ['Token', `in ${tokenFile}`],
          ] as const)),
      ...(welcome === null
        ? []
        : ([['First admin', `${welcome}   (open it to begin; works once, for 24 hours)`]] as const)),
      ['Import', 'sluice import FILE   (in another terminal)'],
      ['Stop', 'Ctrl-C, or sluice down'],
    ]),
  )
}

function numberOf(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65_535)
    throw failure('usage.unknown', { detail: `${flag} takes a number, not ${text}.`, command: 'sluice up' })
  return value
}

/** More than this is a mistake, or asks for a second machine. */
const workersMax = 64

function workersOf(text: string): number {
  const workers = numberOf('--workers', text) ?? 1
  if (workers >= 1 && workers <= workersMax) return workers
  const detail = `--workers takes a number from 1 to ${workersMax}, not ${text}.`
  throw failure('usage.unknown', { detail, command: 'sluice up' })
}

/** Refuses while a run is active. */
export async function down(host: Host, command: Command): Promise<number> {
  const options = command.opts<{ json?: boolean; stopRuns?: boolean }>()
  const { server, postgres, waitingJobs } = await host.down(options.stopRuns === true)
  if (options.json === true) printJson({ down: { server, postgres, waitingJobs } })
  else if (server === null && !postgres) print('Sluice was not running.')
  else
    print(
      `${color.green('✓')} Stopped: ${[...(server === null ? [] : ['the server']), ...(postgres ? ['the database'] : [])].join(' and ')}.`,
    )
  if (options.json !== true && waitingJobs > 0)
    print(color.dim(`  ${plural(waitingJobs, 'active job')} cannot run until it is up again: sluice up`))
  return exits.ok
}
