// What was mended so far: kept in this window until it is run, so that a reload loses nothing; each step can be taken back.
import { useMemo, useState } from 'react'
import { compileFixes, type Fixes, type Mend } from '../../../core/fixes.ts'

const none: Fixes = { rules: [], edits: [], exclude: [] }

export interface FixesState {
  readonly fixes: Fixes
  readonly canUndo: boolean
  readonly undo: () => void
  readonly edit: (record: number, column: string, value: string) => void
  readonly addRule: (rule: Fixes['rules'][number]) => void
  readonly removeRule: (index: number) => void
  readonly toggle: (record: number) => void
  readonly clear: () => void
}

/** `run`: whose failed rows are mended. */
export function useFixes(namespace: string, run: string): FixesState {
  const place = `sluice.fixes ${namespace} ${run}`
  const [past, setPast] = useState<readonly Fixes[]>(() => [stored(place)])
  const fixes = past.at(-1) ?? none
  const keep = (next: readonly Fixes[]): void => {
    sessionStorage.setItem(place, JSON.stringify(next.at(-1) ?? none))
    setPast(next)
  }
  const become = (next: Fixes): void => keep([...past.slice(-100), next])
  return {
    fixes,
    canUndo: past.length > 1,
    undo: () => keep(past.slice(0, -1)),
    edit: (record, column, value) => {
      const others = fixes.edits.filter((one) => one.record !== record || one.column !== column)
      become({ ...fixes, edits: [...others, { record, column, value }] })
    },
    addRule: (rule) => become({ ...fixes, rules: [...fixes.rules, rule] }),
    removeRule: (index) => become({ ...fixes, rules: fixes.rules.filter((_, i) => i !== index) }),
    toggle: (record) => {
      const out = fixes.exclude.includes(record)
      const exclude = out ? fixes.exclude.filter((one) => one !== record) : [...fixes.exclude, record]
      become({ ...fixes, exclude })
    },
    clear: () => keep([none]),
  }
}

function stored(place: string): Fixes {
  try {
    return { ...none, ...(JSON.parse(sessionStorage.getItem(place) ?? '{}') as Partial<Fixes>) }
  } catch {
    return none
  }
}

/** What the fixes make of a row: the same code as on the server. Null where they cannot mean anything. */
export function useMend(fixes: Fixes, columns: readonly string[]): Mend | null {
  return useMemo(() => {
    try {
      return compileFixes(fixes, columns)
    } catch {
      return null
    }
  }, [fixes, columns])
}

interface Row {
  readonly record: number
  readonly code: string
  readonly column: string | null
  readonly cells: readonly (string | null)[]
}

/** How many rows one more rule would change. Null where it cannot mean anything. */
export function changedBy(
  fixes: Fixes,
  rule: Fixes['rules'][number],
  columns: readonly string[],
  rows: readonly Row[],
): number | null {
  try {
    const before = compileFixes(fixes, columns)
    const after = compileFixes({ ...fixes, rules: [...fixes.rules, rule] }, columns)
    const at = columns.indexOf(rule.column)
    return rows.filter(({ record, code, column, cells }) => {
      const reject = { ordinal: record, cause: { code, column }, cells }
      return (before(reject) ?? cells)[at] !== (after(reject) ?? cells)[at]
    }).length
  } catch {
    return null
  }
}
