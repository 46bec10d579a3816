// Differences of definitions on the terminal: one line each, what was added, removed and changed in its colour.
import { changeText, type DefinitionChange } from '../core/definitionDiff.ts'
import { color, print } from './terminal.ts'
import { visible } from './width.ts'

const paint = { '+': color.green, '-': color.red, '~': color.yellow }

/** Prints the changes, columns first; `none` where there are no differences. */
export function printChangeLines(changes: readonly DefinitionChange[], none: string): void {
  if (changes.length === 0) print(`  ${none}`)
  for (const change of changes) print(`  ${paint[change.sign](visible(changeText(change)))}`)
}
