// Reads an answer in COPY form cell by cell. Numbers are read from the text itself: a batch has tens of thousands.
import { fromCopy } from './copyText.ts'

const newline = 10
const zero = 48
const minus = 45
const backslash = 92
const upperN = 78

export class CopyLines {
  readonly #text: string
  #at = 0
  #end = -1

  constructor(text: string) {
    this.#text = text
  }

  /** Goes to the next line; false after the last. */
  next(): boolean {
    this.#at = this.#end + 1
    if (this.#at >= this.#text.length) return false
    this.#end = this.#text.indexOf('\n', this.#at)
    return true
  }

  /** The next cell as a whole number. */
  number(): number {
    const text = this.#text
    let at = this.#at
    const negative = text.charCodeAt(at) === minus
    if (negative) at++
    let value = 0
    for (; ; at++) {
      const digit = text.charCodeAt(at) - zero
      if (digit < 0 || digit > 9) break
      value = value * 10 + digit
    }
    this.#at = at + 1
    return negative ? -value : value
  }

  /** The next cell as text. */
  cell(): string | null {
    const start = this.#at
    if (this.#isNull(start)) {
      this.#at = start + 3
      return null
    }
    const tab = this.#text.indexOf('\t', start)
    const end = tab === -1 || tab > this.#end ? this.#end : tab
    this.#at = end + 1
    return fromCopy(this.#text.slice(start, end))
  }

  #isNull(start: number): boolean {
    if (this.#text.charCodeAt(start) !== backslash || this.#text.charCodeAt(start + 1) !== upperN)
      return false
    const after = this.#text.charCodeAt(start + 2)
    return after === 9 || after === newline
  }

  /** What is left of the line, as it is. */
  rest(): string {
    return this.#at > this.#end ? '' : this.#text.slice(this.#at, this.#end)
  }
}
