// Whether two worker processes lose anything against one on one big run: `node bench/workers.ts [--rows 1000000] [--rounds 3]`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { RunView } from '../src/api/runView.ts'
import type { VerifyView } from '../src/api/verify.ts'
import { systemClock } from '../src/core/clock.ts'
import { openFiles } from './files.ts'
import { Home } from './home.ts'
import { lookAround, type Machine } from './machine.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))

/** Two processes may lose at most a twentieth. */
const aim = 0.95

interface Sample {
  readonly workers: number
  /** Seconds from typing to the end, and of the stage that chunks are shared in. */
  readonly whole: number
  readonly importing: number
  /** Load average of the minute before. */
  readonly load: number
}

async function measure(home: Home, file: string, workers: number): Promise<[Sample, Machine]> {
  await home.erase()
  const server = await home.up({}, ['--workers', String(workers)])
  try {
    const load = loadavg()[0] ?? 0
    const { code, output, errors, seconds: whole } = await home.sluice('import', file, '--yes', '--json')
    if (code !== 0) throw new Error(`the import ended with ${code}: ${errors}${output}`)
    const { run, seconds } = JSON.parse(output) as RunView
    const verified = await home.sluice('verify', run.id, '--json')
    if (!(JSON.parse(verified.output) as VerifyView).sound) throw new Error(`${run.id} is not sound`)
    return [{ workers, whole, importing: seconds.importing, load }, await lookAround(home)]
  } finally {
    await server.stop()
  }
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
})
const rows = Number(values.rows)
mkdirSync(resultsFolder, { recursive: true })
const home = new Home(join(dataFolder, 'workers'))
const file = openFiles(dataFolder, rows).file('new')
const samples: Sample[] = []
let machine: Machine | undefined
for (let round = 0; round < Number(values.rounds); round++)
  for (const workers of [1, 2]) {
    const [sample, found] = await measure(home, file, workers)
    machine = found
    samples.push(sample)
    process.stdout.write(
      `${workers} workers: importing ${sample.importing.toFixed(1)} s, load ${sample.load.toFixed(1)}\n`,
    )
  }
await home.erase()
const of = (workers: number): number =>
  median(samples.filter((sample) => sample.workers === workers).map(({ importing }) => importing))
const share = of(1) / of(2)
const { cores, processor, memory, system, postgres, node } = machine!
const date = new Date(systemClock.now()).toISOString().slice(0, 10)
const lines = samples.map(
  (s) => `| ${s.workers} | ${s.importing.toFixed(2)} | ${s.whole.toFixed(2)} | ${s.load.toFixed(1)} |`,
)
const text = `# Two worker processes against one, ${rows.toLocaleString('en-US')} new people, ${date}

One file is imported by a server with one worker process and with two, which share the run by its chunks. Every run passed \`sluice verify\`.

Machine: ${cores} cores (${processor}), ${(memory / 1e9).toFixed(0)} GB memory, ${system}, PostgreSQL ${postgres}, Node ${node}.

| worker processes | importing s | whole s | load before |
| --- | --- | --- | --- |
${lines.join('\n')}

Medians: one ${of(1).toFixed(2)} s, two ${of(2).toFixed(2)} s; two are ${share.toFixed(2)} times as fast (aim: at least ${aim}): ${share >= aim ? 'reached' : 'missed'}.
`
writeFileSync(join(resultsFolder, `${date}-workers-${rows}.md`), text)
process.stdout.write(`\n${text}`)
