// The steps of one column, compiled: run for every record, or traced one by one for people.
import type { Refusal } from '../clean/refusal.ts'
import type { ColumnMapping } from '../mapping.ts'
import { failure } from '../problems.ts'
import type { ExpressionInput } from './expression.ts'
import { compileCompute, compileStep, type CompiledStep, type Outside, type StepPlace } from './steps.ts'

/** One step a value went through. */
export interface TracedStep {
  /** `compute`, or the name of the step: trim, case, lookup… */
  readonly step: string
  readonly before: string
  /** The next text; '' is blank. null: the step could not do its work, and `refusal` says why. */
  readonly after: string | null
  readonly refusal: Refusal | null
}

export interface ColumnSteps {
  /** The text after all steps ('' is blank), or why there is none. `text`: the trimmed cell. */
  run(text: string, record: StepRecord): string | Refusal
  /** The same, step by step; it ends with the step that refuses. */
  trace(text: string, record: StepRecord): TracedStep[]
}

/** What steps may read of a record besides their own cell. */
export type StepRecord = Pick<ExpressionInput, 'cells' | 'ordinal'>

const noValues: readonly never[] = []

/**
 * Compiles the steps of a column; null: it has none, and its cell is read as it is.
 * Throws a halting problem where a step cannot mean anything, or names a column that is not there.
 */
export function compileColumnSteps(
  mapping: ColumnMapping,
  columns: readonly string[],
  outside: Outside,
): ColumnSteps | null {
  const { column, compute, steps = [] } = mapping
  if (compute === undefined && steps.length === 0) return null
  if (compute !== undefined && columns.includes(column)) throw failure('mapping.computed_name', { column })
  requireList(mapping)
  const place = (hasValue: boolean): StepPlace => ({ column, columns, outside, hasValue })
  const compiled: CompiledStep[] = steps.map((step) => compileStep(step, place(true)))
  if (compute !== undefined) compiled.unshift(compileCompute(compute, place(false)))
  return {
    run(text, { cells, ordinal }) {
      const input = { value: text, cells, ordinal, values: noValues }
      for (const step of compiled) {
        if (input.value === '' && !step.onBlank) continue
        const next = step.run(input.value, input)
        if (typeof next !== 'string') return next
        input.value = next
      }
      return input.value
    },
    trace(text, { cells, ordinal }) {
      const traced: TracedStep[] = []
      let before = text
      for (const { name, onBlank, run } of compiled) {
        if (before === '' && !onBlank) continue
        const next = run(before, { value: before, cells, ordinal, values: noValues })
        const after = typeof next === 'string' ? next : null
        traced.push({ step: name, before, after, refusal: typeof next === 'string' ? null : next })
        if (after === null) break
        before = after
      }
      return traced
    },
  }
}

/** A list is no single value: said before a record is read. */
function requireList({ column, steps = [], target }: ColumnMapping): void {
  const last = steps.at(-1)
  if (typeof last !== 'object' || last.split === undefined || last.split.take !== undefined) return
  const type = target.to === 'attribute' ? target.type : 'single value'
  if (target.to === 'ignore' || type === 'text_list' || type === 'json') return
  throw failure('step.list_target', { column, type })
}

/** What became of one cell, step by step; empty: the column has no steps. Throws as `compileColumnSteps`. */
export function traceSteps(
  column: ColumnMapping,
  columns: readonly string[],
  record: StepRecord,
  outside: Outside,
): TracedStep[] {
  const cell = record.cells[columns.indexOf(column.column)]?.trim() ?? ''
  return compileColumnSteps(column, columns, outside)?.trace(cell, record) ?? []
}
