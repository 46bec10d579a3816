// What can be said about steps and filters before a file is there: for mapping files, with the place of every fault.
import type { Mapping } from '../mapping.ts'
import { SluiceError } from '../problem.ts'
import { compileFilters } from './filters.ts'
import { compileCompute, compileStep, type StepPlace } from './steps.ts'

export interface StepFault {
  /** Where in the mapping: `['columns', 2, 'steps', 0]`. */
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The first thing in steps, computed columns and filters that cannot mean anything; names of columns are not checked. */
export function stepFault(mapping: Mapping): StepFault | null {
  for (const [i, { column, compute, steps = [] }] of mapping.columns.entries()) {
    const place = (hasValue: boolean): StepPlace => ({
      column,
      columns: null,
      outside: { file: '' },
      hasValue,
    })
    const path = ['columns', i] as const
    if (compute !== undefined) {
      const fault = attempt([...path, 'compute'], () => compileCompute(compute, place(false)))
      if (fault !== null) return fault
    }
    for (const [at, step] of steps.entries()) {
      const fault = attempt([...path, 'steps', at], () => compileStep(step, place(true)))
      if (fault !== null) return fault
    }
  }
  for (const [i, filter] of (mapping.filters ?? []).entries()) {
    const fault = attempt(['filters', i, 'keep'], () => compileFilters([filter], null, null, { file: '' }))
    if (fault !== null) return fault
  }
  return null
}

function attempt(path: readonly (string | number)[], compile: () => unknown): StepFault | null {
  try {
    compile()
    return null
  } catch (error) {
    if (error instanceof SluiceError) return { path, message: error.problem.message }
    throw error
  }
}
