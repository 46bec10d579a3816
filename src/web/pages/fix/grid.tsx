// The rows of one cause as a grid of cells: only what can be seen is read and drawn, however many there are.
import { Loader } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useRef, useState, type ClipboardEvent, type KeyboardEvent } from 'react'
import { count as counted, noun } from '../../lib/numbers.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import './grid.css'
import { cellsOf, pasted } from './gridClipboard.ts'
import { GridHead } from './gridHead.tsx'
import { placeAfter, within, type At } from './gridKeys.ts'
import { GridRow } from './gridRow.tsx'
import { useMend, type FixesState } from './useFixes.ts'
import { rowHeight, useGridWindow } from './useGridWindow.ts'
import { useRejects, type RejectList } from './useRejects.ts'

interface GridProps {
  readonly list: RejectList
  readonly state: FixesState
  readonly may: boolean
}

/** Browsers do not draw boxes of more than some 30 million pixels. */
const rowsMax = 700_000

export function Grid({ list, state, may }: GridProps) {
  const { columns, row, error, again } = useRejects(list)
  if (error !== null) return <ProblemAlert error={error} again={again} />
  const first = row(0)
  if (first === null || columns.length === 0) return <Loader aria-label="Loading the rows" />
  const wrong = first.column === null ? 0 : Math.max(0, columns.indexOf(first.column))
  return (
    <Cells list={list} state={state} may={may} columns={columns} wrong={wrong} raw={first.raw !== null} />
  )
}

interface CellsProps extends GridProps {
  readonly columns: readonly string[]
  /** The column that one begins at. */
  readonly wrong: number
  readonly raw: boolean
}

function Cells(props: CellsProps) {
  const { list, state, may, columns, raw } = props
  const { box, at, seen, rows, move, keys } = useCells(props)
  const mending = useMend(state.fixes, columns)
  const extent = { rows: Math.min(rowsMax, list.count), columns: columns.length }
  return (
    <div
      ref={box}
      className="fixGrid"
      role="grid"
      tabIndex={-1}
      aria-label="Rows that failed"
      aria-rowcount={extent.rows + 1}
      aria-colcount={columns.length + 2}
      {...keys}
    >
      <GridHead columns={columns} seen={seen} raw={raw} />
      <div role="rowgroup" className="fixBody" style={seen.size}>
        {seen.rows.map(({ index, start }) => (
          <GridRow
            key={index}
            row={rows.row(index)}
            index={index}
            top={start}
            columns={columns}
            seen={seen}
            mending={mending}
            at={at.row === index ? at.column : null}
            move={(next) => move(within(next, extent))}
            state={state}
            may={may}
          />
        ))}
      </div>
    </div>
  )
}

function useCells({ list, state, may, columns, wrong, raw }: CellsProps) {
  const box = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<At>({ row: 0, column: wrong })
  const extent = { rows: Math.min(rowsMax, list.count), columns: columns.length }
  const seen = useGridWindow(box, { ...extent, raw }, at)
  const rows = useRejects(list, { ...seen.range, focused: at.row })
  const move = (next: At): void => {
    const drawn = seen.rows.some(({ index }) => index === next.row)
    // The cell that has the focus may go before the next one comes; the grid holds it meanwhile.
    if (!drawn && box.current?.contains(document.activeElement) === true)
      box.current.focus({ preventScroll: true })
    setAt(next)
    seen.show(next)
  }
  const page = Math.max(1, Math.floor((box.current?.clientHeight ?? 0) / rowHeight) - 2)
  const press = (pressed: KeyboardEvent): void => {
    const next = placeAfter(pressed, at, { ...extent, page })
    const undoes = (pressed.ctrlKey || pressed.metaKey) && pressed.key === 'z'
    if (next !== null) move(within(next, extent))
    else if (undoes) state.undo()
    else return
    pressed.preventDefault()
  }
  const paste = (pasting: ClipboardEvent): void => {
    if (!may || pasting.target instanceof HTMLInputElement) return
    pasting.preventDefault()
    const cells = cellsOf(pasting.clipboardData.getData('text/plain'))
    const { edits, left } = pasted(cells, at, columns, (index) => rows.row(index)?.record ?? null)
    if (edits.length > 0) state.edit(edits)
    if (left > 0)
      notifications.show({
        color: 'orange',
        title: `${noun(cells.length - left, 'line')} of ${counted(cells.length)} pasted`,
        message: 'The others found no row here. Longer lists are corrected more easily in the error file.',
      })
  }
  return { box, at, seen, rows, move, keys: { onKeyDown: press, onPaste: paste } }
}
