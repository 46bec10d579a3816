// `npm run bench`: the import benchmark against hand-written SQL. `npm run bench -- --help` lists the flags.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/core/clock.ts'
import { judge, largeRows, smallRows } from './aims.ts'
import { openFiles } from './files.ts'
import { Home } from './home.ts'
import { kindNames, kinds, type Kind, type KindName } from './kinds.ts'
import { lookAround, type Machine } from './machine.ts'
import { measure, prepare, type Bench, type Sample } from './measure.ts'
import { makePeerTables, settleDown } from './peer.ts'
import { page, type Results } from './report.ts'
import { summarise, type Summary } from './summary.ts'

interface Settings {
  readonly rows: number
  readonly rounds: number
  readonly only: ReadonlySet<KindName>
  readonly out: string
}

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))
/** What the peer must do as well; the whole command is measured with each. */
const opposed: readonly KindName[] = ['new', 'unchanged', 'updated']

const help = `npm run bench -- [flags]
  --rows N       records of the file (1000000)
  --rounds N     rounds of each kind, both sides in turn; the median counts (5)
  --only KINDS   of ${kindNames.join(', ')}; "whole" for new,unchanged,updated (all)
  --out FOLDER   where the results are written (bench/results)
Needs psql (Debian: postgresql-client) and some 10 GB of disk at 1 M rows, 70 GB at 10 M.`

function readSettings(): Settings | null {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: { rows: text, rounds: text, only: text, out: text, help: { type: 'boolean' } },
  })
  if (values.help === true) return null
  return {
    rows: wholeNumber('--rows', values.rows, smallRows),
    rounds: wholeNumber('--rounds', values.rounds, 5),
    only: values.only === undefined ? new Set(kindNames) : kindsNamed(values.only),
    out: values.out ?? resultsFolder,
  }
}

function wholeNumber(flag: string, typed: string | undefined, otherwise: number): number {
  const value = typed === undefined ? otherwise : Number(typed.replaceAll('_', ''))
  if (!Number.isInteger(value) || value < 1) throw new Error(`${flag} takes a number, not ${typed}`)
  return value
}

function kindsNamed(list: string): Set<KindName> {
  const chosen = list.split(',').flatMap((word) => {
    if (word === 'whole') return opposed
    const name = kindNames.find((known) => known === word)
    if (name === undefined) throw new Error(`--only knows ${kindNames.join(', ')} and whole, not ${word}`)
    // What bad rows cost is told against the same import without them.
    if (name === 'bad') return ['new', 'bad'] as const
    // And what leaving lines out saves, against leaving none out.
    return name === 'seen' ? (['unchanged', 'seen'] as const) : [name]
  })
  return new Set(chosen)
}

/** An empty store with the peer's tables beside the product's. */
async function makeEmpty(home: Home): Promise<Machine> {
  await home.down()
  await home.erase()
  const server = await home.up()
  try {
    await makePeerTables(home)
    await settleDown(home)
    return await lookAround(home)
  } finally {
    await server.stop()
    await home.keep('empty')
  }
}

/** Kinds of one start together: it is prepared once, and the disk holds one at a time. */
async function* measureAll(bench: Bench, { only, rounds }: Settings): AsyncGenerator<Sample> {
  const chosen = kinds.filter(({ name }) => only.has(name))
  for (const start of new Set(chosen.map((kind) => kind.start))) {
    say(`preparing: ${start.name}`)
    await prepare(bench, start)
    const here = chosen.filter((kind) => kind.start === start)
    for (let round = 1; round <= rounds; round++)
      for (const kind of here) {
        // The empty store is needed again, to prepare the next start.
        const last = start.from !== null && round === rounds && kind === here.at(-1)
        yield await measureAloud(bench, kind, round, last)
      }
  }
}

async function measureAloud(bench: Bench, kind: Kind, round: number, last: boolean): Promise<Sample> {
  const sample = await measure(bench, kind, round, last)
  const { product, peer, faults } = sample
  const peerSays = kind.peer.comparable ? `peer ${peer.toFixed(2)} s, ` : ''
  say(
    `${kind.name} ${round}: ${peerSays}importing ${product.seconds.importing.toFixed(2)} s, whole ${product.whole.toFixed(2)} s` +
      (faults.length === 0 ? '' : `; does not count: ${faults.join('; ')}`),
  )
  return sample
}

/** Summaries of the newest results at 1 M rows, where there are any. */
function earlierSummaries(folder: string, rows: number): Summary[] | null {
  if (rows !== largeRows) return null
  const newest = readdirSync(folder)
    .filter((name) => name.endsWith(`-${smallRows}.json`))
    .sort()
    .at(-1)
  if (newest === undefined) return null
  return summarise((JSON.parse(readFileSync(join(folder, newest), 'utf8')) as Results).samples)
}

function write({ out }: Settings, results: Results): string {
  mkdirSync(out, { recursive: true })
  const summaries = summarise(results.samples)
  const aims = judge(results.rows, summaries, earlierSummaries(out, results.rows))
  // Some kinds alone must not take the place of a whole measurement.
  const suffix = results.only === null ? '' : `-${results.only.join('-')}`
  const name = join(out, `${results.date}-${results.rows}${suffix}`)
  const text = page(results, summaries, aims)
  writeFileSync(`${name}.md`, text)
  writeFileSync(`${name}.json`, `${JSON.stringify(results, null, 1)}\n`)
  return text
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

async function main(settings: Settings): Promise<void> {
  const { rows, rounds } = settings
  const only = settings.only.size === kindNames.length ? null : [...settings.only]
  const date = new Date(systemClock.now()).toISOString().slice(0, 10)
  const bench: Bench = { home: new Home(dataFolder), files: openFiles(dataFolder, rows) }
  const samples: Sample[] = []
  try {
    const machine = await makeEmpty(bench.home)
    // Written after every round: whoever stops it half-way keeps what there is.
    for await (const sample of measureAll(bench, settings)) {
      samples.push(sample)
      write(settings, { date, rows, rounds, only, machine, samples })
    }
    say(`\n${write(settings, { date, rows, rounds, only, machine, samples })}`)
  } finally {
    await bench.home.down()
    await bench.home.erase()
    await bench.home.forget('empty')
  }
  if (samples.some(({ faults }) => faults.length > 0)) process.exitCode = 1
}

const settings = readSettings()
if (settings === null) say(help)
else await main(settings)
