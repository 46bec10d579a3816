// How a command ends when something went wrong: a sentence, advice, and what to type next.
import { SluiceError, type Problem } from '../core/problem.ts'
import { adviceFor, definitionOf, problem } from '../core/problems.ts'
import { exits } from './exit.ts'
import { color, note, paragraph, printJson } from './terminal.ts'

/** What an error means to the person at the terminal. */
export function meaningOf(error: unknown): Problem {
  if (error instanceof SluiceError) return error.problem
  return problem('internal', { detail: error instanceof Error ? error.message : String(error) })
}

// What was typed does not fit; the same command would fail the same way again.
const usageExit =
  /^(usage\.|job\.|jobfile\.|secret\.|schedule\.|undo\.|filter\.|search\.|invalid_request$|not_found$|profile\.gone$|namespace\.(permanent|first)$|run\.move_illegal$|run\.no_artifact$|retry\.nothing$|corrections\.flags$|fixes\.nothing$|import\.unfinished$|file\.flag_invalid$|mapping\.|expression\.|step\.|lookup\.)/

/** 2 for what the person typed, 5 for everything else. */
export function exitOfProblem({ code }: Problem): number {
  return usageExit.test(code) ? exits.usage : exits.failed
}

/** Prints the failure and answers the exit code. */
export function reportFailure(error: unknown, json: boolean): number {
  const found = meaningOf(error)
  const advice = adviceFor(found)
  if (json)
    printJson({
      problem: {
        code: found.code,
        message: found.message,
        advice,
        ...(found.details ? { details: found.details } : {}),
      },
    })
  else printProblem(found.code, found.message, advice)
  if (definitionOf(found.code).class === 'bug' && error instanceof Error) note(color.dim(error.stack ?? ''))
  return exitOfProblem(found)
}

/** Sentence, advice, and the command that explains more. */
export function printProblem(code: string, message: string, advice: string): void {
  note(`${color.red('✗')} ${paragraph(message, 2).trimStart()}`)
  note(paragraph(advice))
  if (!code.startsWith('usage.')) note(color.dim(`  More about it: sluice explain ${code}`))
}
