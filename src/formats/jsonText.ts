// Reads one JSON object (RFC 8259) into cells: texts as they mean, numbers and nested values as they are written.
import { caps } from '../core/dialect.ts'
import type { Problem } from '../core/problem.ts'
import { problem } from '../core/problems.ts'

class Fault extends Error {
  readonly bad: Problem
  constructor(bad: Problem) {
    super(bad.message)
    this.bad = bad
  }
}

const literal = /true|false|null/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const space = /[ \t\n\r]*/y
// A string up to its closing quote or first escape or control character.
// oxlint-disable-next-line no-control-regex -- control characters are what JSON forbids here
const plainString = /"[^"\\\u0000-\u001f]*/y
// oxlint-disable-next-line no-control-regex
const escapedString = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y

export interface JsonCells {
  readonly cells: (string | null)[] | null
  readonly bad: Problem | null
}

/** Reads objects under one growing list of columns: a key that was not there yet extends it. */
export class JsonText {
  private readonly columns: string[]
  private readonly positions: Map<string, number>
  private text = ''
  private at = 0

  constructor(columns: string[]) {
    this.columns = columns
    this.positions = new Map(columns.map((name, i) => [name, i]))
  }

  /** The cells of the object that `text` is, by column position; null for a missing key and for null. */
  read(text: string): JsonCells {
    this.text = text
    this.at = 0
    try {
      this.skipSpace()
      const cells = this.object()
      this.skipSpace()
      if (this.at < text.length) throw this.invalid('there is more after its end')
      return { cells, bad: null }
    } catch (error) {
      if (error instanceof Fault) return { cells: null, bad: error.bad }
      throw error
    }
  }

  private object(): (string | null)[] {
    if (this.text[this.at] !== '{') throw this.notObject()
    const found: [string, string | null][] = []
    const keys = new Set<string>()
    this.members(() => {
      const key = this.string()
      if (keys.has(key)) throw new Fault(problem('read.json_duplicate_key', { key: key.slice(0, 100) }))
      keys.add(key)
      this.colon()
      found.push([key, this.cell(key)])
    }, '}')
    return this.placed(found)
  }

  /** Only a whole, valid object may extend the columns. */
  private placed(found: readonly [string, string | null][]): (string | null)[] {
    for (const [key] of found)
      if (!this.positions.has(key)) {
        if (this.columns.length >= caps.columns)
          throw new Fault(problem('read.too_many_columns', { limit: caps.columns }))
        this.positions.set(key, this.columns.length)
        this.columns.push(key)
      }
    // oxlint-disable-next-line unicorn/no-new-array -- made at its full size: growing costs a fifth of the reading
    const cells: (string | null)[] = new Array(this.columns.length).fill(null)
    for (const [key, value] of found) cells[this.positions.get(key)!] = value
    return cells
  }

  private cell(key: string): string | null {
    const from = this.at
    const first = this.text[from]
    let value: string | null
    if (first === '"') value = this.string()
    else {
      this.value(1)
      value = this.text.slice(from, this.at)
      if (value === 'null') value = null
    }
    if (value === null) return null
    if (value.includes('\0')) throw new Fault(problem('read.nul', undefined, key))
    if (value.length > caps.fieldBytes / 4 && Buffer.byteLength(value) > caps.fieldBytes)
      throw new Fault(problem('read.field_too_large', { limit: caps.fieldBytes }, key))
    return value
  }

  /** Passes one value of any kind; `depth` counts the objects and lists around it. */
  private value(depth: number): void {
    const first = this.text[this.at]
    if (first === '"') this.string()
    else if (first === '{' || first === '[') {
      if (depth >= caps.jsonDepth) throw new Fault(problem('read.json_too_deep', { limit: caps.jsonDepth }))
      if (first === '[') this.members(() => this.value(depth + 1), ']')
      else
        this.members(() => {
          this.string()
          this.colon()
          this.value(depth + 1)
        }, '}')
    } else if (!this.take(first === '-' || (first !== undefined && first <= '9') ? number : literal))
      throw this.invalid(`there is no value at character ${this.at + 1}`)
  }

  private members(one: () => void, close: string): void {
    this.at++
    this.skipSpace()
    if (this.text[this.at] === close) {
      this.at++
      return
    }
    for (;;) {
      this.skipSpace()
      one()
      this.skipSpace()
      const next = this.text[this.at++]
      if (next === close) return
      if (next !== ',') throw this.invalid(`a comma or ${close} is missing at character ${this.at}`)
    }
  }

  private colon(): void {
    this.skipSpace()
    if (this.text[this.at++] !== ':') throw this.invalid(`a colon is missing at character ${this.at}`)
    this.skipSpace()
  }

  private string(): string {
    const from = this.at
    if (!this.take(plainString))
      throw this.invalid(`a name or text in quotes is missing at character ${from + 1}`)
    if (this.text[this.at] === '"') return this.text.slice(from + 1, this.at++)
    this.at = from
    if (!this.take(escapedString))
      throw this.invalid(`the text that begins at character ${from + 1} is broken`)
    const value = JSON.parse(this.text.slice(from, this.at)) as string
    if (!value.isWellFormed())
      throw this.invalid(`the text that begins at character ${from + 1} has half a character`)
    return value
  }

  private take(pattern: RegExp): boolean {
    pattern.lastIndex = this.at
    if (!pattern.test(this.text)) return false
    this.at = pattern.lastIndex
    return true
  }

  private skipSpace(): void {
    const code = this.text.charCodeAt(this.at)
    if (code > 32 || Number.isNaN(code)) return
    this.take(space)
  }

  private invalid(detail: string): Fault {
    return new Fault(problem('read.json_invalid', { detail: `${detail}.` }))
  }

  private notObject(): Fault {
    this.value(0)
    const first = this.text.trimStart()[0]!
    const found =
      first === '[' ? 'list' : first === '"' ? 'text' : /[-\d]/.test(first) ? 'number' : 'plain word'
    return new Fault(problem('read.json_not_object', { found }))
  }
}
