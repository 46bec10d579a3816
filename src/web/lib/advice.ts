// What to do about a problem, as far as it can be done in the app: the catalogue's words without what is typed in a terminal.
import { adviceInApp } from '../../core/problems/inApp.ts'

interface Advised {
  readonly code: string
  readonly advice: string
}

/** The advice for somebody at a browser; empty where all of it is typed in a terminal. */
export function adviceHere({ code, advice }: Advised): string {
  return (adviceInApp as Readonly<Record<string, string>>)[code] ?? withoutCommands(advice)
}

/** The sentences that name neither a flag nor a command. */
export function withoutCommands(text: string): string {
  return text
    .split(/(?<=[.!?])\s+(?=[\p{Lu}"(]|sluice )/u)
    .filter((sentence) => !namesCommand(sentence))
    .join(' ')
}

/** Whether a terminal is needed for what it says. */
export function namesCommand(text: string): boolean {
  return /(^|[\s'"(])--[a-z]|\bsluice [a-z]/.test(text)
}
