// How fast a page of the record list is, by filter, first and later ones, and a search for profiles: `node bench/records.ts [--rows 1000000] [--imports 10] [--keep] [--again]`.
import { request } from 'node:http'
import { mkdirSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import type { ProfilePage } from '../src/api/profileViews.ts'
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
  readonly profiles: number
  /** The same of searches for profiles, as the page of profiles asks: an answer to it is what the person sees next. */
  readonly searches: readonly FilterTimes[]
}

interface Page {
  readonly found: number
  readonly next: string | null
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

type Noun = 'records' | 'profiles'

function get(socketPath: string, noun: Noun, query: Readonly<Record<string, string>>): Promise<Page> {
  const path = `/v1/namespaces/main/${noun}?${new URLSearchParams(query).toString()}`
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, path, agent: false }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString()
        if (answer.statusCode === 200) resolve(pageOf(text))
        else reject(new Error(text))
      })
    })
    asking.on('error', reject)
    asking.end()
  })
}

function pageOf(text: string): Page {
  const said = JSON.parse(text) as RecordPageView | ProfilePage
  const found = 'records' in said ? said.records.length : said.profiles.length
  return { found, next: said.next === null ? null : String(said.next) }
}

async function measure(
  socket: string,
  noun: Noun,
  filter: Readonly<Record<string, string>>,
): Promise<FilterTimes> {
  const first: number[] = []
  const later: number[] = []
  const timed = async (query: Readonly<Record<string, string>>, into: number[]): Promise<Page> => {
    const started = performance.now()
    const page = await get(socket, noun, query)
    into.push(performance.now() - started)
    return page
  }
  let page = await timed(filter, first)
  let { found } = page
  for (let i = 0; i < laterMax && page.next !== null; i++) {
    page = await timed({ ...filter, cursor: page.next }, later)
    found += page.found
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

/** Somebody, somebody by the beginning of an identifier, by text, frequent and rare, by values, and everybody. */
async function searchesFor(home: Home): Promise<Record<string, string>[]> {
  const identifier = await ask(
    home,
    `select identifier from sluice_main.record where run = (select min(id) from sluice.run) and ordinal = 4711`,
  )
  const page = { quick: 'true', limit: '50' }
  return [
    page,
    { ...page, identifier },
    { ...page, identifier: 'nobody-has-this' },
    { starts: identifier.slice(0, 3), limit: '10' },
    { starts: identifier, limit: '10' },
    { ...page, text: 'London' },
    { ...page, text: identifier },
    { ...page, text: 'zzzz' },
    { ...page, where: 'city=London' },
    { ...page, where: 'city=Nowhere' },
  ]
}

/** Asks for all of them, and says what came out. */
async function measureAll(
  socket: string,
  noun: Noun,
  filters: readonly Record<string, string>[],
): Promise<FilterTimes[]> {
  const measured: FilterTimes[] = []
  for (const filter of filters) {
    const times = await measure(socket, noun, filter)
    measured.push(times)
    const { first, later } = times
    say(
      `${noun} ${times.filter.padEnd(50)} first ${first.median}/${first.p95} ms, later ${later.median}/${later.p95} ms, ${times.found} found${times.ended ? '' : '…'}`,
    )
  }
  return measured
}

/** Lets the chore build the index of identifiers; answers how long that took. */
async function buildIndex(home: Home): Promise<RecordsResults['index']> {
  const started = performance.now()
  await ask(home, `select sluice_chores.add_job('identifiers')`)
  const size = `select coalesce(sum(pg_relation_size(c.oid)), 0)::bigint / 1000000 from pg_index x join pg_class c on c.oid = x.indexrelid
    where c.relname like 'record%\\_ids\\_%' and x.indisvalid`
  // There are several of them, and others read slower while one is built.
  const atWork = `select count(*) from sluice_chores.jobs where task_identifier = 'identifiers'`
  for (;;) {
    await setTimeout(500)
    const seconds = Math.round((performance.now() - started) / 1000)
    if (Number(await ask(home, atWork)) > 0 && seconds < 1_800) continue
    return { seconds, megabytes: Number(await ask(home, size)) }
  }
}

interface Flags {
  readonly keep?: boolean | undefined
  readonly again?: boolean | undefined
}

/** `again`: with the home that is there. `keep`: it stays, to be looked at with `SLUICE_HOME=bench/data/records/home ./sluice up`. */
async function main(rows: number, imports: number, { keep = false, again = false }: Flags): Promise<void> {
  const home = new Home(join(dataFolder, 'records'))
  const files = openFiles(dataFolder, rows)
  await home.down()
  if (!again) await home.erase()
  try {
    const server = await home.up()
    const { socket } = await serverPlaceIn(home.path)
    for (let i = again ? imports : 0; i < imports; i++) {
      const name = filesKnown[i % filesKnown.length]!
      const { code, errors } = await home.sluice('import', files.file(name), '--yes', '--again', '--json')
      if (code !== 0 && code !== 3) throw new Error(errors)
      say(`imported ${(i + 1) * rows} records`)
    }
    const index = await buildIndex(home)
    say(`index of identifiers: ${index.seconds} s, ${index.megabytes} MB`)
    await settleDown(home)
    const machine = await lookAround(home)
    const filters = await measureAll(socket, 'records', await filtersFor(home))
    const profiles = Number(await ask(home, 'select count(*) from sluice_main.profile'))
    const searches = await measureAll(socket, 'profiles', await searchesFor(home))
    const date = new Date(systemClock.now()).toISOString().slice(0, 10)
    const load = Math.round((loadavg()[0] ?? 0) * 10) / 10
    const records = rows * imports
    const results: RecordsResults = { date, records, machine, load, index, filters, profiles, searches }
    mkdirSync(resultsFolder, { recursive: true })
    writeFileSync(
      join(resultsFolder, `${date}-records-${records}.json`),
      `${JSON.stringify(results, null, 1)}\n`,
    )
    await server.stop()
  } finally {
    await home.down()
    if (!keep) await home.erase()
  }
}

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const { values } = parseArgs({ options: { rows: text, imports: text, keep: flag, again: flag } })
await main(Number(values.rows ?? 1_000_000), Number(values.imports ?? 10), values)
