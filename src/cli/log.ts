// `sluice run log` and `sluice job log`: what happened, line by line; `--save` keeps it as a file.
import type { Readable } from 'node:stream'
import type { Command } from 'commander'
import type { LogLineView, LogPage } from '../client/types.gen.ts'
import type { LogLevel } from '../core/logKinds.ts'
import type { Client } from './client.ts'
import { exits } from './exit.ts'
import { time } from './format.ts'
import type { Host } from './host.ts'
import { runId } from './ids.ts'
import { shellWord } from './shellWord.ts'
import { saveFile } from './saveFile.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, columns, print, printJson } from './terminal.ts'
import { pad, visible, widthOf, wrap } from './width.ts'

interface LogOptions extends SharedOptions {
  readonly dialect: string
  readonly level: LogLevel
  readonly limit: string
  readonly cursor?: string
  readonly save?: string
}

/** The log of one run, from its beginning. */
export function runLog(host: Host, command: Command, [text = '']: string[]): Promise<number> {
  const id = runId(text)
  return showLog(host, command, {
    page: (client, query) => client.get('/runs/{run}/log', { run: id, order: 'oldest', ...query }),
    file: (client, query) => client.download('/runs/{run}/log/file', { run: id, ...query }),
    typed: `run log ${id}`,
    order: 'oldest',
  })
}

/** The newest lines of a job and its runs, the last one at the bottom. */
export function jobLog(host: Host, command: Command, [job = '']: string[]): Promise<number> {
  return showLog(host, command, {
    page: (client, query) => client.get('/jobs/{job}/log', { job, order: 'newest', ...query }),
    file: (client, query) => client.download('/jobs/{job}/log/file', { job, ...query }),
    typed: `job log ${shellWord(job)}`,
    order: 'newest',
  })
}

interface Whose {
  readonly page: (
    client: Client,
    query: Pick<LogOptions, 'level' | 'dialect' | 'limit' | 'cursor'>,
  ) => Promise<LogPage>
  readonly file: (client: Client, query: { format: 'jsonl' | 'text'; level: LogLevel }) => Promise<Readable>
  readonly typed: string
  readonly order: 'oldest' | 'newest'
}

function showLog(host: Host, command: Command, { page: pageOf, file, typed, order }: Whose): Promise<number> {
  const options = command.opts<LogOptions>()
  const { dialect, level, limit, cursor, save } = options
  return withClient(host, options, async (client) => {
    if (save !== undefined) {
      const format = /\.jsonl?$/i.test(save) ? 'jsonl' : 'text'
      await saveFile(await file(client, { format, level }), save)
      if (options.json === true) printJson({ saved: save })
      else print(`${color.green('✓')} Saved ${save}`)
      return exits.ok
    }
    const page = await pageOf(client, { level, dialect, limit, ...(cursor !== undefined && { cursor }) })
    if (options.json === true) printJson(page)
    else printLog(page, order, typed, options)
    return exits.ok
  })
}

const nothing: Readonly<Record<LogLevel, string>> = {
  info: 'Nothing has happened yet.',
  warn: 'No warnings and no errors.',
  error: 'No errors.',
}

const paints = { info: (text: string) => text, warn: color.yellow, error: color.red } as const

function printLog(
  { lines, next }: LogPage,
  order: Whose['order'],
  typed: string,
  { namespace, level }: LogOptions,
): void {
  if (lines.length === 0) return print(nothing[level])
  const only = level === 'info' ? '' : ` --level ${level}`
  const inside = `${only}${namespace === 'main' ? '' : ` --namespace ${namespace}`}`
  const more = (what: string): string => color.dim(`${what}: sluice ${typed} --cursor ${next}${inside}`)
  if (order === 'newest' && next !== null) print(`${more('Earlier lines')}\n`)
  const shown = order === 'oldest' ? lines : lines.toReversed()
  // Of one run the column would say the same on every line.
  print(logLines(shown, order === 'newest'))
  if (order === 'oldest' && next !== null) print(`\n${more('Later lines')}`)
}

/** A sentence is never cut: what is too long for the line goes on under its beginning. */
function logLines(lines: readonly LogLineView[], several: boolean): string {
  const [runs, labels] = [
    widest(
      lines.map(({ run }) => run ?? '–'),
      'run',
    ),
    widest(
      lines.map(({ label }) => label),
      'what',
    ),
  ]
  const head = (at: string, run: string, label: string): string =>
    [pad(at, 19), ...(several ? [pad(run, runs)] : []), pad(label, labels)].join('  ')
  const margin = widthOf(head('', '', '')) + 2
  const room = process.stdout.isTTY ? Math.max(20, columns() - margin) : Number.POSITIVE_INFINITY
  const shown = lines.map(({ at, level, label, message, run, by }) => {
    const told = visible(by === null ? message : `${message} (by ${by})`)
    const [first = '', ...rest] = wrap(told, room)
    const begin = head(color.dim(time(at)), run ?? '–', paints[level](label))
    return [`${begin}  ${first}`.trimEnd(), ...rest.map((line) => ' '.repeat(margin) + line)].join('\n')
  })
  return [color.dim(`${head('time (UTC)', 'run', 'what')}  details`), ...shown].join('\n')
}

function widest(texts: readonly string[], title: string): number {
  return Math.max(widthOf(title), ...texts.map(widthOf))
}
