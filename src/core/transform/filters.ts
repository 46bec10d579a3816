// Filters: which records go on. Those that read the record only are asked before it is mapped, the others after.
import type { Problem } from '../problem.ts'
import { failure, problem } from '../problems.ts'
import type { Skipped } from '../record.ts'
import { ExpressionRefusal } from './expressionFunctions.ts'
import type { Expression, ExpressionInput } from './expression.ts'
import { expressionFor, type Outside } from './steps.ts'
import type { Filter } from './stepSchema.ts'

/** What the filters of one stage say: the record goes on (null), is left out, or nobody can tell. */
export type FilterAnswer = { readonly skipped: Skipped } | { readonly failed: Problem } | null

export interface Filters {
  /** Asked with the cells alone; null: no such filter. */
  readonly before: ((input: ExpressionInput) => FilterAnswer) | null
  /** Asked with the mapped values as well. */
  readonly after: ((input: ExpressionInput) => FilterAnswer) | null
}

/**
 * Compiles filters. `attributes`: the keys of mapped values, in their order; null, as for `columns`: not known yet.
 * Throws halting problems.
 */
export function compileFilters(
  filters: readonly Filter[],
  columns: readonly string[] | null,
  attributes: readonly string[] | null,
  outside: Outside,
): Filters {
  const names = new Set<string>()
  const compiled = filters.map(({ name, keep, onError }) => {
    if (names.has(name)) throw failure('filter.name_twice', { by: name })
    names.add(name)
    const { file, now } = outside
    const where = name === keep ? 'of the filter' : `of the filter "${name}"`
    const expression = expressionFor(where, keep, {
      columns,
      hasProfile: true,
      attributes,
      hasValue: false,
      gives: 'bool',
      file,
      ...(now === undefined ? {} : { now }),
    })
    return { expression, ask: oneFilter(name, onError, expression) }
  })
  const stage = (readsProfile: boolean): Filters['before'] => {
    const asked = compiled.filter(({ expression }) => expression.readsProfile === readsProfile)
    if (asked.length === 0) return null
    return (input) => {
      for (const { ask } of asked) {
        const answer = ask(input)
        if (answer !== null) return answer
      }
      return null
    }
  }
  return { before: stage(false), after: stage(true) }
}

function oneFilter(
  name: string,
  onError: Filter['onError'],
  expression: Expression,
): (input: ExpressionInput) => FilterAnswer {
  const leftOut: FilterAnswer = {
    skipped: { reason: 'filtered', note: problem('record.filtered', { by: name }) },
  }
  const unable = (detail: string): FilterAnswer =>
    onError === 'skip' ? leftOut : { failed: problem('filter.failed', { by: name, detail }) }
  return (input) => {
    try {
      const kept = expression.run(input)
      if (kept === true) return null
      return kept === false ? leftOut : unable('it gives neither true nor false')
    } catch (error) {
      if (error instanceof ExpressionRefusal) return unable(error.message)
      throw error
    }
  }
}
