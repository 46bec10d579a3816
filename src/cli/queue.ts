// `sluice queue`: what works in each lane, what waits in which order and for what, and what rests.
import type { Command } from 'commander'
import type { QueuePage } from '../client/types.gen.ts'
import { runMachine } from '../core/run.ts'
import { exits } from './exit.ts'
import { plural, time } from './format.ts'
import type { Host } from './host.ts'
import { withClient, type SharedOptions } from './session.ts'
import { color, inTone, print, printJson, table } from './terminal.ts'

interface QueueOptions extends SharedOptions {
  readonly lane?: string
  readonly cursor?: string
  readonly limit: string
}

type Lane = QueuePage['lanes'][number]
type Waiting = QueuePage['waiting'][number]

/** One block a lane: the run that has it, and those behind it in their order. */
export async function showQueue(host: Host, command: Command): Promise<number> {
  const options = command.opts<QueueOptions>()
  const { lane, cursor, limit } = options
  return withClient(host, options, async (client) => {
    const page = await client.get('/queue', { lane, cursor, limit })
    if (options.json === true) printJson(page)
    else printQueue(page, options)
    return exits.ok
  })
}

function printQueue(page: QueuePage, options: QueueOptions): void {
  const lanes = page.lanes.filter(
    ({ lane, running }) =>
      (options.lane === undefined || lane === options.lane) &&
      // On later pages only the lanes that go on.
      (options.cursor === undefined
        ? true
        : running === null || page.waiting.some((run) => run.lane === lane)),
  )
  if (lanes.length === 0 && page.resting.length === 0)
    return print('Nothing is queued and nothing runs. Start something with: sluice import FILE')
  const blocks = lanes.map((lane) =>
    laneText(
      lane,
      page.waiting.filter((run) => run.lane === lane.lane),
    ),
  )
  if (page.resting.length > 0) blocks.push(restingText(page.resting))
  print(blocks.join('\n\n'))
  const others = options.namespace === 'main' ? '' : ` --namespace ${options.namespace}`
  if (page.next !== null) print(color.dim(`\nMore: sluice queue --cursor ${page.next}${others}`))
}

const heads = [
  { title: '', right: true },
  { title: 'run' },
  { title: 'state' },
  { title: 'job', flexible: true },
  { title: 'waits', flexible: true },
]

function laneText({ lane, running, waiting }: Lane, shown: readonly Waiting[]): string {
  const count = waiting === 0 ? 'nobody waits' : plural(waiting, 'run waits', 'runs wait')
  const rows = shown.map(({ run, state, label, job, waitsFor }) => [
    String(waitsFor.position),
    run,
    inTone(runMachine.states[state].tone, label),
    job,
    waitsFor.text,
  ])
  if (running !== null) {
    const { run, state, label, job, percent, since } = running
    const how = percent === null ? `since ${time(since)}` : `${percent} % done`
    rows.unshift(['▸', run, inTone(runMachine.states[state].tone, label), job, color.dim(how)])
  }
  return `${color.bold(`Lane ${lane}`)}  ${color.dim(count)}\n${table(heads, rows, 2)}`
}

function restingText(resting: QueuePage['resting']): string {
  const rows = resting.map(({ run, state, label, job, until, message }) => [
    run,
    inTone(runMachine.states[state].tone, label),
    job,
    until === null ? 'until a person decides' : `until ${time(until)}`,
    message ?? '',
  ])
  const columns = [
    { title: 'run' },
    { title: 'state' },
    { title: 'job', flexible: true },
    { title: 'rests' },
    { title: 'because', flexible: true },
  ]
  return `${color.bold('Out of their lanes')}  ${color.dim('they come back before those that wait')}\n${table(columns, rows, 2)}`
}
