// Ids as they are typed: checked before anything is started for them.
import { runName, runNumber } from '../core/names.ts'
import { failure } from '../core/problems.ts'

/** r1042, also typed as 1042. Throws `usage.id`. */
export function runId(text: string): string {
  const number = runNumber(text)
  if (number === undefined)
    throw failure('usage.id', { text, noun: 'run', example: 'r1042', list: 'sluice runs' })
  return runName(number)
}

/** A profile's number. Throws `usage.id`. */
export function profileId(text: string): string {
  if (/^\d{1,15}$/.test(text)) return text
  throw failure('usage.id', { text, noun: 'profile id', example: '17', list: `sluice profiles find ${text}` })
}
