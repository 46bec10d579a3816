// Judges the numbers of jobs that somebody watches: every period that is over, once, whoever looks and whenever (LY-D09).
import type pg from 'pg'
import { numbersOf } from '../../core/numbers.ts'
import {
  completePeriods,
  judgeNumber,
  thresholdProblem,
  withinAgain,
  type Period,
} from '../../core/thresholds.ts'
import type { Database } from '../../db/client.ts'
import { writeLog } from '../../db/log.ts'
import { readActivity } from '../../db/read/activity.ts'
import { lockWatched, noteJudged, watchedJobs, type Watch, type WatchedJob } from '../../db/thresholds.ts'
import type { Log } from '../../pipeline/context.ts'

/** Periods of one threshold judged in one go; the rest follows an hour later. */
const periodsAtOnce = 1_000

/** A job that cannot be judged holds up no other; then the first reason is thrown. `now`: milliseconds since 1970. */
export async function judgeThresholds(db: Database, log: Log, now: number): Promise<void> {
  const reasons: unknown[] = []
  for (const id of await watchedJobs(db.pool))
    await db
      .transaction((client) => judgeJob(client, id, now))
      .catch((error: unknown) => {
        log.error({ job: id, error: String(error) }, 'the numbers of a job cannot be judged')
        reasons.push(error)
      })
  if (reasons.length > 0) throw reasons[0]
}

/** One transaction: a period is judged when its line is written, or not at all. */
async function judgeJob(client: pg.ClientBase, id: number, now: number): Promise<void> {
  const job = await lockWatched(client, id)
  if (job === null) return
  for (const watch of job.watches) {
    const { per } = watch.threshold
    const from = Math.max(watch.judgedTo, job.activeSince)
    const periods = completePeriods(per, job.zone, { from, now }, periodsAtOnce)
    if (periods.length > 0) await judgeWatch(client, job, { watch, periods, now })
  }
}

interface Due {
  readonly watch: Watch
  /** In order, at least one. */
  readonly periods: readonly Period[]
  readonly now: number
}

async function judgeWatch(
  client: pg.ClientBase,
  job: WatchedJob,
  { watch, periods, now }: Due,
): Promise<void> {
  const { threshold } = watch
  const { id, name, namespaceId, zone } = job
  const judgedAt = new Date(now).toISOString()
  const found = await countedIn(client, job, threshold, periods)
  let { outside, problem } = watch
  for (const period of periods) {
    const number = found.get(period.at) ?? 0
    const { spell, tells } = judgeNumber(threshold, { outside, told: problem !== null }, number)
    outside = spell.outside
    const about = { job: name, zone, period, number }
    problem = spell.told ? thresholdProblem(threshold, about, outside) : null
    if (tells === null) continue
    const said = problem === null ? withinAgain(threshold, about) : { problem }
    const details = { judgedAt, counter: threshold.counter, per: threshold.per, ...said }
    await writeLog(client, { namespaceId, job: id, kind: tells, details })
  }
  await noteJudged(client, id, { threshold, outside, problem, judgedTo: periods.at(-1)!.end }, judgedAt)
}

/** The number of each period that had runs, by its beginning on the clock. */
async function countedIn(
  client: pg.ClientBase,
  { id, zone }: WatchedJob,
  { counter, per }: Watch['threshold'],
  periods: readonly Period[],
): Promise<ReadonlyMap<string, number>> {
  const [first, last] = [periods[0]!, periods.at(-1)!]
  const rows = await readActivity(
    client,
    { job: id },
    {
      from: new Date(first.start).toISOString(),
      to: new Date(last.end).toISOString(),
      by: per,
      zone,
    },
  )
  return new Map(rows.map(({ at, runs, counters }) => [at, numbersOf(runs, counters)[counter]]))
}
