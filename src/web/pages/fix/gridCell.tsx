// One cell: Enter or typing edits, Escape gives up, Tab and Enter save and go on. Arrows are the grid's.
import { useEffect, useRef, useState, type ClipboardEvent, type KeyboardEvent, type MouseEvent } from 'react'

interface GridCellProps {
  readonly column: string
  /** Among all columns. */
  readonly index: number
  /** Where it stands in its row, in pixels. */
  readonly place: { readonly left: number; readonly width: number }
  readonly value: string
  /** As the file had it. */
  readonly before: string
  /** Where it says what is wrong with it; null: nothing is. */
  readonly wrong: string | null
  readonly focused: boolean
  /** Its row is being read. */
  readonly pending: boolean
  readonly readOnly: boolean
  readonly line: number
  readonly focus: () => void
  readonly step: (down: number, right: number) => void
  readonly save: (value: string) => void
}

export function GridCell(props: GridCellProps) {
  const { value, before, wrong, focused, pending, readOnly, focus } = props
  const [typed, setTyped] = useState<string | null>(null)
  const cell = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (focused && typed === null && holdsFocus(cell.current)) cell.current?.focus({ preventScroll: true })
  }, [focused, typed])
  if (typed !== null) return <CellInput {...props} typed={typed} type={setTyped} />
  const changed = value !== before
  const bad = wrong !== null && !changed
  const press = (pressed: KeyboardEvent): void => {
    if (readOnly || pressed.ctrlKey || pressed.metaKey || pressed.altKey) return
    if (pressed.key === 'Enter' || pressed.key === 'F2') setTyped(value)
    else if (pressed.key === 'Delete' || pressed.key === 'Backspace') props.save('')
    else if (pressed.key.length === 1) setTyped(pressed.key)
    else return
    pressed.preventDefault()
  }
  const edit = (): void => {
    if (!readOnly) setTyped(value)
  }
  const names = ['fixCell', bad ? 'wrong' : '', changed ? 'changed' : '']
  return (
    <div
      ref={cell}
      role="gridcell"
      className={names.filter((name) => name !== '').join(' ')}
      style={props.place}
      tabIndex={focused ? 0 : -1}
      aria-colindex={props.index + 3}
      aria-readonly={readOnly}
      aria-invalid={bad ? true : undefined}
      aria-describedby={bad ? wrong : undefined}
      title={changed ? `was: ${before === '' ? 'empty' : before}` : value}
      onFocus={focused ? undefined : focus}
      onKeyDown={press}
      onDoubleClick={edit}
      onClick={(clicked) => isTouch(clicked) && edit()}
      onCopy={(copied) => copy(copied, value)}
    >
      <CellText value={value} pending={pending} />
    </div>
  )
}

function CellText({ value, pending }: Pick<GridCellProps, 'value' | 'pending'>) {
  if (pending) return <span className="blank">…</span>
  return value === '' ? <span className="blank">empty</span> : value
}

/** Who taps has no keys to begin with. */
function isTouch({ nativeEvent }: MouseEvent): boolean {
  return nativeEvent instanceof PointerEvent && nativeEvent.pointerType === 'touch'
}

/** The whole cell, unless a part of it is marked. */
function copy(copied: ClipboardEvent, value: string): void {
  if (document.getSelection()?.isCollapsed === false) return
  copied.clipboardData.setData('text/plain', value)
  copied.preventDefault()
}

/** Moving by arrows takes the focus along; a page that is only shown does not take it. */
function holdsFocus(cell: HTMLElement | null): boolean {
  return cell?.closest('[role=grid]')?.contains(document.activeElement) === true
}

interface CellInputProps extends GridCellProps {
  readonly typed: string
  readonly type: (typed: string | null) => void
}

function CellInput({ column, index, place, line, value, typed, type, step, save }: CellInputProps) {
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
    else if (pressed.key === 'Enter') done(input, pressed.shiftKey ? -1 : 1, 0)
    else if (pressed.key === 'Tab') done(input, 0, pressed.shiftKey ? -1 : 1)
    else return
    pressed.preventDefault()
  }
  return (
    <div role="gridcell" className="fixCell editing" style={place} aria-colindex={index + 3}>
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
