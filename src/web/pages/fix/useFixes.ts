// What was mended so far: kept in this window until it is run, so that a reload loses nothing; each step can be taken back.
import { useMemo, useState } from 'react'
import { compileFixes, type Fixes, type Mend } from '../../../core/fixes.ts'

const none: Fixes = { rules: [], edits: [], exclude: [] }

/** A cell as somebody wants it; null: as it is without them. */
export interface CellEdit {
  readonly record: number
  readonly column: string
  readonly value: string | null
}

export interface FixesState {
  readonly fixes: Fixes
  readonly canUndo: boolean
  readonly undo: () => void
  /** One step, however many cells. */
  readonly edit: (cells: readonly CellEdit[]) => void
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
    store(place, next.at(-1) ?? none)
    setPast(next)
  }
  const become = (next: Fixes): void => keep([...past.slice(-100), next])
  return {
    fixes,
    canUndo: past.length > 1,
    undo: () => past.length > 1 && keep(past.slice(0, -1)),
    edit: (cells) => {
      const edits = editedBy(fixes.edits, cells)
      if (edits.length > 0 || fixes.edits.length > 0) become({ ...fixes, edits })
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

function editedBy(edits: Fixes['edits'], cells: readonly CellEdit[]): Fixes['edits'] {
  const nameOf = ({ record, column }: Pick<CellEdit, 'record' | 'column'>): string => `${record} ${column}`
  const touched = new Set(cells.map(nameOf))
  const added = cells.flatMap(({ record, column, value }) =>
    value === null ? [] : [{ record, column, value }],
  )
  return [...edits.filter((one) => !touched.has(nameOf(one))), ...added]
}

function stored(place: string): Fixes {
  try {
    return { ...none, ...(JSON.parse(sessionStorage.getItem(place) ?? '{}') as Partial<Fixes>) }
  } catch {
    return none
  }
}

function store(place: string, fixes: Fixes): void {
  try {
    sessionStorage.setItem(place, JSON.stringify(fixes))
  } catch {
    // The browser keeps a few megabytes: beyond, what is mended lasts as long as the page.
  }
}

export interface Mending {
  /** What the fixes make of a row: the same code as on the server. */
  readonly mend: Mend
  /** What the rules alone make of it. */
  readonly ruled: Mend
}

/** Null where the fixes cannot mean anything. */
export function useMend(fixes: Fixes, columns: readonly string[]): Mending | null {
  return useMemo(() => {
    try {
      return {
        mend: compileFixes(fixes, columns),
        ruled: compileFixes({ ...none, rules: fixes.rules }, columns),
      }
    } catch {
      return null
    }
  }, [fixes, columns])
}
