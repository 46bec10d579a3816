// What validation found, by cause: counts and the first examples of each.
import type { RawRecord } from '../core/dialect.ts'
import type { PreparedRecord } from '../core/prepared.ts'
import type { Problem } from '../core/problem.ts'
import { noteKey } from '../core/record.ts'

const examplesMax = 3

export interface CauseExample {
  readonly ordinal: number
  readonly line: number
  readonly column: string | null
  readonly message: string
}

export interface Cause {
  readonly count: number
  readonly examples: readonly CauseExample[]
}

export interface ValidationTally {
  readonly total: number
  readonly rejected: number
  /** By problem code. */
  readonly rejects: Readonly<Record<string, Cause>>
  readonly warnings: Readonly<Record<string, Cause>>
  /** Records that a rule left out, in all, and by reason and note: `filtered:only active`. */
  readonly skipped: number
  readonly notes: Readonly<Record<string, Cause>>
  /** Records rejected for a value of this column. */
  readonly columns: Readonly<Record<string, number>>
  /** Values of this column that were left blank because they did not fit. */
  readonly blanked: Readonly<Record<string, number>>
  /** Columns that the mapping does not know because they only appear later in the file; their values are not imported. */
  readonly unmapped: readonly string[]
}

type Causes = Map<string, { count: number; examples: CauseExample[] }>

function note(causes: Causes, found: Problem, raw: RawRecord, key = found.code): void {
  const cause = causes.get(key) ?? { count: 0, examples: [] }
  causes.set(key, cause)
  cause.count++
  if (cause.examples.length < examplesMax)
    cause.examples.push({
      ordinal: raw.ordinal,
      line: raw.line,
      column: found.column ?? null,
      message: found.message,
    })
}

/** Collects while records go past; memory depends on the number of causes only. */
export function createTally(): {
  add(raw: RawRecord, prepared: PreparedRecord): void
  /** A record that was delivered before: nobody looked into it. */
  addSeen(): void
  report(total: number, unmapped: readonly string[]): ValidationTally
} {
  const rejects: Causes = new Map()
  const warnings: Causes = new Map()
  const notes: Causes = new Map()
  const columns: Record<string, number> = {}
  const blanked: Record<string, number> = {}
  let rejected = 0
  let skipped = 0
  return {
    add(raw, prepared) {
      if (prepared.failed !== null) {
        rejected++
        note(rejects, prepared.failed, raw)
        const { column } = prepared.failed
        if (column !== undefined && raw.bad === null) columns[column] = (columns[column] ?? 0) + 1
        return
      }
      if (prepared.skipped !== null) {
        skipped++
        const { reason, note: why } = prepared.skipped
        if (why !== null) note(notes, why, raw, noteKey(reason, why))
      }
      if (prepared.warnings === null) return
      for (const warning of prepared.warnings) {
        note(warnings, warning, raw)
        const { column } = warning
        if (column !== undefined) blanked[column] = (blanked[column] ?? 0) + 1
      }
    },
    addSeen: () => void skipped++,
    report: (total, unmapped) => ({
      unmapped,
      total,
      rejected,
      skipped,
      rejects: Object.fromEntries(rejects),
      warnings: Object.fromEntries(warnings),
      notes: Object.fromEntries(notes),
      columns,
      blanked,
    }),
  }
}
