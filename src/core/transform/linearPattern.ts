// Matching patterns in linear time: every state at once, never back (K. Thompson 1968; R. Pike's machine keeps the order
// of preference, so that matches are those of JavaScript). No text and no pattern can make it slow.
import { isWordChar, parsePattern, PatternFault, type CharRanges, type PatternNode } from './patternSyntax.ts'

type Instruction =
  | { readonly do: 'char'; readonly ranges: CharRanges }
  | { readonly do: 'split'; first: number; second: number }
  | { readonly do: 'jump'; to: number }
  | { readonly do: 'start' | 'end' | 'edge' | 'notEdge' }
  | { readonly do: 'match' }

const instructionsMax = 1000
/** State moves for one text, about a third of a second. Counted, not timed: the same text fails everywhere. */
const workMax = 5_000_000

/** A text so long that this pattern would take too long on it. */
export class TooMuchWork extends Error {
  constructor() {
    super('the text is too long for this pattern')
    this.name = 'TooMuchWork'
  }
}

/** Both throw `TooMuchWork`. */
export interface LinearPattern {
  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean
  /** Every match replaced by the text, which is taken as it is. */
  replaceAll(text: string, by: string): string
}

/** Compiles a pattern. Throws `PatternFault` where it is wrong, or too large. */
export function linearPattern(pattern: string): LinearPattern {
  const tree = parsePattern(pattern)
  const program: Instruction[] = []
  emit(tree, program)
  program.push({ do: 'match' })
  const machine = new Machine(program)
  const quick = quickForm(tree) ? new RegExp(pattern, 'gu') : null
  if (quick !== null)
    return {
      test: (text) => ((quick.lastIndex = 0), quick.test(text)),
      replaceAll: (text, by) => text.replace(quick, () => by),
    }
  return {
    test: (text) => machine.test(text),
    replaceAll: (text, by) => machine.replaceAll(text, by),
  }
}

function codeOf(char: string): number {
  return char.codePointAt(0)!
}

/**
 * Patterns for which JavaScript's own matcher cannot be slow: single characters one after the other, of which only the
 * last may be repeated without end, so that nothing can fail after it.
 */
function quickForm(tree: PatternNode): boolean {
  const parts = tree.is === 'sequence' ? tree.of : [tree]
  return parts.length <= 20 && parts.every((part, i) => isQuickPart(part, i === parts.length - 1))
}

function isQuickPart(part: PatternNode, last: boolean): boolean {
  if (part.is === 'char') return true
  return part.is === 'repeat' && last && part.of.is === 'char' && !part.lazy && part.min <= 20
}

function emit(node: PatternNode, program: Instruction[]): void {
  if (program.length > instructionsMax)
    throw new PatternFault(
      `the pattern is too large: it stands for more than ${instructionsMax} characters`,
      1,
    )
  switch (node.is) {
    case 'char':
      program.push({ do: 'char', ranges: node.ranges })
      return
    case 'sequence':
      for (const part of node.of) emit(part, program)
      return
    case 'either':
      emitEither(node.of, program)
      return
    case 'repeat':
      emitRepeat(node, program)
      return
    default:
      program.push({ do: node.is })
  }
}

function emitEither(branches: readonly PatternNode[], program: Instruction[]): void {
  const ends: { to: number }[] = []
  branches.forEach((branch, i) => {
    if (i === branches.length - 1) return emit(branch, program)
    const split = { do: 'split' as const, first: program.length + 1, second: 0 }
    program.push(split)
    emit(branch, program)
    const jump = { do: 'jump' as const, to: 0 }
    program.push(jump)
    ends.push(jump)
    split.second = program.length
  })
  for (const end of ends) end.to = program.length
}

function emitRepeat(
  { of, min, max, lazy }: Extract<PatternNode, { is: 'repeat' }>,
  program: Instruction[],
): void {
  const fork = (): { first: number; second: number } => {
    const split = { do: 'split' as const, first: 0, second: 0 }
    program.push(split)
    return split
  }
  const aim = (split: { first: number; second: number }, inside: number, after: number): void => {
    split.first = lazy ? after : inside
    split.second = lazy ? inside : after
  }
  for (let i = 0; i < min; i++) emit(of, program)
  if (max === null) {
    const from = program.length
    const split = fork()
    emit(of, program)
    program.push({ do: 'jump', to: from })
    return aim(split, from + 1, program.length)
  }
  const forks: { at: number; split: { first: number; second: number } }[] = []
  for (let i = min; i < max; i++) {
    forks.push({ at: program.length, split: fork() })
    emit(of, program)
  }
  for (const { at, split } of forks) aim(split, at + 1, program.length)
}

interface Match {
  readonly start: number
  readonly end: number
}

/** The states a text can be in, in order of preference, each with the place where its match began. */
class States {
  readonly at: Int32Array
  readonly starts: Int32Array
  readonly #seen: Int32Array
  #round = 0
  count = 0

  constructor(size: number) {
    this.at = new Int32Array(size)
    this.starts = new Int32Array(size)
    this.#seen = new Int32Array(size)
  }

  clear(): void {
    this.count = 0
    this.#round++
  }

  /** False: it is there already. */
  mark(pc: number): boolean {
    if (this.#seen[pc] === this.#round) return false
    this.#seen[pc] = this.#round
    return true
  }

  push(pc: number, start: number): void {
    this.at[this.count] = pc
    this.starts[this.count++] = start
  }
}

class Machine {
  readonly #program: readonly Instruction[]
  #now: States
  #then: States
  #work = 0

  constructor(program: readonly Instruction[]) {
    this.#program = program
    this.#now = new States(program.length)
    this.#then = new States(program.length)
    this.#now.clear()
    this.#then.clear()
  }

  test(text: string): boolean {
    this.#work = 0
    return this.find(Array.from(text).map(codeOf), 0, true) !== null
  }

  /** The first match from `from` on, as JavaScript would find it. `any`: only whether there is one. */
  find(codes: readonly number[], from: number, any = false): Match | null {
    let found: Match | null = null
    this.#now.clear()
    for (let at = from; ; at++) {
      if (found === null) this.#follow(this.#now, 0, at, codes, at)
      this.#work += this.#now.count + 1
      if (this.#work > workMax) throw new TooMuchWork()
      if (this.#now.count === 0) {
        if (found !== null || at >= codes.length) return found
        this.#now.clear()
        continue
      }
      const hit = this.#step(codes, at)
      if (hit >= 0) found = { start: hit, end: at }
      if (at >= codes.length || (any && found !== null)) return found
      ;[this.#now, this.#then] = [this.#then, this.#now]
    }
  }

  /** Moves every state over one character. Answers where the match began that ends here, or -1. */
  #step(codes: readonly number[], at: number): number {
    const now = this.#now
    this.#then.clear()
    const code = at < codes.length ? codes[at]! : -1
    for (let i = 0; i < now.count; i++) {
      const instruction = this.#program[now.at[i]!]!
      // States after this one are less preferred: they are dropped.
      if (instruction.do === 'match') return now.starts[i]!
      if (instruction.do === 'char' && code >= 0 && isIn(instruction.ranges, code))
        this.#follow(this.#then, now.at[i]! + 1, now.starts[i]!, codes, at + 1)
    }
    return -1
  }

  /** Adds a state and everything it leads to without a character. */
  #follow(into: States, first: number, start: number, codes: readonly number[], at: number): void {
    const stack = [first]
    while (stack.length > 0) {
      const pc = stack.pop()!
      if (!into.mark(pc)) continue
      const instruction = this.#program[pc]!
      if (instruction.do === 'jump') stack.push(instruction.to)
      else if (instruction.do === 'split') stack.push(instruction.second, instruction.first)
      else if (instruction.do === 'char' || instruction.do === 'match') into.push(pc, start)
      else if (holds(instruction.do, codes, at)) stack.push(pc + 1)
    }
  }

  replaceAll(text: string, by: string): string {
    const chars = Array.from(text)
    const codes = chars.map(codeOf)
    this.#work = 0
    let out = ''
    let kept = 0
    for (let from = 0; from <= codes.length;) {
      const match = this.find(codes, from)
      if (match === null) break
      out += chars.slice(kept, match.start).join('') + by
      kept = match.end
      from = match.end > match.start ? match.end : match.end + 1
    }
    return out + chars.slice(kept).join('')
  }
}

function isIn(ranges: CharRanges, code: number): boolean {
  for (const [low, high] of ranges) if (code >= low && code <= high) return true
  return false
}

function holds(what: 'start' | 'end' | 'edge' | 'notEdge', codes: readonly number[], at: number): boolean {
  if (what === 'start') return at === 0
  if (what === 'end') return at === codes.length
  const before = at > 0 && isWordChar(codes[at - 1]!)
  const after = at < codes.length && isWordChar(codes[at]!)
  return (before !== after) === (what === 'edge')
}
