// What a spreadsheet did to a corrected file besides the corrections: leading zeros gone, dates rewritten, characters lost.
import type { RawRecord } from '../core/dialect.ts'
import { recordColumn, runColumn } from '../core/errorColumns.ts'
import { runNumber } from '../core/names.ts'
import type { Run } from '../db/runs.ts'
import { customerColumns } from './errorFile.ts'
import { failedOriginals } from './originalCells.ts'
import type { SourceContext } from './landingRecords.ts'

export interface Mangled {
  readonly column: string
  /** Rows in which it changed, of so many compared. */
  readonly rows: number
  readonly of: number
  readonly before: string
  readonly after: string
}

/** Enough to tell a habit from a correction. */
const comparedMax = 1_000
const rowsMin = 3

interface Seen {
  rows: number
  readonly before: string
  readonly after: string
}

/** Compares changed rows with the records they correct. */
export function createManglingCheck(
  context: SourceContext,
  child: Run,
  parents: readonly Run[],
): { add(changed: readonly RawRecord[]): Promise<void>; report(): Mangled[] } {
  const { columns } = child.definition
  const [runAt, recordAt] = [columns.indexOf(runColumn), columns.indexOf(recordColumn)]
  const byColumn = new Map<string, Seen>()
  let compared = 0
  const compare = async (parent: Run, rows: readonly RawRecord[]): Promise<void> => {
    const ordinals = rows.map(({ cells }) => Number(cells?.[recordAt]))
    const originals = await failedOriginals(context, parent, ordinals.filter(Number.isSafeInteger))
    for (const [i, { cells }] of rows.entries()) {
      const original = originals.get(ordinals[i]!)
      if (original?.readable !== true) continue
      compared++
      for (const [k, column] of customerColumns(parent).entries()) {
        const [before, after] = [original.cells[k] ?? '', cells?.[columns.indexOf(column)] ?? '']
        if (column === original.column || plain(before) === plain(after)) continue
        const seen = byColumn.get(column) ?? { rows: 0, before, after }
        seen.rows++
        byColumn.set(column, seen)
      }
    }
  }
  return {
    async add(changed) {
      if (compared >= comparedMax) return
      const grouped = Map.groupBy(changed.slice(0, comparedMax), ({ cells }) =>
        runNumber((cells?.[runAt] ?? '').trim().toLowerCase()),
      )
      for (const parent of parents) await compare(parent, grouped.get(parent.runId) ?? [])
    },
    report: () =>
      [...byColumn]
        .filter(([, { rows }]) => rows >= rowsMin && rows * 2 > compared)
        .map(([column, { rows, before, after }]) => ({ column, rows, of: compared, before, after })),
  }
}

function plain(cell: string): string {
  return cell.replace(/\r\n?/g, '\n')
}
