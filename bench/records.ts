// How fast a page of the record list is, by filter, first and later ones: `node bench/records.ts [--rows 1000000] [--imports 10]`.
import { request } from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { RecordPageView } from '../src/api/records.ts'
import { systemClock } from '../src/core/clock.ts'
import { serverPlaceIn } from '../src/host/serverPlace.ts'
import { openFiles } from './files.ts'
import { Home } from './home.ts'
import { lookAround, type Machine } from './machine.ts'
import { ask, settleDown } from './peer.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))

/** Pages of each filter, and how often the first one is asked for. */
const laterMax = 40
const firstTimes = 20
const filesKnown = ['bad', 'updated', 'as-of-new', 'as-of-updated'] as const

interface Times {
  readonly pages: number
  readonly median: number
  readonly p95: number
  readonly max: number
}

interface FilterTimes {
  readonly filter: string
  /** Milliseconds for the answer of a page. */
  readonly first: Times
  readonly later: Times
  /** Records on the pages, and whether the last of them was the end. */
  readonly found: number
  readonly ended: boolean
}

interface RecordsResults {
  readonly date: string
  readonly records: number
  readonly machine: Machine
  /** Processes that wanted to run meanwhile: much above 1, and the machine was not ours alone. */
  readonly load: number
  /** Seconds to build the index of identifiers, and its megabytes. */
  readonly index: { readonly seconds: number; readonly megabytes: number }
  readonly filters: readonly FilterTimes[]
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

function timesOf(ms: readonly number[]): Times {
  const sorted = [...ms].sort((a, b) => a - b)
  const at = (share: number): number =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0) * 10) / 10
  return { pages: ms.length, median: at(0.5), p95: at(0.95), max: at(1) }
}

function get(socketPath: string, query: Readonly<Record<string, string>>): Promise<RecordPageView> {
  const path = `/v1/namespaces/main/records?${new URLSearchParams(query).toString()}`
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString()
        if (answer.statusCode === 200) resolve(JSON.parse(text) as RecordPageView)
        else reject(new Error(text))
      })
    })
    asking.on('error', reject)
    asking.end()
  })
}

async function measure(socket: string, filter: Readonly<Record<string, string>>): Promise<FilterTimes> {
  const first: number[] = []
  const later: number[] = []
  const timed = async (query: Readonly<Record<string, string>>, into: number[]): Promise<RecordPageView> => {
    const started = performance.now()
    const page = await get(socket, query)
    into.push(performance.now() - started)
    return page
  }
  let page = await timed(filter, first)
  let found = page.records.length
  for (let i = 0; i < laterMax && page.next !== null; i++) {
    page = await timed({ ...filter, cursor: page.next }, later)
    found += page.records.length
  }
  for (let i = 1; i < firstTimes; i++) await timed(filter, first)
  const name = Object.entries(filter).map(([key, value]) => `${key}=${value}`)
  const ended = page.next === null
  return { filter: name.join('&') || '(none)', first: timesOf(first), later: timesOf(later), found, ended }
}

/** Every filter with something frequent and something rare. */
async function filtersFor(home: Home): Promise<Record<string, string>[]> {
  const [identifier = '', job = '', type = '', oldest = '', from = '', middle = ''] = (
    await ask(
      home,
      `select concat_ws('|',
         (select identifier from sluice_main.record where run = (select min(id) from sluice.run) and ordinal = 4711),
         (select name from sluice.job order by id limit 1), (select file_name from sluice.landing order by landed_at limit 1),
         (select min(id) from sluice.run),
         (select to_json(min(created_at)) #>> '{}' from sluice.run),
         (select to_json(created_at) #>> '{}' from sluice.run order by id offset (select count(*) / 2 from sluice.run) limit 1))`,
    )
  ).split('|')
  const z = (time: string): string => time.replace('+00:00', 'Z')
  return [
    {},
    { job },
    { state: 'failed' },
    { state: 'finished' },
    { state: 'new,retry,waiting' },
    { state: 'skipped' },
    { created_since: z(middle) },
    { created_until: z(middle) },
    { since: z(middle) },
    { until: z(middle) },
    { until: z(from) },
    { id: `r${oldest}/4711` },
    { id_contains: '4711' },
    { id_contains: '987654' },
    { type },
    { type_contains: 'bad' },
    { identifier },
    { identifier: 'nobody-has-this' },
    { contains: identifier.slice(0, 5) },
    { contains: identifier },
    { contains: 'zzzz' },
    { contains: identifier, state: 'failed' },
    { code: 'email.invalid' },
    { code: 'as_of.future' },
    { profile: '1' },
  ]
}

/** Lets the chore build the index of identifiers; answers how long that took. */
async function buildIndex(home: Home): Promise<RecordsResults['index']> {
  const started = performance.now()
  await ask(home, `select sluice_chores.add_job('identifiers')`)
  const size = `select coalesce(sum(pg_relation_size(c.oid)), 0) / 1000000 from pg_index x join pg_class c on c.oid = x.indexrelid
    where c.relname like 'record%\\_ids\\_%' and x.indisvalid`
  for (;;) {
    const megabytes = Number(await ask(home, size))
    const seconds = Math.round((performance.now() - started) / 1000)
    if (megabytes > 0 || seconds > 1_800) return { seconds, megabytes: Math.round(megabytes) }
    await setTimeout(500)
  }
}

async function main(rows: number, imports: number): Promise<void> {
  const home = new Home(join(dataFolder, 'records'))
  const files = openFiles(dataFolder, rows)
  await home.down()
  await home.erase()
  try {
    const server = await home.up()
    const { socket } = await serverPlaceIn(home.path)
    for (let i = 0; i < imports; i++) {
      const name = filesKnown[i % filesKnown.length]!
      const { code, errors } = await home.sluice('import', files.file(name), '--yes', '--again', '--json')
      if (code !== 0 && code !== 3) throw new Error(errors)
      say(`imported ${(i + 1) * rows} records`)
    }
    const index = await buildIndex(home)
    say(`index of identifiers: ${index.seconds} s, ${index.megabytes} MB`)
    await settleDown(home)
    const machine = await lookAround(home)
    const filters: FilterTimes[] = []
    for (const filter of await filtersFor(home)) {
      const times = await measure(socket, filter)
      filters.push(times)
      const { first, later } = times
      say(
        `${times.filter.padEnd(50)} first ${first.median}/${first.p95} ms, later ${later.median}/${later.p95} ms, ${times.found} records${times.ended ? '' : '…'}`,
      )
    }
    const date = new Date(systemClock.now()).toISOString().slice(0, 10)
    const load = Math.round((loadavg()[0] ?? 0) * 10) / 10
    const results: RecordsResults = { date, records: rows * imports, machine, load, index, filters }
    mkdirSync(resultsFolder, { recursive: true })
    writeFileSync(
      join(resultsFolder, `${date}-records-${rows * imports}.json`),
      `${JSON.stringify(results, null, 1)}\n`,
    )
    await server.stop()
  } finally {
    await home.down()
    await home.erase()
  }
}

const text = { type: 'string' } as const
const { values } = parseArgs({ options: { rows: text, imports: text } })
await main(Number(values.rows ?? 1_000_000), Number(values.imports ?? 10))
