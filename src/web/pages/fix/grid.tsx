// The rows of one cause as a grid of cells: only what can be seen is drawn, however many there are.
import { Loader, Text } from '@mantine/core'
import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef, useState } from 'react'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { GridRow, type At } from './gridRow.tsx'
import './grid.css'
import { useMend, type FixesState } from './useFixes.ts'
import { useRejects } from './useRejects.ts'

interface GridProps {
  readonly run: string
  readonly code: string
  readonly state: FixesState
  readonly may: boolean
}

const rowHeight = 44

export function Grid({ run, code, state, may }: GridProps) {
  const namespace = useNamespace()
  const { pages, columns, rows } = useRejects(namespace, run, code)
  const mend = useMend(state.fixes, columns)
  const box = useRef<HTMLDivElement>(null)
  const [at, setAt] = useState<At>({ row: 0, column: 0 })
  const lines = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  })
  const shown = lines.getVirtualItems()
  useMore(pages, rows.length, shown.at(-1)?.index ?? 0)
  const move = (next: At): void => {
    const row = Math.max(0, Math.min(rows.length - 1, next.row))
    const column = Math.max(0, Math.min(columns.length - 1, next.column))
    setAt({ row, column })
    lines.scrollToIndex(row)
  }
  if (pages.error !== null) return <ProblemAlert error={pages.error} again={() => void pages.refetch()} />
  if (pages.isPending) return <Loader aria-label="Loading the rows" />
  return (
    <div
      ref={box}
      className="fixGrid"
      style={{ height: `min(60vh, ${(rows.length + 1) * rowHeight + 18}px)` }}
      role="grid"
      tabIndex={-1}
      aria-label="Rows that failed"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length + 2}
    >
      <Head columns={columns} />
      <div role="rowgroup" style={{ height: lines.getTotalSize(), position: 'relative' }}>
        {shown.map(({ index, start }) => (
          <GridRow
            key={rows[index]!.record}
            row={rows[index]!}
            index={index}
            top={start}
            columns={columns}
            mended={mend?.(asReject(rows[index]!)) ?? null}
            left={state.fixes.exclude.includes(rows[index]!.record)}
            at={at.row === index ? at.column : null}
            move={move}
            state={state}
            may={may}
          />
        ))}
      </div>
      {pages.isFetchingNextPage && (
        <Text size="sm" c="dimmed" p="sm" role="status">
          Loading more rows …
        </Text>
      )}
    </div>
  )
}

/** Asks for the next page when the end of what is there comes into sight. */
function useMore(pages: ReturnType<typeof useRejects>['pages'], rows: number, last: number): void {
  const { hasNextPage, isFetchingNextPage, fetchNextPage } = pages
  useEffect(() => {
    if (last >= rows - 40 && hasNextPage && !isFetchingNextPage) void fetchNextPage()
  }, [last, rows, hasNextPage, isFetchingNextPage, fetchNextPage])
}

function Head({ columns }: { readonly columns: readonly string[] }) {
  return (
    <div className="fixHead" role="row" aria-rowindex={1}>
      <div role="columnheader" className="fixLine">
        Line
      </div>
      <div role="columnheader" className="fixWhy">
        What is wrong
      </div>
      {columns.map((column) => (
        <div key={column} role="columnheader" className="fixCell" title={column}>
          {column}
        </div>
      ))}
    </div>
  )
}

function asReject({ record, code, column, cells }: ReturnType<typeof useRejects>['rows'][number]) {
  return { ordinal: record, cause: { code, column }, cells }
}
