// How soon an import goes on after a death: `node bench/takeover.ts [--rows 1000000] [--rounds 3]`.
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { systemClock } from '../src/core/clock.ts'
import { isSettled } from '../src/core/run.ts'
import { openDatabase, type Database } from '../src/db/client.ts'
import { connectionOf, placeIn } from '../src/host/postgres/place.ts'
import { openFiles } from './files.ts'
import { Home, type Server } from './home.ts'
import { lookAround } from './machine.ts'
import { askApi } from './requests.ts'
import type { RunPage } from '../src/api/runs.ts'
import type { VerifyView } from '../src/api/verify.ts'

const dataFolder = fileURLToPath(new URL('./data/', import.meta.url))
const resultsFolder = fileURLToPath(new URL('./results/', import.meta.url))

/** Seconds after which somebody else has what a dead worker had (issue: what it must withstand). */
const aim = 30
const deaths = ['worker killed', 'worker suspended', 'PostgreSQL killed', 'server killed'] as const
type Death = (typeof deaths)[number]

interface Sample {
  readonly death: Death
  /** Seconds from the death to the first record that is settled after it. */
  readonly progress: number
  /** Seconds from the death until no chunk is the dead one's any more; only where somebody held chunks that stays dead. */
  readonly taken: number | null
  readonly load: number
}

const say = (line: string): void => void process.stdout.write(`${line}\n`)

/** Processes whose parent this is, the workers among them. */
function workersOf(pid: number): number[] {
  const said = execFileSync('ps', ['-o', 'pid=,args=', '--ppid', String(pid)], { encoding: 'utf8' })
  return said
    .split('\n')
    .filter((line) => / worker( |$)/.test(line))
    .map((line) => Number.parseInt(line.trim(), 10))
}

interface Look {
  readonly settled: number
  /** Chunks in the hands of that process. */
  readonly held: number
  readonly open: boolean
}

/** Null: the database is away. */
async function look(db: Database, pid: number): Promise<Look | null> {
  const { rows } = await db.pool
    .query<{ settled: number; held: number; state: string }>(
      `select r.state, (select count(*) from sluice_main.record where run = r.id) as settled,
         (select count(*) from sluice.chunk c where c.run_id = r.id and c.leased_by like $1) as held
       from sluice.run r order by r.id desc limit 1`,
      [`%/${pid}/%`],
    )
    .catch(() => ({ rows: [] }))
  const row = rows[0]
  return row === undefined
    ? null
    : { settled: row.settled, held: row.held, open: !isSettled(row.state as never) }
}

async function until<T>(what: () => Promise<T | null | false>): Promise<T> {
  for (;;) {
    const answer = await what()
    if (answer !== null && answer !== false) return answer
    await systemClock.pause(50)
  }
}

async function postgresPid(home: Home): Promise<number> {
  const text = await readFile(join(home.path, 'postgres', 'data', 'postmaster.pid'), 'utf8')
  return Number(text.split('\n')[0])
}

/** Kills what is to die; answers a server that is up. */
async function strike(home: Home, server: Server, death: Death, victim: number): Promise<Server> {
  if (death === 'worker killed') process.kill(victim, 'SIGKILL')
  if (death === 'worker suspended') process.kill(victim, 'SIGSTOP')
  if (death === 'PostgreSQL killed') process.kill(await postgresPid(home), 'SIGKILL')
  if (death !== 'server killed') return server
  for (const pid of [server.pid, ...workersOf(server.pid)]) process.kill(pid, 'SIGKILL')
  return home.up({}, ['--workers', '2'])
}

async function measure(home: Home, file: string, death: Death): Promise<Sample> {
  await home.erase()
  let server = await home.up({}, ['--workers', '2'])
  const db = openDatabase((await connectionOf(placeIn(home.path)))!, 'bench', 2)
  try {
    const load = loadavg()[0] ?? 0
    const importing = home.sluice('import', file, '--yes', '--json')
    const victim = await until(async () => {
      for (const pid of workersOf(server.pid)) {
        const seen = await look(db, pid)
        if (seen !== null && seen.held > 0 && seen.settled > 100_000) return pid
      }
      return false
    })
    const before = await look(db, victim)
    const died = performance.now()
    const since = (): number => (performance.now() - died) / 1_000
    server = await strike(home, server, death, victim)
    // What others had in hand is committed at once; the dead one's is what is waited for.
    const progress = await until(async () => {
      const seen = await look(db, victim)
      return seen !== null && seen.settled > (before?.settled ?? 0) && since()
    })
    const taken = await until(async () => {
      const seen = await look(db, victim)
      return seen !== null && seen.held === 0 && since()
    })
    await importing
    if (death === 'worker suspended') process.kill(victim, 'SIGCONT')
    const { runs } = await until(() => allEnded(home))
    const verified = await home.sluice('verify', runs[0]!.run.id, '--json')
    if (!(JSON.parse(verified.output) as VerifyView).sound) throw new Error('the run is not sound')
    return { death, progress, taken: death === 'PostgreSQL killed' ? null : taken, load }
  } finally {
    await db.end()
    await server.stop()
  }
}

async function allEnded(home: Home): Promise<RunPage | false> {
  const page = await askApi<RunPage>(home, '/runs?limit=5')
  return page.runs.every(({ run }) => run.settled) && page
}

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '1000000' }, rounds: { type: 'string', default: '3' } },
})
const rows = Number(values.rows)
const home = new Home(join(dataFolder, 'takeover'))
await home.down()
const file = openFiles(dataFolder, rows).file('new')
const samples: Sample[] = []
let machine = ''
for (let round = 0; round < Number(values.rounds); round++)
  for (const death of deaths) {
    const sample = await measure(home, file, death)
    samples.push(sample)
    say(
      `${death}: goes on after ${sample.progress.toFixed(1)} s${sample.taken === null ? '' : `, taken over after ${sample.taken.toFixed(1)} s`}`,
    )
  }
const up = await home.up()
const { cores, processor, memory, system, postgres, node } = await lookAround(home)
machine = `${cores} cores (${processor}), ${(memory / 1e9).toFixed(0)} GB memory, ${system}, PostgreSQL ${postgres}, Node ${node}`
await up.stop()
await home.erase()
const slowest = Math.max(...samples.map(({ progress, taken }) => Math.max(progress, taken ?? 0)))
const date = new Date(systemClock.now()).toISOString().slice(0, 10)
const lines = samples.map(
  (s) => `| ${s.death} | ${s.progress.toFixed(1)} | ${s.taken?.toFixed(1) ?? '–'} | ${s.load.toFixed(1)} |`,
)
const text = `# From a death to going on, ${rows.toLocaleString('en-US')} rows, two workers, ${date}

While an import runs, one of what it needs dies (\`kill -9\`) or stands still (\`SIGSTOP\`). Measured until the next record is settled, and until
nothing is in the hands of the dead one any more. Every run was verified afterwards. “Server” is the server with both workers; PostgreSQL lives on,
and the server is started again at once.

Machine: ${machine}.

| death | seconds until the next record is settled | until everything is taken over | load before |
| --- | --- | --- | --- |
${lines.join('\n')}

The slowest took ${slowest.toFixed(1)} s (aim: at most ${aim} s): ${slowest <= aim ? 'reached' : 'missed'}.
`
mkdirSync(resultsFolder, { recursive: true })
writeFileSync(join(resultsFolder, `${date}-takeover-${rows}.md`), text)
say(`\n${text}`)
