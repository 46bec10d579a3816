// How fast one record is explained when the ledger is large: `node bench/explain.ts [--ledger 10000000] [--rows 200000]`.
import { request } from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { ExplanationView } from '../src/api/explanationView.ts'
import { systemClock } from '../src/core/clock.ts'
import { serverPlaceIn } from '../src/host/serverPlace.ts'
import { openFiles } from './files.ts'
import { Home } from './home.ts'
import { lookAround, type Machine } from './machine.ts'
import { ask, settleDown } from './peer.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))

/** Records asked about in every round. */
const asked = 30
/** Whole commands are slower to measure: Node starts anew for each. */
const commands = 10

interface Times {
  readonly median: number
  readonly max: number
}

interface ExplainResults {
  readonly date: string
  /** Rows of the ledger, changes, and records of the file that was really imported. */
  readonly ledger: number
  readonly changes: number
  readonly rows: number
  readonly machine: Machine
  /** Processes that wanted to run meanwhile: much above 1, and the machine was not ours alone. */
  readonly load: number
  /** Milliseconds. cold: PostgreSQL and the server were just started; warm: the same records again. */
  readonly api: { readonly cold: Times; readonly warm: Times }
  readonly history: { readonly cold: Times; readonly warm: Times }
  /** The whole command as typed, and by a line of the file. */
  readonly command: Times
  readonly line: Times
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function timesOf(ms: readonly number[]): Times {
  const sorted = [...ms].sort((a, b) => a - b)
  return { median: Math.round(sorted[sorted.length >> 1]!), max: Math.round(sorted.at(-1)!) }
}

/** Fills the ledger and the changes with rows of runs that nobody asks about, as many imports would have. */
async function fill(home: Home, ledger: number, changes: number): Promise<void> {
  const [month, people] = (
    await ask(
      home,
      `select (select max(run_month) from sluice.run) || ' ' || (select max(_id) from sluice_main.profile)`,
    )
  ).split(' ')
  const perRun = 100_000
  await ask(
    home,
    `insert into sluice_main.record (run_month, run, ordinal, state, outcome, identifier, profile_id)
     select '${month}', 100000 + i / ${perRun}, 1 + i % ${perRun}, 3, 3, 'C' || (i * 7919) % ${people}, 1 + (i * 7919) % ${people}
     from generate_series(0::bigint, ${ledger - 1}) i`,
  )
  await ask(
    home,
    `insert into sluice_main.change (run, ordinal, profile_id, before)
     select 100000 + i / ${perRun}, 1 + i % ${perRun}, ${people} + i % 1000000, '{"a": {"city": "Wien"}, "s": [0, 1, 1]}'
     from generate_series(0::bigint, ${changes - 1}) i`,
  )
  await settleDown(home)
}

function get<T>(socketPath: string, path: string): Promise<T> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path: `/v1/namespaces/main${path}`, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString()
        if (answer.statusCode === 200) resolve(JSON.parse(text) as T)
        else reject(new Error(text))
      })
    })
    asking.on('error', reject)
    asking.end()
  })
}

async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; result: T }> {
  const started = performance.now()
  const result = await work()
  return { ms: performance.now() - started, result }
}

/** The same records, spread over the file and over both runs. */
function pathsOf(rows: number): string[] {
  return Array.from({ length: asked }, (_, i) => {
    const record = 1 + ((i * 7919 * 31) % rows)
    return `/runs/r${1001 + (i % 2)}/records/${record}/explanation`
  })
}

async function askAll(
  socket: string,
  paths: readonly string[],
): Promise<{ times: Times; profiles: number[] }> {
  const ms: number[] = []
  const profiles: number[] = []
  for (const path of paths) {
    const { ms: took, result } = await timed(() => get<Partial<ExplanationView>>(socket, path))
    ms.push(took)
    const profile = result.rows?.[0]?.profile
    if (profile != null) profiles.push(profile)
  }
  return { times: timesOf(ms), profiles }
}

/** The statistics the planner has are fresh; a query that reads a whole table would be seen here first. */
async function whileUp<T>(home: Home, use: (socket: string) => Promise<T>): Promise<T> {
  const server = await home.up()
  try {
    return await use((await serverPlaceIn(home.path)).socket)
  } finally {
    await server.stop()
  }
}

async function measure(home: Home, file: string, rows: number) {
  const paths = pathsOf(rows)
  const found = await whileUp(home, async (socket) => ({
    cold: await askAll(socket, paths),
    warm: (await askAll(socket, paths)).times,
  }))
  const histories = [...new Set(found.cold.profiles)].map((id) => `/profiles/${id}/history`)
  return whileUp(home, async (socket) => {
    const history = {
      cold: (await askAll(socket, histories)).times,
      warm: (await askAll(socket, histories)).times,
    }
    const command: number[] = []
    const line: number[] = []
    for (const path of paths.slice(0, commands)) {
      const [, , run, , record] = path.split('/')
      command.push((await home.sluice('explain', `${run}/${record}`)).seconds * 1000)
      line.push((await home.sluice('explain', file, '--line', String(Number(record) + 1))).seconds * 1000)
    }
    const api = { cold: found.cold.times, warm: found.warm }
    return { api, history, command: timesOf(command), line: timesOf(line) }
  })
}

async function main(ledger: number, changes: number, rows: number): Promise<void> {
  const home = new Home(join(dataFolder, 'explain'))
  const files = openFiles(dataFolder, rows)
  await home.down()
  await home.erase()
  try {
    const machine = await whileUp(home, async () => {
      for (const name of ['bad', 'updated'] as const) {
        const { code, errors } = await home.sluice('import', files.file(name), '--yes', '--json')
        if (code !== 0 && code !== 3) throw new Error(errors)
      }
      say(`imported twice ${rows} records; filling`)
      await fill(home, ledger, changes)
      return lookAround(home)
    })
    const date = new Date(systemClock.now()).toISOString().slice(0, 10)
    const times = await measure(home, files.file('updated'), rows)
    const load = Math.round((loadavg()[0] ?? 0) * 10) / 10
    const results: ExplainResults = { date, ledger, changes, rows, machine, load, ...times }
    mkdirSync(resultsFolder, { recursive: true })
    writeFileSync(
      join(resultsFolder, `${date}-explain-${ledger}.json`),
      `${JSON.stringify(results, null, 1)}\n`,
    )
    say(JSON.stringify({ load, ...times }))
  } finally {
    await home.down()
    await home.erase()
  }
}

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { ledger: text, changes: text, rows: text } })
await main(
  Number(values.ledger ?? 10_000_000),
  Number(values.changes ?? 5_000_000),
  Number(values.rows ?? 200_000),
)
