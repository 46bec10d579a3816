// Questions a person answers: open ambiguities of a file, and whether to go ahead.
import type { Ambiguity, Proposal } from '../core/proposal.ts'
import { applyFlagsToProposal, isOpen, type MappingFlags } from '../core/mappingFlags.ts'
import { targetText } from '../core/mappingText.ts'
import { failure } from '../core/problems.ts'
import { canAsk } from './terminal.ts'

/** Asks every open question; without a terminal or with --yes, fails with the flag to type. */
export async function settle(
  proposal: Proposal,
  attributes: Parameters<typeof applyFlagsToProposal>[2],
  yes: boolean,
): Promise<Proposal> {
  let open = proposal
  for (let first = open.ambiguities[0]; first !== undefined; first = open.ambiguities[0]) {
    if (yes || !canAsk())
      throw failure('usage.ambiguous', { question: first.question, flag: first.flags.join(' or ') })
    const answer = await choose(first)
    const answered =
      withChoice(open, first, answer) ?? applyFlagsToProposal(open, flagsFrom(answer), attributes)
    // An answer that leaves its question open would be asked for ever.
    open = { ...answered, ambiguities: answered.ambiguities.filter((one) => one !== first) }
  }
  return open
}

/** The answer as a whole column, where a flag alone could not say all of it; null: it can. */
function withChoice(open: Proposal, { column, flags, choices }: Ambiguity, answer: string): Proposal | null {
  const chosen = choices?.[flags.indexOf(answer)]
  if (chosen === undefined) return null
  const columns = open.mapping.columns.map((one) => (one.column === column ? chosen : one))
  const mapping = { ...open.mapping, columns }
  return { ...open, mapping, ambiguities: open.ambiguities.filter((one) => isOpen(one, mapping)) }
}

async function choose({ question, examples, flags, choices }: Ambiguity): Promise<string> {
  const { isCancel, select } = await import('@clack/prompts')
  const message = examples.length === 0 ? question : `${question}  (${examples.slice(0, 3).join(', ')})`
  const options = flags.map((flag, i) => {
    const choice = choices?.[i]
    if (choice === undefined) return { value: flag, label: flag }
    // The first is what was remembered.
    return {
      value: flag,
      label: targetText(choice),
      hint: i === 0 ? 'as before' : 'as proposed for this file',
    }
  })
  const answer = await select({ message, options })
  if (isCancel(answer)) throw new Cancelled()
  return answer
}

/** The person said no. */
export class Cancelled extends Error {
  constructor() {
    super('cancelled')
    this.name = 'Cancelled'
  }
}

/** Throws `usage.no_terminal` where nobody can be asked, `Cancelled` for a no. */
export async function confirm(message: string): Promise<void> {
  if (!canAsk()) throw failure('usage.no_terminal')
  const prompts = await import('@clack/prompts')
  const answer = await prompts.confirm({ message })
  if (prompts.isCancel(answer) || !answer) throw new Cancelled()
}

/** `--date-order 'Geboren am=dmy'` → { dateOrder: ['Geboren am=dmy'] }; quotes as a shell reads them. */
export function flagsFrom(text: string): MappingFlags {
  const [, name = '', value = ''] = /^--([a-z-]+)\s+(.*)$/s.exec(text) ?? []
  const key = name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
  const bare = /^'(.*)'$/s.exec(value)?.[1]?.replaceAll(`'\\''`, "'") ?? value
  return { [key]: key === 'asOf' || key === 'clearToken' ? bare : [bare] }
}
