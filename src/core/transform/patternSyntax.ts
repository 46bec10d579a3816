// Patterns for replace steps and matches(): the part of regular expressions that can be matched in linear time.

/** Ranges of code points, ascending, both ends included. */
export type CharRanges = readonly (readonly [low: number, high: number])[]

export type PatternNode =
  | { readonly is: 'char'; readonly ranges: CharRanges }
  | { readonly is: 'sequence'; readonly of: readonly PatternNode[] }
  | { readonly is: 'either'; readonly of: readonly PatternNode[] }
  | {
      readonly is: 'repeat'
      readonly of: PatternNode
      readonly min: number
      /** null: as often as it fits. */
      readonly max: number | null
      readonly lazy: boolean
    }
  | { readonly is: 'start' | 'end' | 'edge' | 'notEdge' }

/** Why a pattern is not taken: what is wrong, and before which character (counted from 1). */
export class PatternFault extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.name = 'PatternFault'
    this.at = at
  }
}

export const patternLengthMax = 1000
const repeatMax = 200
const depthMax = 30
const highest = 0x10ffff

const digits: CharRanges = [[0x30, 0x39]]
const wordChars: CharRanges = [
  [0x30, 0x39],
  [0x41, 0x5a],
  [0x5f, 0x5f],
  [0x61, 0x7a],
]
const blanks: CharRanges = [
  [0x09, 0x0d],
  [0x20, 0x20],
  [0xa0, 0xa0],
  [0x1680, 0x1680],
  [0x2000, 0x200a],
  [0x2028, 0x2029],
  [0x202f, 0x202f],
  [0x205f, 0x205f],
  [0x3000, 0x3000],
  [0xfeff, 0xfeff],
]
const lineEnds: CharRanges = [
  [0x0a, 0x0a],
  [0x0d, 0x0d],
  [0x2028, 0x2029],
]
const classes: Readonly<Record<string, CharRanges>> = { d: digits, w: wordChars, s: blanks }
const controls: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, f: 0x0c, v: 0x0b }

/** Sorted, without overlaps. */
function tidy(ranges: CharRanges): CharRanges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0])
  const merged: [number, number][] = []
  for (const [low, high] of sorted) {
    const last = merged.at(-1)
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else merged.push([low, high])
  }
  return merged
}

function others(ranges: CharRanges): CharRanges {
  const out: [number, number][] = []
  let from = 0
  for (const [low, high] of tidy(ranges)) {
    if (low > from) out.push([from, low - 1])
    from = high + 1
  }
  if (from <= highest) out.push([from, highest])
  return out
}

/** Reads a pattern. Throws `PatternFault` for what it cannot mean, and for what could not be matched in linear time. */
export function parsePattern(pattern: string): PatternNode {
  if (pattern.length > patternLengthMax)
    throw new PatternFault(`a pattern has at most ${patternLengthMax} characters`, patternLengthMax + 1)
  return new PatternReader(pattern).whole()
}

class PatternReader {
  readonly #chars: readonly string[]
  #at = 0
  #depth = 0

  constructor(pattern: string) {
    this.#chars = Array.from(pattern)
  }

  whole(): PatternNode {
    const node = this.#either()
    if (this.#at < this.#chars.length) throw this.#fault('this bracket closes nothing')
    return node
  }

  #fault(message: string, at = this.#at): PatternFault {
    return new PatternFault(message, at + 1)
  }

  #next(): string | undefined {
    return this.#chars[this.#at]
  }

  #take(char: string): boolean {
    if (this.#next() !== char) return false
    this.#at++
    return true
  }

  #either(): PatternNode {
    if (++this.#depth > depthMax) throw this.#fault('brackets stand too deep in each other')
    const branches = [this.#sequence()]
    while (this.#take('|')) branches.push(this.#sequence())
    this.#depth--
    return branches.length === 1 ? branches[0]! : { is: 'either', of: branches }
  }

  #sequence(): PatternNode {
    const parts: PatternNode[] = []
    for (let char = this.#next(); char !== undefined && char !== '|' && char !== ')'; char = this.#next())
      parts.push(this.#repeated(this.#atom()))
    return parts.length === 1 ? parts[0]! : { is: 'sequence', of: parts }
  }

  #repeated(of: PatternNode): PatternNode {
    const bounds = this.#bounds()
    if (bounds === null) return of
    if (of.is !== 'char' && of.is !== 'sequence' && of.is !== 'either')
      throw this.#fault('what stands here cannot be repeated', this.#at - 1)
    // What an empty repetition means differs between libraries; none is needed.
    if (canBeEmpty(of)) throw this.#fault('what is repeated here can be nothing at all', this.#at - 1)
    const lazy = this.#take('?')
    if (this.#next() === '*' || this.#next() === '+' || this.#next() === '{')
      throw this.#fault('a repetition cannot be repeated')
    return { is: 'repeat', of, ...bounds, lazy }
  }

  #bounds(): { min: number; max: number | null } | null {
    if (this.#take('*')) return { min: 0, max: null }
    if (this.#take('+')) return { min: 1, max: null }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (this.#next() !== '{') return null
    const rest = this.#chars.slice(this.#at, this.#at + 12).join('')
    const counted = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(rest)
    if (counted === null) throw this.#fault('after { comes a number; a bracket that means itself is \\{')
    const min = Number(counted[1])
    const max = counted[2] === undefined ? min : counted[3] === undefined ? null : Number(counted[3])
    if (max !== null && max < min) throw this.#fault('the second number is smaller than the first')
    if (Math.max(min, max ?? 0) > repeatMax) throw this.#fault(`at most ${repeatMax} repetitions`)
    this.#at += counted[0].length
    return { min, max }
  }

  #atom(): PatternNode {
    const char = this.#next()!
    this.#at++
    switch (char) {
      case '(':
        return this.#group()
      case '[':
        return { is: 'char', ranges: this.#set() }
      case '.':
        return { is: 'char', ranges: others(lineEnds) }
      case '^':
        return { is: 'start' }
      case '$':
        return { is: 'end' }
      case '\\':
        return this.#escape()
      case '*':
      case '+':
      case '?':
      case '{':
        throw this.#fault(`${char} repeats what stands before it, and nothing does`, this.#at - 1)
      default:
        return single(char.codePointAt(0)!)
    }
  }

  #group(): PatternNode {
    const open = this.#at - 1
    if (this.#take('?') && !this.#take(':'))
      throw this.#fault('only plain groups are offered; no look-ahead, look-behind or names', open)
    const node = this.#either()
    if (!this.#take(')')) throw this.#fault('this bracket is not closed', open)
    return node.is === 'sequence' || node.is === 'either' ? node : { is: 'sequence', of: [node] }
  }

  #escape(): PatternNode {
    const char = this.#next()
    if (char === undefined) throw this.#fault('a backslash stands at the end', this.#at - 1)
    if (char === 'b' || char === 'B') {
      this.#at++
      return { is: char === 'b' ? 'edge' : 'notEdge' }
    }
    return { is: 'char', ranges: this.#escaped() }
  }

  /** After the backslash: a class, a control character, or the sign itself. */
  #escaped(): CharRanges {
    const char = this.#next()!
    this.#at++
    const known = classes[char.toLowerCase()]
    if (known !== undefined) return char === char.toLowerCase() ? known : others(known)
    if (char in controls) return [[controls[char]!, controls[char]!]]
    if (char === 'u') return this.#codePoint()
    if (/[1-9]/.test(char))
      throw this.#fault('a pattern cannot refer back to what it matched before', this.#at - 2)
    if (/[A-Za-z0]/.test(char)) throw this.#fault(`\\${char} is not offered`, this.#at - 2)
    return [[char.codePointAt(0)!, char.codePointAt(0)!]]
  }

  #codePoint(): CharRanges {
    const hex = /^(?:([0-9a-fA-F]{4})|\{([0-9a-fA-F]{1,6})\})/.exec(
      this.#chars.slice(this.#at, this.#at + 8).join(''),
    )
    const code = hex === null ? Number.NaN : Number.parseInt(hex[1] ?? hex[2]!, 16)
    if (!(code <= highest)) throw this.#fault('after \\u come four hexadecimal digits, or {…}', this.#at - 2)
    this.#at += hex![0].length
    return [[code, code]]
  }

  #set(): CharRanges {
    const open = this.#at - 1
    const negated = this.#take('^')
    const ranges: (readonly [number, number])[] = []
    while (this.#next() !== ']') {
      if (this.#next() === undefined) throw this.#fault('this bracket is not closed', open)
      const low = this.#member()
      const from = this.#at
      if (
        low.length === 1 &&
        low[0]![0] === low[0]![1] &&
        this.#next() === '-' &&
        this.#chars[from + 1] !== ']'
      ) {
        this.#at++
        if (this.#next() === undefined) throw this.#fault('this bracket is not closed', open)
        const high = this.#member()
        const end = high.length === 1 ? high[0]![1] : -1
        if (high.length !== 1 || high[0]![0] !== end || end < low[0]![0])
          throw this.#fault('this range has no beginning and end in order', from)
        ranges.push([low[0]![0], end])
      } else ranges.push(...low)
    }
    this.#at++
    return negated ? others(ranges) : tidy(ranges)
  }

  #member(): CharRanges {
    const char = this.#next()!
    this.#at++
    if (char !== '\\') return [[char.codePointAt(0)!, char.codePointAt(0)!]]
    if (this.#next() === undefined) throw this.#fault('a backslash stands at the end', this.#at - 1)
    return this.#escaped()
  }
}

function canBeEmpty(node: PatternNode): boolean {
  if (node.is === 'char') return false
  if (node.is === 'sequence') return node.of.every(canBeEmpty)
  if (node.is === 'either') return node.of.some(canBeEmpty)
  return node.is !== 'repeat' || node.min === 0 || canBeEmpty(node.of)
}

function single(code: number): PatternNode {
  return { is: 'char', ranges: [[code, code]] }
}

/** Whether the code point is a letter, digit or underscore, as \b sees it. */
export function isWordChar(code: number): boolean {
  return wordChars.some(([low, high]) => code >= low && code <= high)
}
