// Runs the chores on graphile-worker, on our PostgreSQL: it keeps them, tries them again, and starts those that are due.
import { Logger, parseCronItems, run, runMigrations, type TaskList } from 'graphile-worker'
import { choresSchema } from '../../db/chores.ts'
import type { Chore, ChoreContext } from './chore.ts'

/** Chores done at the same time. */
const concurrency = 2

/** Makes or upgrades graphile-worker's own tables; before that no chore can be ordered. */
export async function prepareChores({ db, log }: Pick<ChoreContext, 'db' | 'log'>): Promise<void> {
  await runMigrations({ pgPool: db.pool, schema: choresSchema, logger: loggerFor(log) })
}

/** Starts doing chores; answers how to stop: what is in hand is finished first. */
export async function startChores(
  context: ChoreContext,
  chores: readonly Chore[],
): Promise<() => Promise<void>> {
  const doers: TaskList = Object.fromEntries(
    chores.map((chore) => [chore.name, (payload: unknown) => chore.run(context, payload)]),
  )
  const due = chores.flatMap(({ name, cron }) =>
    // What was due while no server ran is made up for once, within a day.
    cron === null
      ? []
      : [{ task: name, match: cron, options: { backfillPeriod: 86_400_000, maxAttempts: 5 } }],
  )
  const runner = await run({
    pgPool: context.db.pool,
    schema: choresSchema,
    taskList: doers,
    parsedCronItems: parseCronItems(due),
    concurrency,
    noHandleSignals: true,
    pollInterval: 10_000,
    logger: loggerFor(context.log),
  })
  runner.promise.catch((error: unknown) => context.log.error({ error: String(error) }, 'chores ended'))
  return () => runner.stop()
}

/** Its lines go to our log; those about single chores only when something is wrong. */
function loggerFor(log: ChoreContext['log']): Logger {
  return new Logger(() => (level, message) => {
    if (level === 'error') log.error({ chores: message }, 'a chore failed')
    else if (level === 'warning') log.warn({ chores: message }, 'chores')
  })
}
