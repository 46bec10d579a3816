// How fast a run is undone, against the import that made it: `node bench/undo.ts [--rows 1000000] [--rounds 1]`.
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
import { forgetPeak, peakOf, workerOf } from './memory.ts'
import { ask } from './peer.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))

interface Measured {
  readonly what: string
  /** The whole command, and the stage that writes. */
  readonly whole: number
  readonly seconds: RunView['seconds']
  readonly workerPeak: number | null
  readonly outcomes: Readonly<Record<string, number>>
  /** Load average of the minute before. */
  readonly load: number
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Types a command, waits for its end, and takes the numbers of its run. */
async function measure(
  home: Home,
  pid: number,
  what: string,
  args: readonly string[],
): Promise<[Measured, string]> {
  const load = loadavg()[0] ?? 0
  const worker = await workerOf(pid)
  if (worker !== null) await forgetPeak(worker)
  const { code, output, errors, seconds: whole } = await home.sluice(...args, '--yes', '--json')
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${errors}${output}`)
  const { run, counters, seconds } = JSON.parse(output) as RunView
  const { total: _, ...outcomes } = counters.finished
  const workerPeak = worker === null ? null : await peakOf(worker)
  const measured = { what, whole, seconds, workerPeak, outcomes, load }
  say(`${what}: ${whole.toFixed(1)} s, writing ${seconds.importing.toFixed(1)} s`)
  return [measured, run.id]
}

/** A hash of every profile and identifier: what must be the same before and after. */
function state(home: Home): Promise<string> {
  return ask(
    home,
    `select md5(string_agg(md5(x::text), '' order by x.id)) from (
       select p._id as id, to_jsonb(p) - '_updated_at' as cells, s.as_of, s.run, s.ordinal, s.by,
         (select string_agg(i.value, ',' order by i.kind, i.value) from sluice_main.identifier i where i.profile_id = p._id) as ids
       from sluice_main.profile p join sluice_main.stamp s on s.profile_id = p._id) x`,
  )
}

async function round(
  home: Home,
  files: ReturnType<typeof openFiles>,
): Promise<{ samples: Measured[]; machine: Machine }> {
  await home.erase()
  const server = await home.up()
  try {
    const samples: Measured[] = []
    const step = async (what: string, ...args: string[]): Promise<string> => {
      const [measured, run] = await measure(home, server.pid, what, args)
      samples.push(measured)
      const { output } = await home.sluice('verify', run, '--json')
      if (!(JSON.parse(output) as VerifyView).sound) throw new Error(`${run} is not sound: ${output}`)
      return run
    }
    const first = await step('import of new people', 'import', files.file('new'))
    const before = await state(home)
    const updated = await step('import of changes', 'import', files.file('updated'))
    await step('undo of the changes', 'undo', updated)
    if ((await state(home)) !== before) throw new Error('the undo left something else than was there before')
    await step('undo of the new people', 'undo', first)
    if ((await ask(home, 'select count(*) from sluice_main.profile')) !== '0')
      throw new Error('profiles are left')
    return { samples, machine: await lookAround(home) }
  } finally {
    await server.stop()
  }
}

function page(
  date: string,
  rows: number,
  machine: Machine,
  rounds: readonly (readonly Measured[])[],
): string {
  const lines = rounds.flatMap((samples, i) =>
    samples.map(({ what, whole, seconds, workerPeak, load, outcomes }) => {
      const done = Object.entries(outcomes).filter(([, count]) => count > 0)
      return `| ${i + 1} | ${what} | ${whole.toFixed(2)} | ${seconds.fetching.toFixed(2)} | ${seconds.importing.toFixed(2)} | ${workerPeak === null ? '–' : `${Math.round(workerPeak / 1e6)} MB`} | ${load.toFixed(1)} | ${done.map(([name, count]) => `${name} ${count.toLocaleString('en-US')}`).join(', ')} |`
    }),
  )
  const ratio = (of: string, to: string, take: (one: Measured) => number): string =>
    (
      rounds.reduce((sum, samples) => {
        const find = (what: string): number => take(samples.find((one) => one.what === what)!)
        return sum + find(of) / find(to)
      }, 0) / rounds.length
    ).toFixed(2)
  return `# Undo benchmark, ${rows.toLocaleString('en-US')} rows, ${date}

The same people are imported, imported again with other values, and both runs are undone, each by the command as typed. After the undo of
the changes every profile, stamp and identifier equals what was there before (hash over all rows); every run passed \`sluice verify\`.

Machine: ${machine.cores} cores (${machine.processor}), ${(machine.memory / 1e9).toFixed(0)} GB memory, ${machine.system}, PostgreSQL ${machine.postgres}, Node ${machine.node}.

| round | what | whole s | fetching s | writing s | worker peak | load before | outcome |
| --- | --- | --- | --- | --- | --- | --- | --- |
${lines.join('\n')}

- Undo of the changes against the import of the changes: ${ratio('undo of the changes', 'import of changes', ({ whole }) => whole)} of its time as a whole (aim: at most 1), ${ratio('undo of the changes', 'import of changes', ({ seconds }) => seconds.importing)} of its writing: an import has read and mapped its records before.
- Undo of the new people against their import: ${ratio('undo of the new people', 'import of new people', ({ whole }) => whole)} of its time as a whole.
`
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '1' } },
})
const rows = Number(values.rows)
mkdirSync(dataFolder, { recursive: true })
mkdirSync(resultsFolder, { recursive: true })
const home = new Home(join(dataFolder, 'undo'))
const date = new Date(systemClock.now()).toISOString().slice(0, 10)
const rounds: Measured[][] = []
let machine: Machine | undefined
for (let i = 0; i < Number(values.rounds); i++) {
  const measured = await round(home, openFiles(dataFolder, rows))
  machine = measured.machine
  rounds.push(measured.samples)
}
await home.erase()
const text = page(date, rows, machine!, rounds)
writeFileSync(join(resultsFolder, `${date}-undo-${rows}.md`), text)
say(`\n${text}`)
