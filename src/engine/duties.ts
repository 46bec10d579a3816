// What the engine does now and then without a worker: the list of its duties. The server process runs them (host/duties.ts).
import type { Duty, DutyContext } from './duty.ts'
import { Arrivals } from './arrivals.ts'
import { Scheduler } from './scheduler.ts'
import { RecordRetries } from './recordRetries.ts'
import { Repair } from './repair.ts'
import { StaleSampling } from './staleSampling.ts'
import { NewsBell } from './notify/newsBell.ts'

interface DutyEntry {
  readonly name: string
  /** The pause between two calls, in seconds. */
  readonly everySeconds: number
  readonly make: (context: DutyContext) => Duty
}

export const duties: readonly DutyEntry[] = [
  { name: 'scheduler', everySeconds: 1, make: (context) => new Scheduler(context) },
  { name: 'arrivals', everySeconds: 10, make: (context) => new Arrivals(context) },
  { name: 'waiting records', everySeconds: 5, make: (context) => new RecordRetries(context) },
  { name: 'repair', everySeconds: 30, make: (context) => new Repair(context) },
  { name: 'stale sampling', everySeconds: 60, make: (context) => new StaleSampling(context) },
  { name: 'news', everySeconds: 2, make: (context) => new NewsBell(context) },
]
