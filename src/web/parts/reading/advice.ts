// Notes about a file name the flag of the command line that mends it; here the same flag is a button.
import type { MappingFlags } from '../../../core/mappingFlags.ts'

export interface Advice {
  readonly text: string
  /** What a press of the button does; null: there is nothing to press. */
  readonly mend: { readonly label: string; readonly flags: MappingFlags } | null
}

const names = { '--map': 'map', '--on-bad-value': 'onBadValue' } as const

/** `…; such records fail. To leave only the value out: --on-bad-value E-mail=blank` in two. */
export function adviceOf(note: string): Advice {
  const found = /^(.*?)\s*To ([^:]+): (--[a-z-]+) (\S.*)$/s.exec(note)
  if (found === null) return { text: note, mend: null }
  const [, text = '', wish = '', flag = '', word = ''] = found
  const value = unquoted(word)
  const label = wish.charAt(0).toUpperCase() + wish.slice(1)
  if (flag === '--as-of') return { text, mend: { label, flags: { asOf: value } } }
  const name = names[flag as keyof typeof names]
  return { text, mend: name === undefined ? null : { label, flags: { [name]: [value] } } }
}

/** A shell word without its quotes. */
function unquoted(word: string): string {
  return word.startsWith("'") ? word.slice(1, -1).replaceAll(`'\\''`, `'`) : word
}
