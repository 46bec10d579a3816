// The head of the grid: it stays when one scrolls down.
import type { GridWindow } from './useGridWindow.ts'

interface GridHeadProps {
  readonly columns: readonly string[]
  readonly seen: GridWindow
  readonly raw: boolean
}

export function GridHead({ columns, seen: { widths, size, columns: shown }, raw }: GridHeadProps) {
  return (
    <div className="fixHead" role="row" aria-rowindex={1} style={{ width: size.width }}>
      <div role="columnheader" className="fixLine" aria-colindex={1} style={{ width: widths.line }}>
        Line
      </div>
      <div role="columnheader" className="fixWhy" aria-colindex={2} style={{ width: widths.why }}>
        {raw ? 'As it stands in the file' : 'What is wrong'}
      </div>
      {shown.map(({ index, start, size: width }) => (
        <div
          key={index}
          role="columnheader"
          className="fixCell"
          aria-colindex={index + 3}
          title={columns[index]}
          style={{ left: start, width }}
        >
          {columns[index]}
        </div>
      ))}
    </div>
  )
}
