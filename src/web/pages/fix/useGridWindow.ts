// Which rows and columns of the grid are drawn: those that can be seen, and always the cell that has the focus.
import { useMediaQuery } from '@mantine/hooks'
import { defaultRangeExtractor, useVirtualizer, type Range, type VirtualItem } from '@tanstack/react-virtual'
import type { RefObject } from 'react'
import type { At } from './gridKeys.ts'

/** Pixels. */
export const rowHeight = 40

interface Widths {
  /** The number of the line; it stays when one scrolls to the right. */
  readonly line: number
  readonly why: number
  readonly cell: number
}

export interface GridWindow {
  readonly rows: readonly VirtualItem[]
  readonly columns: readonly VirtualItem[]
  /** Of rows, what can be seen: without the one that has the focus elsewhere. */
  readonly range: { readonly first: number; readonly last: number }
  readonly widths: Widths
  /** Of everything, in pixels. */
  readonly size: { readonly width: number; readonly height: number }
  readonly show: (at: At) => void
}

interface Extent {
  readonly rows: number
  readonly columns: number
  /** Whether the lines themselves are shown: they are long. */
  readonly raw: boolean
}

export function useGridWindow(box: RefObject<HTMLElement | null>, extent: Extent, at: At): GridWindow {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const widths = widthsFor(narrow, extent.raw)
  const before = widths.line + widths.why
  const lines = useVirtualizer({
    count: extent.rows,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    rangeExtractor: withPlace(at.row),
    // The head covers the first row's worth of the box, and the body begins so much lower.
    scrollPaddingEnd: rowHeight + 16,
  })
  const cells = useVirtualizer({
    horizontal: true,
    count: extent.columns,
    getScrollElement: () => box.current,
    estimateSize: () => widths.cell,
    overscan: 2,
    rangeExtractor: withPlace(at.column),
    paddingStart: before,
    scrollPaddingStart: widths.line,
    scrollPaddingEnd: 16,
  })
  return {
    rows: lines.getVirtualItems(),
    columns: cells.getVirtualItems(),
    range: { first: lines.range?.startIndex ?? 0, last: lines.range?.endIndex ?? 0 },
    widths,
    size: { width: cells.getTotalSize(), height: lines.getTotalSize() },
    show: ({ row, column }) => {
      lines.scrollToIndex(row)
      cells.scrollToIndex(column)
    },
  }
}

function widthsFor(narrow: boolean, raw: boolean): Widths {
  if (narrow) return { line: 104, why: raw ? 240 : 180, cell: 150 }
  return { line: 116, why: raw ? 440 : 320, cell: 190 }
}

function withPlace(place: number): (range: Range) => number[] {
  return (range) => {
    const seen = defaultRangeExtractor(range)
    if (seen.includes(place) || place >= range.count) return seen
    return [...seen, place].sort((a, b) => a - b)
  }
}
