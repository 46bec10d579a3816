// The catalogue of every problem. Each area keeps its own list; this page joins them and makes occurrences.
import { fill, SluiceError, type Problem, type ProblemDefinition, type ProblemDetails } from './problem.ts'
import { accessProblems } from './problems/access.ts'
import { approvalProblems } from './problems/approval.ts'
import { containerProblems } from './problems/container.ts'
import { fileProblems } from './problems/file.ts'
import { mappingProblems } from './problems/mapping.ts'
import { messageProblems } from './problems/message.ts'
import { profileProblems } from './problems/profile.ts'
import { runProblems } from './problems/run.ts'
import { transformProblems } from './problems/transform.ts'
import { hostProblems } from './problems/host.ts'
import { apiProblems } from './problems/api.ts'
import { jobProblems } from './problems/jobs.ts'
import { recordProblems } from './problems/record.ts'
import { retryProblems } from './problems/retry.ts'
import { historyProblems } from './problems/history.ts'
import { sourceProblems } from './problems/source.ts'
import { streamProblems } from './problems/stream.ts'
import { sendingProblems } from './problems/sending.ts'
import { scheduleProblems } from './problems/schedule.ts'
import { undoProblems } from './problems/undo.ts'

/** Every problem by code. Docs, API answers and receipts read it; nothing else defines a code. */
export const problems = {
  ...fileProblems,
  ...containerProblems,
  ...mappingProblems,
  ...transformProblems,
  ...messageProblems,
  ...profileProblems,
  ...runProblems,
  ...hostProblems,
  ...apiProblems,
  ...jobProblems,
  ...recordProblems,
  ...retryProblems,
  ...scheduleProblems,
  ...undoProblems,
  ...sourceProblems,
  ...streamProblems,
  ...historyProblems,
  ...accessProblems,
  ...approvalProblems,
  ...sendingProblems,
} as const satisfies Record<string, ProblemDefinition>

export type ProblemCode = keyof typeof problems

/** The definition behind a code; a code of an older version that is gone reads as a bug. */
export function definitionOf(code: string): ProblemDefinition {
  return (problems as Record<string, ProblemDefinition>)[code] ?? problems['internal']
}

/** One occurrence, its sentence filled in. */
export function problem(code: ProblemCode, details?: ProblemDetails, column?: string): Problem {
  return {
    code,
    message: fill(problems[code].message, details),
    ...(details === undefined ? {} : { details }),
    ...(column === undefined ? {} : { column }),
  }
}

/** The same as an error to throw. */
export function failure(code: ProblemCode, details?: ProblemDetails, options?: ErrorOptions): SluiceError {
  return new SluiceError(problem(code, details), options)
}

/** What to do next about it. */
export function adviceFor(occurrence: Problem): string {
  return fill(definitionOf(occurrence.code).advice, {
    ...occurrence.details,
    ...(occurrence.column === undefined ? {} : { column: occurrence.column }),
  })
}
