// One cell: arrows move, Enter or typing edits, Escape gives up, Tab and Enter save and go on.
import { useEffect, useRef, useState, type KeyboardEvent } from 'react'

interface GridCellProps {
  readonly column: string
  readonly value: string
  /** As the file had it. */
  readonly before: string
  /** What failed is about this cell. */
  readonly wrong: boolean
  readonly focused: boolean
  /** The one that Tab comes to first. */
  readonly first: boolean
  readonly readOnly: boolean
  readonly line: number
  readonly focus: () => void
  readonly step: (down: number, right: number) => void
  readonly save: (value: string) => void
}

const arrows: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
  PageUp: [-8, 0],
  PageDown: [8, 0],
  Home: [0, -10_000],
  End: [0, 10_000],
}

export function GridCell(props: GridCellProps) {
  const { value, before, wrong, focused, readOnly, focus, step } = props
  const [typed, setTyped] = useState<string | null>(null)
  const cell = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focused && typed === null && holdsFocus(cell.current)) cell.current?.focus()
  }, [focused, typed])
  if (typed !== null) return <CellInput {...props} typed={typed} type={setTyped} />
  const changed = value !== before
  const press = (pressed: KeyboardEvent): void => {
    const arrow = arrows[pressed.key]
    if (arrow !== undefined) {
      pressed.preventDefault()
      step(...arrow)
      return
    }
    if (readOnly || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return
    if (pressed.key === 'Enter' || pressed.key === 'F2') setTyped(value)
    else if (pressed.key === 'Delete' || pressed.key === 'Backspace') props.save('')
    else if (pressed.key.length === 1) setTyped(pressed.key)
    else return
    pressed.preventDefault()
  }
  const names = ['fixCell', wrong && !changed ? 'wrong' : '', changed ? 'changed' : '']
  return (
    <div
      ref={cell}
      role="gridcell"
      className={names.filter((name) => name !== '').join(' ')}
      tabIndex={focused ? 0 : -1}
      aria-readonly={readOnly}
      aria-invalid={wrong && !changed ? true : undefined}
      title={changed ? `was: ${before === '' ? 'empty' : before}` : value}
      onFocus={focus}
      onKeyDown={press}
      onDoubleClick={() => !readOnly && setTyped(value)}
    >
      {value === '' ? <span className="blank">empty</span> : value}
    </div>
  )
}

/** Moving by arrows takes the focus along; a page that is only shown does not take it. */
function holdsFocus(cell: HTMLElement | null): boolean {
  return cell?.closest('[role=grid]')?.contains(document.activeElement) === true
}

interface CellInputProps extends GridCellProps {
  readonly typed: string
  readonly type: (typed: string | null) => void
}

function CellInput({ column, line, value, typed, type, step, save }: CellInputProps) {
  const over = useRef(false)
  /** The grid holds the focus until the next cell takes it; with the input it would be lost. */
  const leave = (input: Element): void => {
    over.current = true
    input.closest<HTMLElement>('[role=grid]')?.focus({ preventScroll: true })
    type(null)
  }
  const done = (input: Element, down: number, right: number): void => {
    if (typed !== value) save(typed)
    leave(input)
    step(down, right)
  }
  const press = (pressed: KeyboardEvent): void => {
    const input = pressed.currentTarget
    pressed.stopPropagation()
    if (pressed.key === 'Escape') leave(input)
    else if (pressed.key === 'Enter') done(input, 1, 0)
    else if (pressed.key === 'Tab') done(input, 0, pressed.shiftKey ? -1 : 1)
    else return
    pressed.preventDefault()
  }
  return (
    <div role="gridcell" className="fixCell editing">
      <input
        autoFocus
        aria-label={`${column}, line ${line}`}
        value={typed}
        onChange={({ currentTarget }) => type(currentTarget.value)}
        onKeyDown={press}
        onBlur={() => {
          if (over.current) return
          if (typed !== value) save(typed)
          type(null)
        }}
      />
    </div>
  )
}
