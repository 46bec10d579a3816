// Mending failed records: single cells and rules for many, as data; and what they make of a row of an error file.
import { z } from 'zod'
import { failure } from './problems.ts'
import { compileColumnSteps, type ColumnSteps } from './transform/columnSteps.ts'
import { stepSchema } from './transform/stepSchema.ts'

const record = z.int().min(1).meta({ description: 'The how many-th record of its run.' })

const causeSchema = z
  .object({
    code: z.string().max(100),
    column: z
      .string()
      .max(1_000)
      .nullable()
      .optional()
      .meta({ description: 'Left out: whichever column it was about.' }),
  })
  .meta({ id: 'CauseKey' })

/** Why a row failed: the code, and the column it was about. */
export interface CauseKey {
  readonly code: string
  readonly column: string | null
}

export const fixesSchema = z
  .object({
    rules: z
      .array(
        z.object({
          cause: causeSchema.nullable().meta({ description: 'Null: every failed record.' }),
          column: z.string().max(1_000).meta({ description: 'Whose cells are mended.' }),
          steps: z
            .array(stepSchema)
            .min(1)
            .max(20)
            .meta({ description: 'As in a mapping: trim, replace, date …' }),
        }),
      )
      .max(100)
      .default([])
      .meta({ description: 'What happens to many rows, in this order.' }),
    edits: z
      .array(z.object({ record, column: z.string().max(1_000), value: z.string().max(100_000) }))
      .max(20_000)
      .default([])
      .meta({ description: 'Single cells, after the rules.' }),
    exclude: z
      .array(record)
      .max(20_000)
      .default([])
      .meta({ description: 'Records that are left as they failed.' }),
  })
  .meta({ id: 'Fixes' })
export type Fixes = z.infer<typeof fixesSchema>

/** A row of an error file, the customer's own columns. */
export interface Reject {
  readonly ordinal: number
  readonly cause: CauseKey
  readonly cells: readonly (string | null)[]
}

/** The mended cells of a row, or null where it is left as it is. */
export type Mend = (reject: Reject) => readonly (string | null)[] | null

/** Compiles fixes once for many rows. `columns`: the customer's own. Throws where a step or column cannot mean anything. */
export function compileFixes(fixes: Fixes, columns: readonly string[]): Mend {
  const excluded = new Set(fixes.exclude)
  const edits = editsByRecord(fixes, columns)
  const rules = fixes.rules.map(({ cause, column, steps }) => ({ cause, ...ruleFor(column, steps, columns) }))
  return ({ ordinal, cause, cells }) => {
    if (excluded.has(ordinal)) return null
    const mended = [...cells]
    for (const rule of rules)
      if (rule.cause === null || isSame(rule.cause, cause)) {
        const found = rule.steps.run(mended[rule.at] ?? '', { cells: mended, ordinal })
        // A step that cannot make anything of a value leaves it: it stays in the list of what is open.
        if (typeof found === 'string') mended[rule.at] = found
      }
    for (const [at, value] of edits.get(ordinal) ?? []) mended[at] = value
    return mended.some((cell, k) => (cell ?? '') !== (cells[k] ?? '')) ? mended : null
  }
}

/** What the last rule makes of a row's cell beyond everything before it; null where it changes nothing. */
export type LastRule = (reject: Reject) => { readonly before: string; readonly after: string } | null

/** Compiles what adding the last of the rules means. Throws like `compileFixes`; without rules nothing changes. */
export function compileLastRule(fixes: Fixes, columns: readonly string[]): LastRule {
  const last = fixes.rules.at(-1)
  if (last === undefined) return () => null
  const without = compileFixes({ ...fixes, rules: fixes.rules.slice(0, -1) }, columns)
  const all = compileFixes(fixes, columns)
  const at = placeOf(last.column, columns)
  return (reject) => {
    const before = (without(reject) ?? reject.cells)[at] ?? ''
    const after = (all(reject) ?? reject.cells)[at] ?? ''
    return before === after ? null : { before, after }
  }
}

/** Whether a cause is the one asked for; without a column any of its columns is. */
export function isSame(asked: z.infer<typeof causeSchema>, cause: CauseKey): boolean {
  return asked.code === cause.code && (asked.column === undefined || asked.column === cause.column)
}

interface Rule {
  readonly at: number
  readonly steps: ColumnSteps
}

function ruleFor(column: string, steps: Fixes['rules'][number]['steps'], columns: readonly string[]): Rule {
  const mapping = {
    column,
    steps,
    target: { to: 'ignore' as const },
    format: {},
    blank: 'ignore' as const,
    onBad: 'fail' as const,
  }
  return { at: placeOf(column, columns), steps: compileColumnSteps(mapping, columns, { file: '' })! }
}

function editsByRecord({ edits }: Fixes, columns: readonly string[]): Map<number, [number, string][]> {
  const found = new Map<number, [number, string][]>()
  for (const { record: ordinal, column, value } of edits) {
    const list = found.get(ordinal) ?? []
    list.push([placeOf(column, columns), value])
    found.set(ordinal, list)
  }
  return found
}

function placeOf(column: string, columns: readonly string[]): number {
  const at = columns.indexOf(column)
  if (at < 0) throw failure('step.column_missing', { column: 'the fixes', named: column, near: '' })
  return at
}
