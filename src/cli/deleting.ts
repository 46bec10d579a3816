// Imports that delete: how many people it would be is said before the question, and the last step of a mirror is followed.
import type { ImportAnswer, ImportOrder } from '../api/imports.ts'
import type { RunView } from '../api/runView.ts'
import type { Client } from './client.ts'
import { peopleText, printPlan, type StoredAbsent, type StoredPlan } from './dryRun.ts'
import { exitOf } from './exit.ts'
import type { Host } from './host.ts'
import { printRun } from './runCommands.ts'
import { print } from './terminal.ts'
import { watchRun } from './watch.ts'

interface Session {
  readonly host: Host
  readonly client: Client
  readonly json: boolean
}

/** Whether an import may delete people. */
export function deletes({ definition }: ImportOrder): boolean {
  const mode = definition.policy?.mode
  return mode === 'delete' || mode === 'mirror'
}

/** Tries it without writing, shows what would become of the records, and asks with the number of people. */
export async function deletingQuestion(
  { host, client, json }: Session,
  order: ImportOrder,
  size: string,
): Promise<string> {
  const answer = await client.post<ImportAnswer>('/imports', { ...order, dryRun: true, again: true })
  const { run, counters } = await watchRun(host, client, answer.run, json)
  const plan = run.validation?.['dryRun'] as StoredPlan | undefined
  const absent = run.validation?.['mirror'] as StoredAbsent | undefined
  if (plan === undefined) return `Import ${size}?`
  printPlan(plan, absent, counters.total ?? 0)
  print()
  const missing = absent === undefined || absent.unreadable > 0 ? 0 : absent.people
  const people = missing + (plan.counters['finished.deleted'] ?? 0)
  if (order.definition.policy?.mode === 'delete') return `Delete ${peopleText(people)}?`
  return people === 0 ? `Import ${size}?` : `Import ${size}, and then delete ${peopleText(people)}?`
}

/** Follows the run that deletes who is missing to its end; answers the exit code of the graver of both. */
export async function followMirror({ host, client, json }: Session, view: RunView): Promise<number> {
  const { mirroredBy, state } = view.run
  if (mirroredBy === null) return exitOf(state)
  const step = await watchRun(host, client, mirroredBy, json)
  if (!json) print()
  await printRun(host, step, json)
  return Math.max(exitOf(state), exitOf(step.run.state))
}
