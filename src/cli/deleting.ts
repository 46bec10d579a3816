// Imports that delete: how many people it would be is said before the question.
import type { StoredAbsent, StoredPlan } from '../core/storedReports.ts'
import type { Client } from './client.ts'
import { peopleText, printPlan } from './dryRun.ts'
import type { Host } from './host.ts'
import type { ImportOrder } from './orderImport.ts'
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
  const answer = await client.post('/imports', { body: { ...order, dryRun: true, again: true } })
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
