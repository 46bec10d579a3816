// What differs between two setups of a job, in the words of a job file.
import { diffParts, type DefinitionChange } from './definitionDiff.ts'
import { plainSetup } from './jobFile.ts'
import type { JobSetup } from './jobSetup.ts'

/** The changes that lead from one to the other, part by part; what is the default on both sides is not there. */
export function diffSetups(before: JobSetup, after: JobSetup): DefinitionChange[] {
  return diffParts(plainSetup(before), plainSetup(after))
}
