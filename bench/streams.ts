// What open streams cost, and how soon they tell: `node bench/streams.ts [--streams 1000] [--changes 200]`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import type { IncomingMessage } from 'node:http'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { streamLimits } from '../src/api/liveLimits.ts'
import { systemClock } from '../src/core/clock.ts'
import { openDatabase, type Database } from '../src/db/client.ts'
import { connectionOf, placeIn } from '../src/host/postgres/place.ts'
import { openFiles } from './files.ts'
import { Home } from './home.ts'
import { lookAround } from './machine.ts'
import { askApi, open, timesOf, timesText } from './requests.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))
const port = 17_788
const quietSeconds = 15
const restSeconds = 60
/** Memory that so many streams may cost, in MB. */
const aim = 100

const { values } = parseArgs({
  options: {
    streams: { type: 'string', default: '1000' },
    changes: { type: 'string', default: '200' },
    out: { type: 'string', default: resultsFolder },
  },
})
const [streams, changes] = [Number(values.streams), Number(values.changes)]

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Resident memory of a process, in MB. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)![1]) / 1024
}

/** Seconds of processor time a process has had. */
async function workOf(pid: number): Promise<number> {
  const fields = (await readFile(`/proc/${pid}/stat`, 'utf8')).replace(/^.*\) /s, '').split(' ')
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function transactions(db: Database): Promise<number> {
  const { rows } = await db.pool.query<{ n: number }>(
    `select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()`,
  )
  return rows[0]!.n
}

/** When each stream was told of a run, by the order in which it was changed. */
class Reader {
  readonly told: number[] = []
  readonly #answer: IncomingMessage
  #rest = ''

  constructor(answer: IncomingMessage) {
    this.#answer = answer
    answer.setEncoding('utf8')
    answer.on('data', (piece: string) => {
      const blocks = (this.#rest + piece).split('\n\n')
      this.#rest = blocks.pop()!
      for (const block of blocks) if (block.startsWith('event: run')) this.told.push(performance.now())
    })
  }

  close(): void {
    this.#answer.destroy()
  }
}

async function openAll(home: Home): Promise<Reader[]> {
  const readers: Reader[] = []
  for (let made = 0; readers.length < streams; made++) {
    const json = { name: `bench-${made}`, rights: ['view'] }
    const { token } = await askApi<{ token: string }>(home, '/tokens', { method: 'POST', json })
    const count = Math.min(streamLimits.perCaller, streams - readers.length)
    const opened = Array.from({ length: count }, () =>
      open({
        host: '127.0.0.1',
        port,
        path: '/v1/namespaces/main/live',
        headers: { authorization: `Bearer ${token}` },
        agent: false,
      }),
    )
    for (const answer of await Promise.all(opened)) {
      if (answer.statusCode !== 200) throw new Error(`a stream was answered ${answer.statusCode}`)
      readers.push(new Reader(answer))
    }
  }
  return readers
}

/** A line of a run's log, with the word to the listeners that a move gives: one at a time, until everybody was told. */
async function change(db: Database, run: number, readers: readonly Reader[]): Promise<number[]> {
  const before = readers.map(({ told }) => told.length)
  await db.pool.query(
    `with line as (insert into sluice.log (namespace_id, job_id, run_id, kind, details)
       select namespace_id, job_id, id, 'purged', '{"what":"A file"}' from sluice.run where id = $1 returning id)
     select pg_notify('sluice_work', '') from line`,
    [run],
  )
  const at = performance.now()
  while (readers.some(({ told }, k) => told.length === before[k])) await systemClock.pause(5)
  return readers.map(({ told }, k) => told[before[k]!]! - at)
}

interface Quiet {
  /** Of the database: the server's, the worker's, and whoever looks at both. */
  readonly transactionsPerSecond: number
  /** Of the server process. */
  readonly processorPercent: number
}

/** What is done while nothing happens. */
async function quietly(db: Database, pid: number): Promise<Quiet> {
  const [asked, worked] = [await transactions(db), await workOf(pid)]
  await systemClock.pause(quietSeconds * 1_000)
  return {
    transactionsPerSecond: ((await transactions(db)) - asked) / quietSeconds,
    processorPercent: (((await workOf(pid)) - worked) / quietSeconds) * 100,
  }
}

async function measure(home: Home, db: Database, pid: number) {
  await home.sluice('import', openFiles(dataFolder, 1_000).file('new'), '--yes')
  const { runs } = await askApi<{ runs: { run: { id: string } }[] }>(home, '/runs')
  const run = Number(runs[0]!.run.id.slice(1))
  await systemClock.pause(3_000)
  const alone = await quietly(db, pid)
  const before = await memoryOf(pid)
  const readers = await openAll(home)
  await systemClock.pause(5_000)
  const after = await memoryOf(pid)
  say(`${streams} streams: ${before.toFixed(0)} MB → ${after.toFixed(0)} MB`)
  const quiet = await quietly(db, pid)
  for (const [name, { transactionsPerSecond: n, processorPercent: share }] of Object.entries({
    alone,
    quiet,
  }))
    say(`${name}: ${n.toFixed(1)} transactions/s, ${share.toFixed(1)} % of a core`)
  const delays: number[] = []
  for (let k = 0; k < changes; k++) delays.push(...(await change(db, run, readers)))
  const busy = await memoryOf(pid)
  const times = timesOf(delays)
  say(`change → arrival  ${timesText(times)}; ${busy.toFixed(0)} MB afterwards`)
  // What is garbage by then is collected while nothing happens.
  await systemClock.pause(restSeconds * 1_000)
  const rested = await memoryOf(pid)
  say(`${rested.toFixed(0)} MB when nothing had happened for ${restSeconds} s`)
  for (const reader of readers) reader.close()
  return { streams, changes, before, after, busy, rested, alone, quiet, times }
}

const home = new Home(join(dataFolder, 'streams'))
await home.down()
await home.erase()
const server = await home.up({}, ['--port', String(port)])
const db = openDatabase((await connectionOf(placeIn(home.path))) ?? {}, 'bench', 1)
try {
  const machine = await lookAround(home)
  const found = await measure(home, db, server.pid)
  const day = new Date(systemClock.now()).toISOString().slice(0, 10)
  mkdirSync(values.out, { recursive: true })
  const file = join(values.out, `${day}-streams-${streams}.json`)
  const cost = Math.max(found.after, found.busy) - found.before
  say(`${cost.toFixed(0)} MB for ${streams} streams (aim: at most ${aim} MB for 1,000)`)
  writeFileSync(file, `${JSON.stringify({ ...found, load: loadavg()[0], machine }, null, 2)}\n`)
  say(file)
} finally {
  await db.end()
  await server.stop()
  await home.erase()
}
