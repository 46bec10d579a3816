// Says what was wrong with a command line, and what was probably meant.
import type { Command } from 'commander'
import { adviceFor, problem } from '../core/problems.ts'
import { exits } from './exit.ts'
import { printProblem } from './failures.ts'
import { printJson } from './terminal.ts'

/** Prints it as a problem and answers the exit code of wrong usage. */
export function reportUsage(message: string, root: Command, args: readonly string[]): number {
  const found = problem('usage.unknown', { detail: sentence(message), command: commandOf(root, args) })
  if (args.includes('--json')) printJson({ problem: found })
  else printProblem(found.code, found.message, adviceFor(found))
  return exits.usage
}

/** "error: unknown option '--jso'\n(Did you mean --json?)" → "Unknown option '--jso'. Did you mean --json?" */
function sentence(message: string): string {
  const [first = '', hint = ''] = message.replace(/^error: /, '').split('\n')
  const start = first.charAt(0).toUpperCase() + first.slice(1).replace(/\.$/, '')
  return `${start}.${hint === '' ? '' : ` ${hint.replace(/^\(|\)$/g, '')}`}`
}

/** The command the person was in: `sluice run show`. */
function commandOf(root: Command, args: readonly string[]): string {
  let command = root
  const names = [root.name()]
  for (const arg of args) {
    const child = command.commands.find((c) => c.name() === arg)
    if (child === undefined) break
    command = child
    names.push(arg)
  }
  return names.join(' ')
}
