// Where the records of a JSON file begin and end, before anyone looks inside them.
import type { Problem } from '../core/problem.ts'
import { problem } from '../core/problems.ts'
import type { Units } from './window.ts'

/** A record's place in the window. Empty (start = end): nothing but separators were passed. */
export interface Span {
  readonly start: number
  readonly end: number
  readonly next: number
  /** Line ends up to `next`. */
  readonly lines: number
}

export interface Spans {
  /** The next record; null: more units are needed. */
  next(units: Units, at: number, end: number, final: boolean): Span | null
  /** Passes units of a record too large to hold; `next` then finds its end. */
  letGo(units: Units, at: number, end: number): { to: number; lines: number }
  /** What is missing at the end of the file. */
  cut(): Problem | null
}

const lf = 10
const quote = 34
const comma = 44
const open = 91
const backslash = 92
const close = 93
const openObject = 123
const closeObject = 125

function isSpace(unit: number): boolean {
  return unit === 32 || unit === lf || unit === 13 || unit === 9
}

/** One record a line; blank lines are none. */
export class LineSpans implements Spans {
  next(units: Units, at: number, end: number, final: boolean): Span | null {
    const lineEnd = units.indexOf(lf, at)
    const found = lineEnd >= 0 && lineEnd < end
    if (!found && !final) return null
    const stop = found ? lineEnd : end
    let from = at
    while (from < stop && isSpace(units[from]!)) from++
    let to = stop
    while (to > from && isSpace(units[to - 1]!)) to--
    return { start: from, end: to, next: found ? stop + 1 : stop, lines: found ? 1 : 0 }
  }

  letGo(units: Units, at: number, end: number): { to: number; lines: number } {
    const lineEnd = units.indexOf(lf, at)
    return { to: lineEnd >= 0 && lineEnd < end ? lineEnd : end, lines: 0 }
  }

  cut(): Problem | null {
    return null
  }
}

/** The values of one list (or one after the other without a list). */
export class JsonSpans implements Spans {
  private opened: boolean
  private closed = false
  /** Depth and string state inside a record that is let go. */
  private depth = 0
  private inString = false
  private letting = false

  private readonly recordUnits: number

  /** `inside`: reading begins at a record, after the list was opened. */
  constructor(inside: boolean, recordUnits: number) {
    this.opened = inside
    this.recordUnits = recordUnits
  }

  next(units: Units, at: number, end: number, final: boolean): Span | null {
    if (this.letting) return this.restOfLarge(units, at, end, final)
    let lines = 0
    for (let i = at; i < end; i++) {
      const unit = units[i]!
      if (unit === lf) lines++
      if (isSpace(unit) || unit === comma) continue
      if (unit === open && !this.opened && !this.closed) this.opened = true
      else if (unit === close && this.opened) {
        this.opened = false
        this.closed = true
      } else if (i > at) return separators(i, lines)
      else return this.valueAt(units, i, end, final)
    }
    return separators(end, lines)
  }

  private valueAt(units: Units, at: number, end: number, final: boolean): Span | null {
    const limited = end - at > this.recordUnits
    const limit = limited ? at + this.recordUnits : end
    const found = endOfValue(units, at, limit)
    let to = found.at
    if (found.kind !== 'end') {
      if (found.kind === 'more' && !limited && !final) return null
      const again = resume(units, at, limit)
      if (again < 0 && (limited || !final)) return null
      to = again < 0 ? end : again
    }
    return { start: at, end: trimmed(units, at, to), next: to, lines: countLines(units, at, to) }
  }

  letGo(units: Units, at: number, end: number): { to: number; lines: number } {
    this.letting = true
    let i = at
    for (; i < end; i++) {
      if (this.pass(units[i]!)) break
      if (this.inString && units[i] === backslash) {
        if (i + 1 >= end) break
        i++
      }
    }
    return { to: i, lines: countLines(units, at, Math.min(i, end)) }
  }

  /** True: the record ends with this unit. */
  private pass(unit: number): boolean {
    if (unit === quote) this.inString = !this.inString
    else if (this.inString) return false
    else if (unit === openObject || unit === open) this.depth++
    else if (unit === closeObject || unit === close) {
      if (this.depth <= 1) return true
      this.depth--
    }
    return false
  }

  private restOfLarge(units: Units, at: number, end: number, final: boolean): Span | null {
    const unit = units[at]!
    const ends = !this.inString && (unit === closeObject || unit === close)
    if (!ends && !final) return null
    this.letting = false
    this.depth = 0
    this.inString = false
    const next = ends ? at + 1 : end
    return { start: at, end: next, next, lines: countLines(units, at, next) }
  }

  cut(): Problem | null {
    return this.opened ? problem('read.json_cut') : null
  }
}

function countLines(units: Units, from: number, to: number): number {
  let lines = 0
  for (let i = from; i < to; i++) if (units[i] === lf) lines++
  return lines
}

function trimmed(units: Units, from: number, to: number): number {
  let end = to
  while (end > from && (isSpace(units[end - 1]!) || units[end - 1] === comma)) end--
  return end
}

function separators(to: number, lines: number): Span {
  return { start: to, end: to, next: to, lines }
}

interface ValueEnd {
  readonly kind: 'end' | 'more' | 'broken'
  readonly at: number
}

/**
 * By brackets and quotes only. Broken: a bracket closed by the other kind, or a line end inside a text, which
 * JSON does not have.
 */
function endOfValue(units: Units, at: number, end: number): ValueEnd {
  const closers: number[] = []
  for (let i = at; i < end; i++) {
    const unit = units[i]!
    if (unit === quote) {
      const closed = endOfText(units, i, end)
      if (closed < 0) return { kind: closed === -2 ? 'broken' : 'more', at }
      i = closed
      if (closers.length === 0) return { kind: 'end', at: i + 1 }
    } else if (unit === openObject || unit === open) closers.push(unit + 2)
    else if (unit === closeObject || unit === close) {
      // A closing bracket of nothing.
      if (closers.length === 0) return { kind: 'end', at: Math.max(i, at + 1) }
      if (closers.pop() !== unit) return { kind: 'broken', at }
      if (closers.length === 0) return { kind: 'end', at: i + 1 }
    } else if (closers.length === 0 && (unit === comma || unit === lf)) return { kind: 'end', at: i }
  }
  return { kind: 'more', at }
}

/** Index of the closing quote; -1: more; -2: a line ends first. */
function endOfText(units: Units, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    const unit = units[i]!
    if (unit === quote) return i
    if (unit === backslash) i++
    else if (unit === lf) return -2
  }
  return -1
}

/**
 * Where to go on after a broken value: the first later line that begins with an object and is indented less than
 * the names in the broken one, so that a part of a record is never taken for a record. -1: there is none.
 */
function resume(units: Units, at: number, end: number): number {
  const inside = indentInside(units, at, end)
  for (let i = at; i < end; i++) {
    if (units[i] !== lf) continue
    let first = i + 1
    while (first < end && (units[first] === 32 || units[first] === 9 || units[first] === comma)) first++
    if (first < end && units[first] === openObject && first - i - 1 < inside) return i + 1
  }
  return -1
}

/** How deep the first name of an object is indented, if it has a line of its own. */
function indentInside(units: Units, at: number, end: number): number {
  let i = at + 1
  while (i < end && units[i] !== lf && isSpace(units[i]!)) i++
  if (units[i] !== lf) return Infinity
  let lineStart = i + 1
  for (i = lineStart; i < end && isSpace(units[i]!); i++) if (units[i] === lf) lineStart = i + 1
  return i - lineStart
}
