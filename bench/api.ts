// How fast the API answers while an import runs at full speed, against none: `node bench/api.ts [--rows 1000000]`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { Agent } from 'node:http'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { RunPage } from '../src/api/runs.ts'
import { systemClock } from '../src/core/clock.ts'
import { openFiles } from './files.ts'
import { Home } from './home.ts'
import { lookAround } from './machine.ts'
import { askApi, timesOf, timesText, type Times } from './requests.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))
/** Milliseconds at the 99th percentile, and how many times slower than without an import. */
const aims = { p99: 100, ratio: 2 }
/** Callers at once, each with a pause after every answer, like people at a page: milliseconds. */
const callers = { count: 4, pause: 20 }

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '20' },
    out: { type: 'string', default: resultsFolder },
  },
})
const [rows, seconds] = [Number(values.rows), Number(values.seconds)]

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** The reads of pages people look at most, around a run that is over. */
async function mixOf(home: Home): Promise<readonly string[]> {
  const { runs } = await askApi<RunPage>(home, '/runs?limit=1')
  const { id, job } = runs[0]!.run
  const { profiles } = await askApi<{ profiles: { id: number }[] }>(home, '/profiles?limit=1')
  const person = profiles[0]!.id
  return [
    '/runs?limit=20',
    `/runs/${id}`,
    `/runs/${id}/log?limit=50`,
    `/runs/${id}/errors`,
    '/jobs?limit=20',
    `/jobs/${encodeURIComponent(job)}`,
    '/queue',
    `/records?run=${id}&limit=50`,
    `/runs/${id}/records/7`,
    '/profiles?limit=20',
    `/profiles/${person}`,
    `/profiles/${person}/history`,
    '/attributes',
    '/settings',
  ]
}

type Measured = Map<string, number[]>

/** Asks in turn until told to stop. */
async function call(
  home: Home,
  mix: readonly string[],
  first: number,
  until: AbortSignal,
  into: Measured,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  for (let k = first; !until.aborted; k++) {
    const path = mix[k % mix.length]!
    const at = performance.now()
    await askApi(home, path, { agent })
    into.set(path, [...(into.get(path) ?? []), performance.now() - at])
    await systemClock.pause(callers.pause)
  }
  agent.destroy()
}

/** Measures for as long as `while` takes. */
async function measure(
  home: Home,
  mix: readonly string[],
  during: () => Promise<unknown>,
): Promise<Measured> {
  const stop = new AbortController()
  const into: Measured = new Map()
  const calling = Array.from({ length: callers.count }, (_, k) => call(home, mix, k * 3, stop.signal, into))
  try {
    await during()
  } finally {
    stop.abort()
    await Promise.all(calling)
  }
  return into
}

const all = (measured: Measured): Times => timesOf([...measured.values()].flat())

const home = new Home(join(dataFolder, 'api'))
await home.down()
await home.erase()
const server = await home.up()
try {
  const machine = await lookAround(home)
  await home.sluice(
    'import',
    openFiles(dataFolder, Math.ceil(rows / 10)).file('bad'),
    '--yes',
    '--job',
    'first',
  )
  const mix = await mixOf(home)
  // Plans are made and pages are read once, on both sides.
  await measure(home, mix, () => systemClock.pause(3_000))
  const quiet = await measure(home, mix, () => systemClock.pause(seconds * 1_000))
  say(`without an import  ${timesText(all(quiet))}`)
  const file = openFiles(dataFolder, rows).file('new')
  let took = 0
  const busy = await measure(home, mix, async () => {
    const { code, errors, seconds: needed } = await home.sluice('import', file, '--yes', '--job', 'second')
    if (code !== 0) throw new Error(errors)
    took = needed
  })
  say(`during an import   ${timesText(all(busy))}  ${rows} rows in ${took.toFixed(1)} s`)
  for (const path of mix)
    say(
      `  ${path.padEnd(34)} ${timesText(timesOf(quiet.get(path) ?? []))} → ${timesText(timesOf(busy.get(path) ?? []))}`,
    )
  const [before, now] = [all(quiet), all(busy)]
  const ratio = now.p99 / before.p99
  const reached = ratio <= aims.ratio && now.p99 < aims.p99
  say(
    `p99 ${now.p99.toFixed(1)} ms, ${ratio.toFixed(1)} times that without (aims: below ${aims.p99} ms, at most ${aims.ratio}): ${reached ? 'reached' : 'missed'}`,
  )
  const day = new Date(systemClock.now()).toISOString().slice(0, 10)
  mkdirSync(values.out, { recursive: true })
  const result = join(values.out, `${day}-api-${rows}.json`)
  const byPath = Object.fromEntries(
    mix.map((path) => [path, { quiet: timesOf(quiet.get(path) ?? []), busy: timesOf(busy.get(path) ?? []) }]),
  )
  writeFileSync(
    result,
    `${JSON.stringify({ rows, importSeconds: took, quiet: before, busy: now, ratio, byPath, load: loadavg()[0], machine }, null, 2)}\n`,
  )
  say(result)
} finally {
  await server.stop()
  await home.erase()
}
