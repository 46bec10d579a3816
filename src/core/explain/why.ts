// Why a record went to the profile it went to: matches by rank, conflicts, merges (design section 9).
import { identifierKind } from '../attribute.ts'
import type { DecisionFacts, LookedUp } from './explained.ts'

/** One sentence about the match. */
export function whyFor(decision: DecisionFacts): string {
  const { lookedUp, merged, profile, outcome, reason } = decision
  if (lookedUp.length === 0) return ''
  const matches = lookedUp.filter(({ what }) => what === 'match')
  const others = lookedUp.filter(({ what }) => what === 'other')
  const stays = others.map(staying).join('')
  if (decision.problem?.code === 'identifier.several')
    return 'Its identifiers belong to several people, and the import does not join them (--on-several reject).'
  if (decision.problem?.code === 'identifier.too_many') return decision.problem.message
  if (outcome === 'created')
    return others.length > 0
      ? `Nobody has its strongest identifier: a new person.${stays}`
      : 'Nobody had any of these: a new person.'
  if (reason === 'not_found') return 'Nobody has any of these.'
  if (merged.length > 0)
    return `Its identifiers belonged to profiles that are one person; the oldest, ${profile}, took in ${merged.join(', ')}.`
  const [strongest] = matches
  if (strongest === undefined) return profile === null ? '' : `It belongs to profile ${profile}.${stays}`
  const weaker = matches.slice(1).filter(({ owner }) => owner !== null && owner !== profile)
  const left = weaker.map(staying).join('')
  return `${labelOf(strongest)} ${strongest.value} belongs to profile ${profile}${matches.length > 1 || others.length > 0 ? ', and is the strongest' : ''}.${stays}${left}`
}

function staying({ owner, ...one }: LookedUp): string {
  return ` ${labelOf(one)} ${one.value} belongs to ${owner === null ? 'somebody else' : `profile ${owner}`} and stays there.`
}

function labelOf({ kind }: Pick<LookedUp, 'kind'>): string {
  return identifierKind(kind)?.label ?? kind
}
