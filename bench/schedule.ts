// How soon a run begins when it is due: `node bench/schedule.ts [--jobs 10000] [--minutes 10] [--lanes 100]`.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/core/clock.ts'
import { emptyDefinition } from '../src/core/job.ts'
import { jobSetupSchema } from '../src/core/jobSetup.ts'
import { openDatabase, type Database } from '../src/db/client.ts'
import { definitionHash } from '../src/db/imports.ts'
import { connectionOf, placeIn } from '../src/host/postgres/place.ts'
import { Home } from './home.ts'
import { lookAround } from './machine.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))

const help = `node bench/schedule.ts [flags]
  --jobs N       scheduled jobs; each is due once and finds no file (10000)
  --minutes N    the time over which they come due, evenly (10)
  --lanes N      the lanes they are spread over (100)
  --out FOLDER   where the results are written (bench/results)`

interface Settings {
  readonly jobs: number
  readonly minutes: number
  readonly lanes: number
  readonly out: string
}

function readSettings(): Settings | null {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: { jobs: text, minutes: text, lanes: text, out: text, help: { type: 'boolean' } },
  })
  if (values.help === true) return null
  const number = (typed: string | undefined, otherwise: number): number => Number(typed ?? otherwise)
  return {
    jobs: number(values.jobs, 10_000),
    minutes: number(values.minutes, 10),
    lanes: number(values.lanes, 100),
    out: values.out ?? resultsFolder,
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`)
}

/** Active jobs that are due once each, one after the other, from an instant on. */
async function makeJobs(db: Database, { jobs, minutes, lanes }: Settings, first: number): Promise<void> {
  const setup = jobSetupSchema.parse({
    source: { kind: 'folder', path: '', pattern: '*.csv' },
    schedule: { rule: { kind: 'every', minutes: 525_600 } },
  })
  await db.pool.query(
    `with made as (
       insert into sluice.job (namespace_id, name, kind, last_version, state, state_from, activated_at)
       select n.id, 'bench ' || i, 'recurring', 1, 'active', 'draft', now()
       from sluice.namespace n, generate_series(0, $1 - 1) i where n.name = 'main' returning id, name)
     insert into sluice.job_version (job_id, version, definition, definition_hash, setup)
     select id, 1, $2, $3, jsonb_set($4::jsonb || jsonb_build_object('lane', 'l' || substr(name, 7)::int % $5),
       '{schedule,start}', to_jsonb(to_char(to_timestamp(($6::float8 + substr(name, 7)::int * $7::float8) / 1000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
     from made`,
    [
      jobs,
      JSON.stringify(emptyDefinition),
      definitionHash(emptyDefinition),
      JSON.stringify(setup),
      lanes,
      first,
      (minutes * 60_000) / jobs,
    ],
  )
}

interface Delays {
  readonly jobs: number
  readonly runs: number
  readonly open: number
  readonly begun: number
  /** Milliseconds. */
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly most: number
  /** Of these, due until the run was made: the scheduler's part. */
  readonly madeP50: number
  readonly madeP99: number
}

async function delays(db: Database): Promise<Delays> {
  const { rows } = await db.pool.query<Delays>(
    `with late as (
       select extract(epoch from (stages #>> '{fetching,started}')::timestamptz - due_at) * 1000 as begun,
         extract(epoch from created_at - due_at) * 1000 as made, ended_at
       from sluice.run where trigger = 'schedule')
     select (select count(*)::int from sluice.job where name like 'bench %') as jobs, count(*)::int as runs,
       count(*) filter (where ended_at is null)::int as open, count(begun)::int as begun,
       ${['0.5', '0.9', '0.99', '1']
         .map(
           (share, i) =>
             `percentile_cont(${share}) within group (order by begun)::float as ${['p50', 'p90', 'p99', 'most'][i]!}`,
         )
         .join(', ')},
       percentile_cont(0.5) within group (order by made)::float as "madeP50",
       percentile_cont(0.99) within group (order by made)::float as "madeP99" from late`,
  )
  return rows[0]!
}

/** Until every job has had its run, or nothing has begun for a minute. */
async function wait(db: Database, settings: Settings, first: number): Promise<Delays> {
  let [before, since] = [-1, systemClock.now()]
  for (;;) {
    const now = await delays(db)
    if (now.begun !== before) [before, since] = [now.begun, systemClock.now()]
    const over = now.begun === settings.jobs && now.open === 0
    const stuck = systemClock.now() - Math.max(since, first) > 60_000
    if (over || stuck) return now
    await systemClock.pause(5_000)
  }
}

async function main(settings: Settings): Promise<void> {
  const root = join(dataFolder, 'schedule-root')
  mkdirSync(root, { recursive: true })
  const home = new Home(join(dataFolder, 'schedule'))
  await home.down()
  await home.erase()
  const server = await home.up({ SLUICE_ROOT: root })
  const db = openDatabase((await connectionOf(placeIn(home.path))) ?? {}, 'bench', 1)
  try {
    const machine = await lookAround(home)
    // Long enough for the jobs to be made and looked at.
    const first = systemClock.now() + 10_000 + settings.jobs * 3
    await makeJobs(db, settings, first)
    say(`${settings.jobs} jobs are due over ${settings.minutes} minutes in ${settings.lanes} lanes`)
    const found = await wait(db, settings, first)
    const load = loadavg()[1] ?? 0
    const { p50, p90, p99, most, madeP50, madeP99 } = found
    say(
      `due → fetching  p50 ${p50.toFixed(0)} ms  p90 ${p90.toFixed(0)} ms  p99 ${p99.toFixed(0)} ms  most ${most.toFixed(0)} ms`,
    )
    say(`due → queued    p50 ${madeP50.toFixed(0)} ms  p99 ${madeP99.toFixed(0)} ms`)
    say(
      `${found.runs} runs of ${found.jobs} jobs, ${found.open} open; load ${load.toFixed(1)} on ${machine.cores} cores`,
    )
    const day = new Date(systemClock.now()).toISOString().slice(0, 10)
    mkdirSync(settings.out, { recursive: true })
    const file = join(settings.out, `${day}-schedule-${settings.jobs}.json`)
    writeFileSync(
      file,
      `${JSON.stringify({ ...settings, out: undefined, ...found, load, machine }, null, 2)}\n`,
    )
    say(file)
  } finally {
    await db.end()
    await server.stop()
    await home.erase()
    rmSync(root, { recursive: true, force: true })
  }
}

const settings = readSettings()
if (settings === null) say(help)
else await main(settings)
