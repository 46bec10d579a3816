// A scheduler in a process of its own, to be killed: node schedulerProcess.ts '{"connection": …, "from": …, "began": …, "factor": …, "to": …}'
import type { ClientConfig } from 'pg'
import { systemClock } from '../../src/core/clock.ts'
import { openDatabase } from '../../src/db/client.ts'
import { Scheduler } from '../../src/engine/scheduler.ts'
import { silentLog } from './importHarness.ts'

export interface SchedulerOrder {
  readonly connection: ClientConfig
  /** Its time is `from` at `began` (both milliseconds since 1970), runs `factor` times as fast, and stops at `to`. */
  readonly from: number
  readonly began: number
  readonly factor: number
  readonly to: number
}

/** What time it is for the schedulers. */
export function scheduledTime({ from, began, factor, to }: SchedulerOrder): number {
  return Math.min(to, from + (systemClock.now() - began) * factor)
}

async function main(order: SchedulerOrder): Promise<void> {
  const db = openDatabase(order.connection, 'scheduler', 4)
  const scheduler = new Scheduler({ db, log: silentLog })
  for (;;) {
    // A database that is away is asked again, as the server's duties do.
    await scheduler.runOnce(new Date(scheduledTime(order))).catch(() => systemClock.pause(100))
    await systemClock.pause(5)
  }
}

const [order] = process.argv.slice(2)
if (order !== undefined && process.argv[1]?.endsWith('schedulerProcess.ts') === true)
  await main(JSON.parse(order) as SchedulerOrder)
