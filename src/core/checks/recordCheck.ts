// The shape of an extra check over a mapped record.
import type { Problem } from '../problem.ts'

/** Takes the identifiers and values of a record in the mapper's order; answers the first thing wrong. */
export type RecordCheck = (
  identifiers: readonly (string | null)[],
  values: readonly (string | null | undefined)[],
) => Problem | null
