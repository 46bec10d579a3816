// Where keys lead in the grid.
import type { KeyboardEvent } from 'react'

/** A cell, by its place among all rows and columns. */
export interface At {
  readonly row: number
  readonly column: number
}

export interface Extent {
  readonly rows: number
  readonly columns: number
  /** Rows that can be seen at once. */
  readonly page: number
}

/** The cell that a key leads to; null: it leads nowhere. */
export function placeAfter(
  { key, ctrlKey, metaKey, altKey }: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey'>,
  { row, column }: At,
  { rows, columns, page }: Extent,
): At | null {
  const far = ctrlKey || metaKey
  const places: Readonly<Record<string, At>> = {
    ArrowUp: { row: far ? 0 : row - 1, column },
    ArrowDown: { row: far ? rows - 1 : row + 1, column },
    ArrowLeft: { row, column: far ? 0 : column - 1 },
    ArrowRight: { row, column: far ? columns - 1 : column + 1 },
    PageUp: { row: row - page, column },
    PageDown: { row: row + page, column },
    Home: { row: far ? 0 : row, column: 0 },
    End: { row: far ? rows - 1 : row, column: columns - 1 },
  }
  if (altKey || !Object.hasOwn(places, key)) return null
  return within(places[key]!, { rows, columns })
}

/** The nearest cell that is there. */
export function within({ row, column }: At, { rows, columns }: Pick<Extent, 'rows' | 'columns'>): At {
  return {
    row: Math.max(0, Math.min(rows - 1, row)),
    column: Math.max(0, Math.min(columns - 1, column)),
  }
}
