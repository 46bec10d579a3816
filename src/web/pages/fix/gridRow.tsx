// One failed row: what is wrong with it, its cells, and whether it is left out.
import { Checkbox, Tooltip } from '@mantine/core'
import { useId } from 'react'
import { GridCell } from './gridCell.tsx'
import type { At } from './gridKeys.ts'
import type { FixesState, Mending } from './useFixes.ts'
import type { GridWindow } from './useGridWindow.ts'
import type { RejectRow } from './useRejects.ts'

interface GridRowProps {
  /** Null: it is being read. */
  readonly row: RejectRow | null
  readonly index: number
  /** Where it stands, in pixels. */
  readonly top: number
  readonly columns: readonly string[]
  readonly seen: GridWindow
  readonly mending: Mending | null
  /** The column of the cell that has the focus; null: none of this row. */
  readonly at: number | null
  readonly move: (at: At) => void
  readonly state: FixesState
  readonly may: boolean
}

export function GridRow(props: GridRowProps) {
  const { row, index, top, columns, seen, mending, at, move, state, may } = props
  const why = `${useId()}why`
  const left = row !== null && state.fixes.exclude.includes(row.record)
  const mended = row === null ? null : mending?.mend(rejectOf(row))
  const ruled = row === null ? null : mending?.ruled(rejectOf(row))
  return (
    <div
      className={left ? 'fixRow left' : 'fixRow'}
      role="row"
      aria-rowindex={index + 2}
      style={{ transform: `translateY(${top}px)` }}
    >
      <LineCell row={row} left={left} width={seen.widths.line} state={state} may={may} />
      <WhyCell row={row} id={why} width={seen.widths.why} />
      {seen.columns.map(({ index: k, start, size }) => (
        <GridCell
          key={k}
          column={columns[k]!}
          index={k}
          place={{ left: start, width: size }}
          value={(mended ?? row?.cells)?.[k] ?? ''}
          before={row?.cells[k] ?? ''}
          wrong={row?.column === columns[k] ? why : null}
          focused={at === k}
          pending={row === null}
          readOnly={!may || left || row === null}
          line={row?.line ?? 0}
          focus={() => move({ row: index, column: k })}
          step={(down, right) => move({ row: index + down, column: k + right })}
          save={(value) => {
            const without = (ruled ?? row?.cells)?.[k] ?? ''
            state.edit([
              { record: row!.record, column: columns[k]!, value: value === without ? null : value },
            ])
          }}
        />
      ))}
    </div>
  )
}

function rejectOf({ record, code, column, cells }: RejectRow) {
  return { ordinal: record, cause: { code, column }, cells }
}

interface LineCellProps extends Pick<GridRowProps, 'row' | 'state' | 'may'> {
  readonly left: boolean
  readonly width: number
}

function LineCell({ row, left, width, state, may }: LineCellProps) {
  return (
    <div role="rowheader" className="fixLine numbers" aria-colindex={1} style={{ width }}>
      {may && row !== null && (
        <Checkbox
          size="xs"
          checked={!left}
          onChange={() => state.toggle(row.record)}
          aria-label={`Import line ${row.line} again`}
        />
      )}
      {row?.line ?? '…'}
    </div>
  )
}

interface WhyCellProps extends Pick<GridRowProps, 'row'> {
  readonly id: string
  readonly width: number
}

function WhyCell({ row, id, width }: WhyCellProps) {
  const raw = row?.raw ?? null
  return (
    <Tooltip
      label={raw === null ? row?.message : `${row?.message} ${raw.slice(0, 500)}`}
      disabled={row === null}
      multiline
      maw={420}
      openDelay={300}
    >
      <div
        role="gridcell"
        id={id}
        className={raw === null ? 'fixWhy' : 'fixWhy raw'}
        aria-colindex={2}
        style={{ width }}
      >
        {raw === null ? (row?.message ?? '…') : raw.slice(0, 500)}
      </div>
    </Tooltip>
  )
}
