// Starts the chores in the server process, and orders what every start should see to.
import { addChore } from '../db/chores.ts'
import type { ChoreContext } from '../engine/chores/chore.ts'
import { atStart, chores } from '../engine/chores/list.ts'
import { prepareChores, startChores } from '../engine/chores/runner.ts'

/** Answers how to stop them. */
export async function runChores(context: ChoreContext): Promise<() => Promise<void>> {
  await prepareChores(context)
  for (const { name } of atStart) await addChore(context.db.pool, { name, key: name })
  return startChores(context, chores)
}
