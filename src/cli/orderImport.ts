// Ordering an import, and the question when an earlier one of the same content is unfinished.
import type { ImportAnswer } from '../client/types.gen.ts'
import { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'
import type { ImportOptions } from './importOptions.ts'
import type { Body } from './operations.ts'
import { Cancelled } from './questions.ts'
import { canAsk, note } from './terminal.ts'

/** What the API is asked to import, and how. */
export type ImportOrder = Body<'POST', '/imports'>

/** What --resume and --anew say. Throws `usage.unknown` for both. */
export function unfinishedOf({ resume, anew }: ImportOptions): 'resume' | 'anew' | undefined {
  if (resume === true && anew === true)
    throw failure('usage.unknown', {
      detail: '--resume goes on with the earlier import, --anew starts a new one; keep one.',
      command: 'sluice import',
    })
  return resume === true ? 'resume' : anew === true ? 'anew' : undefined
}

/** Posts the order; asks where that is possible. Throws `import.unfinished`, `Cancelled`. */
export async function orderImport(
  client: Client,
  order: ImportOrder,
  options: ImportOptions,
): Promise<ImportAnswer> {
  try {
    return await client.post('/imports', { body: order })
  } catch (error) {
    const found = error instanceof SluiceError ? error.problem : undefined
    if (found?.code !== 'import.unfinished' || options.yes === true || !canAsk()) throw error
    note(`\n${found.message}`)
    const unfinished = await chooseWay(String(found.details?.['run']))
    return client.post('/imports', { body: { ...order, unfinished } })
  }
}

async function chooseWay(run: string): Promise<'resume' | 'anew'> {
  const { isCancel, select } = await import('@clack/prompts')
  const answer = await select({
    message: 'What should become of it?',
    options: [
      { value: 'resume' as const, label: `Go on with ${run} as it is` },
      { value: 'anew' as const, label: `Stop ${run} and start with these settings` },
    ],
  })
  if (isCancel(answer)) throw new Cancelled()
  return answer
}

/** What the server made of the order, where it is not simply a new run. */
export function sayWhat({ what, run, sameContent }: ImportAnswer): void {
  if (what === 'resumed') note(`The same import was stopped before: ${run} continues where it stopped.`)
  if (what === 'attached') note(`The same import is under way already: ${run}.`)
  if (sameContent !== null)
    note(`Same content as ${sameContent.run}, other settings: ${sameContent.differs.join('; ')}.`)
}
