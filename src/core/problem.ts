// A problem is anything that can go wrong: a stable code, a sentence, advice, and a class that decides what happens next.

/**
 * What a problem means for the run (design section 7).
 * transient: may pass by itself; halting: a person must act; record: this record only; bug: our fault.
 */
export type ProblemClass = 'transient' | 'halting' | 'record' | 'bug'

export interface ProblemDefinition {
  readonly class: ProblemClass
  /** A few words, for lists. */
  readonly title: string
  /** One sentence; `{name}` is filled from the problem's details. */
  readonly message: string
  /** What to do next, in words a marketing person understands; may name a flag to type. `{name}` as above. */
  readonly advice: string
  /** Halting, but fetching again might mend it: it is tried again before the run is halted (design section 7). */
  readonly refetch?: true
  /** Halting, and it may come midway: what was written stays, the run ends partial, and its job is halted (E6). */
  readonly midway?: true
  /** Transient, and no failure of the attempt: the run sleeps until it has passed. */
  readonly waits?: true
  /** HTTP status when an API call answers with it; 422 unless told. */
  readonly status?: number
}

/** Details shown to people: plain values only, never a secret. */
export type ProblemDetails = Readonly<Record<string, string | number | boolean | null>>

/** One occurrence of a problem. */
export interface Problem {
  readonly code: string
  readonly message: string
  readonly details?: ProblemDetails
  /** The source column it is about, where there is one. */
  readonly column?: string
}

/** Types a catalogue without widening its codes. */
export function defineProblems<const T extends Record<string, ProblemDefinition>>(problems: T): T {
  return problems
}

/** Fills `{name}` from details; an unknown name stays as it is, so a typo is seen. */
export function fill(template: string, details: ProblemDetails = {}): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) =>
    name in details ? String(details[name]) : whole,
  )
}

/** An error that carries a problem; thrown where an outcome per record is not possible. */
export class SluiceError extends Error {
  readonly problem: Problem
  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.message, options)
    this.name = 'SluiceError'
    this.problem = problem
  }
}
