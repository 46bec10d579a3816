// What the engine does now and then without a worker: the list of its duties. The server process runs them (host/duties.ts).
import type { Duty, DutyContext } from './duty.ts'
import { RecordRetries } from './recordRetries.ts'
import { NewsBell } from './notify/newsBell.ts'

interface DutyEntry {
  readonly name: string
  /** The pause between two calls, in seconds. */
  readonly everySeconds: number
  readonly make: (context: DutyContext) => Duty
}

export const duties: readonly DutyEntry[] = [
  { name: 'waiting records', everySeconds: 5, make: (context) => new RecordRetries(context) },
  { name: 'news', everySeconds: 2, make: (context) => new NewsBell(context) },
]
