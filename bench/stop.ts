// How long a stop takes in every stage: `node bench/stop.ts [--rows 1000000] [--rounds 3]`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { LogPage } from '../src/api/log.ts'
import type { RunPage } from '../src/api/runs.ts'
import type { RunView } from '../src/api/runView.ts'
import { systemClock } from '../src/core/clock.ts'
import { openFiles } from './files.ts'
import { Home } from './home.ts'
import { lookAround, type Machine } from './machine.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))

/** Seconds in which a stop takes effect (design section 7). */
const aim = 2
const stages = ['queued', 'validating', 'importing', 'processing'] as const
type Stage = (typeof stages)[number]

interface Sample {
  readonly stage: Stage
  /** Seconds from the stop being asked for to the run being stopped, by the run's log. */
  readonly seconds: number
  readonly read: number
  readonly load: number
}

async function json<T>(home: Home, ...args: string[]): Promise<T> {
  return JSON.parse((await home.sluice(...args, '--json')).output) as T
}

async function newest(home: Home): Promise<RunView | undefined> {
  return (await json<RunPage>(home, 'runs', '--limit', '1')).runs[0]
}

/** Waits until a run newer than that one is in this stage. */
async function reached(home: Home, stage: Stage, before: string | undefined): Promise<string> {
  for (;;) {
    const view = await newest(home)
    if (view?.run.id === before) continue
    if (view?.run.state === stage) return view.run.id
    if (view?.run.settled === true) throw new Error(`it ended before it was seen ${stage}`)
  }
}

async function measure(home: Home, file: string, stage: Stage): Promise<Sample> {
  const load = loadavg()[0] ?? 0
  const before = (await newest(home))?.run.id
  // Whatever is queued waits behind this one.
  const first = stage === 'queued' ? home.sluice('import', file, '--yes', '--again', '--job', 'first') : null
  const behind = first === null ? before : await reached(home, 'importing', before)
  const importing = home.sluice('import', file, '--yes', '--again', '--job', stage)
  const id = await reached(home, stage, behind)
  const { run, counters } = await json<Partial<RunView>>(home, 'run', 'stop', id)
  if (run?.state !== 'stopped' || counters === undefined) throw new Error('it was over before the stop')
  const { lines } = await json<LogPage>(home, 'run', 'log', id)
  const at = (kind: string): number => Date.parse(lines.findLast((line) => line.kind === kind)?.at ?? '')
  await importing
  if (first !== null) {
    const { runs } = await json<RunPage>(home, 'runs', '--state', 'importing')
    for (const { run } of runs) await home.sluice('run', 'stop', run.id)
    await first
  }
  return { stage, seconds: (at('stopped') - at('stop_requested')) / 1000, read: counters.read, load }
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
})
const rows = Number(values.rows)
mkdirSync(resultsFolder, { recursive: true })
const home = new Home(join(dataFolder, 'stop'))
const file = openFiles(dataFolder, rows).file('new')
await home.erase()
const server = await home.up()
const samples: Sample[] = []
let machine: Machine
try {
  machine = await lookAround(home)
  for (let round = 0; round < Number(values.rounds); round++)
    for (const stage of stages)
      try {
        const sample = await measure(home, file, stage)
        samples.push(sample)
        process.stdout.write(`${stage}: ${sample.seconds.toFixed(2)} s\n`)
      } catch (error) {
        // The last stage may be over before anybody has looked.
        process.stdout.write(`${stage}: ${String(error)}\n`)
      }
} finally {
  await server.stop()
  await home.erase()
}
const date = new Date(systemClock.now()).toISOString().slice(0, 10)
const slowest = Math.max(...samples.map(({ seconds }) => seconds))
const { cores, processor, memory, system, postgres, node } = machine
const text = `# From stop to stopped, ${rows.toLocaleString('en-US')} rows, ${date}

An import is stopped in each of its stages. The time is that between two lines of its log: the stop was asked for, and the run was stopped.

Machine: ${cores} cores (${processor}), ${(memory / 1e9).toFixed(0)} GB memory, ${system}, PostgreSQL ${postgres}, Node ${node}.

| stage | seconds | records settled | load before |
| --- | --- | --- | --- |
${samples.map((s) => `| ${s.stage} | ${s.seconds.toFixed(2)} | ${s.read.toLocaleString('en-US')} | ${s.load.toFixed(1)} |`).join('\n')}

The slowest took ${slowest.toFixed(2)} s (aim: at most ${aim} s): ${slowest <= aim ? 'reached' : 'missed'}.
`
writeFileSync(join(resultsFolder, `${date}-stop-${rows}.md`), text)
process.stdout.write(`\n${text}`)
