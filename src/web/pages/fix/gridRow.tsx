// One failed row: what is wrong with it, its cells, and whether it is left out.
import { Checkbox, Tooltip } from '@mantine/core'
import { GridCell } from './gridCell.tsx'
import type { FixesState } from './useFixes.ts'
import type { RejectRow } from './useRejects.ts'

export interface At {
  readonly row: number
  readonly column: number
}

interface GridRowProps {
  readonly row: RejectRow
  readonly index: number
  /** Where it stands, in pixels. */
  readonly top: number
  readonly columns: readonly string[]
  /** With the fixes; null: as it was. */
  readonly mended: readonly (string | null)[] | null
  readonly left: boolean
  /** The column of the cell that has the focus; null: none of this row. */
  readonly at: number | null
  readonly move: (at: At) => void
  readonly state: FixesState
  readonly may: boolean
}

export function GridRow(props: GridRowProps) {
  const { row, index, top, columns, mended, left, at, move, state, may } = props
  return (
    <div
      className={left ? 'fixRow left' : mended === null ? 'fixRow' : 'fixRow mended'}
      role="row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)` }}
    >
      <div role="rowheader" className="fixLine numbers">
        {may && (
          <Checkbox
            size="xs"
            checked={!left}
            onChange={() => state.toggle(row.record)}
            aria-label={`Import line ${row.line} again`}
          />
        )}
        {row.line}
      </div>
      <Tooltip label={row.raw === null ? row.message : `${row.message} ${row.raw}`} multiline maw={420}>
        <div role="gridcell" className="fixWhy">
          {row.raw ?? row.message}
        </div>
      </Tooltip>
      {columns.map((column, k) => (
        <GridCell
          key={column}
          column={column}
          value={(mended ?? row.cells)[k] ?? ''}
          before={row.cells[k] ?? ''}
          wrong={row.column === column}
          focused={at === k}
          first={index === 0 && k === 0}
          readOnly={!may || left}
          line={row.line}
          focus={() => move({ row: index, column: k })}
          step={(down, right) => move({ row: index + down, column: k + right })}
          save={(value) => state.edit(row.record, column, value)}
        />
      ))}
    </div>
  )
}
