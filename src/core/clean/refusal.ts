// What a cleaner answers: the canonical text of a value, or why it does not fit.
import type { ProblemDetails } from '../problem.ts'
import type { ProblemCode } from '../problems.ts'

export interface Refusal {
  readonly code: ProblemCode
  readonly details?: ProblemDetails
}

export type Cleaned = string | Refusal

/** Takes a trimmed, non-empty text. Canonical texts are what PostgreSQL prints (TimeZone UTC, DateStyle ISO). */
export type Clean = (text: string) => Cleaned
