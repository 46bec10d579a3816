// The data profile of a file: per column what is filled, how different, of which type, and what is odd. One pass, flat memory.
import {
  candidateTests,
  candidateTypes,
  narrower,
  newWritingFacts,
  type CandidateTest,
  type CandidateType,
  type WritingFacts,
} from './candidates.ts'
import type { RawRecord } from './dialect.ts'
import { distinctCounter, type DistinctCounter } from './distinct.ts'

/** A value and where it stands. */
export interface Sighting {
  readonly line: number
  readonly value: string
}

/** How well a type fits a column. */
export interface TypeFit {
  readonly type: CandidateType
  /** Values tested and fitting. A type that failed on the first values is not tested further. */
  readonly tested: number
  readonly fits: number
  /** `fits / tested`, 0 to 1. */
  readonly share: number
  /** The first value that does not fit. */
  readonly counter: Sighting | null
}

export interface ColumnReport {
  readonly column: string
  readonly records: number
  readonly filled: number
  /** `filled / records`, 0 to 1. */
  readonly fillRate: number
  readonly distinct: number
  readonly distinctExact: boolean
  /** Longest value in characters (UTF-16 units). */
  readonly longest: number
  /** The first different values (BS-D11). */
  readonly examples: readonly string[]
  /** Best first; candidates that fit nothing are left out. */
  readonly types: readonly TypeFit[]
  readonly writing: Readonly<WritingFacts>
  /** Numbers such as 00123: a zip code, an id; they stay text. */
  readonly leadingZeros: number
  /** Values such as 1.23E+12: digits a spreadsheet has cut. */
  readonly scientific: number
  readonly firstScientific: Sighting | null
  /** Values among the first that another one equals but for capitals. */
  readonly caseVariants: number
}

export interface ColumnProfile {
  add(record: RawRecord): void
  report(): ColumnReport[]
}

interface Candidate {
  readonly type: CandidateType
  readonly test: CandidateTest
  tested: number
  fits: number
  counter: Sighting | null
  /** Whether the last value fitted. */
  last: boolean
  live: boolean
  readonly narrower: Candidate | null
}

interface ColumnState {
  records: number
  filled: number
  longest: number
  leadingZeros: number
  scientific: number
  firstScientific: Sighting | null
  caseVariants: number
  readonly distinct: DistinctCounter
  readonly examples: string[]
  readonly writing: WritingFacts
  readonly lower: Map<string, string>
  candidates: Candidate[]
  live: Candidate[]
}

const examplesMax = 10
const exampleLength = 120
/** Filled values after which a column's types have settled: from then on only types that may still win are tested. */
const settleAfter = 2_000
/** A type below this share of the first values is not looked at again. */
const settleShare = 0.5

/** `columns` may grow while records come (JSON); `country` is that of phone numbers without a code. */
export function createColumnProfile(
  columns: readonly string[],
  options: { country?: string } = {},
): ColumnProfile {
  const tests = candidateTests(options.country)
  const states: ColumnState[] = []
  let records = 0
  const stateOf = (i: number): ColumnState => (states[i] ??= newState(tests, records))
  return {
    add(record) {
      const { cells } = record
      if (cells === null) return
      records++
      for (let i = 0; i < cells.length; i++) observe(states[i] ?? stateOf(i), cells[i] ?? null, record.line)
    },
    report: () => columns.map((column, i) => reportOf(column, stateOf(i), records)),
  }
}

function newState(tests: Readonly<Record<CandidateType, CandidateTest>>, records: number): ColumnState {
  const candidates: Candidate[] = []
  for (const type of candidateTypes) {
    const within = candidates.find((c) => c.type === narrower[type]) ?? null
    candidates.push({
      type,
      test: tests[type],
      tested: 0,
      fits: 0,
      counter: null,
      last: false,
      live: true,
      narrower: within,
    })
  }
  return {
    records,
    filled: 0,
    longest: 0,
    leadingZeros: 0,
    scientific: 0,
    firstScientific: null,
    caseVariants: 0,
    distinct: distinctCounter(),
    examples: [],
    writing: newWritingFacts(),
    lower: new Map(),
    candidates,
    live: candidates,
  }
}

function observe(state: ColumnState, cell: string | null, line: number): void {
  const text = cell?.trim() ?? ''
  if (text === '') return
  state.filled++
  if (text.length > state.longest) state.longest = text.length
  state.distinct.add(text)
  if (state.filled <= settleAfter) observeEarly(state, text)
  observeDigits(state, text, line)
  for (const candidate of state.live) judge(candidate, text, line, state.writing)
  if (state.filled === settleAfter) settle(state)
}

function judge(candidate: Candidate, text: string, line: number, writing: WritingFacts): void {
  candidate.tested++
  const narrow = candidate.narrower
  candidate.last = (narrow !== null && narrow.live && narrow.last) || candidate.test(text, writing)
  if (candidate.last) candidate.fits++
  else candidate.counter ??= { line, value: text.slice(0, exampleLength) }
}

function observeEarly(state: ColumnState, text: string): void {
  const cut = text.slice(0, exampleLength)
  if (state.examples.length < examplesMax && !state.examples.includes(cut)) state.examples.push(cut)
  const lower = cut.toLowerCase()
  const before = state.lower.get(lower)
  if (before === undefined) state.lower.set(lower, cut)
  else if (before !== cut) state.caseVariants++
}

const scientific = /^[+-]?\d(?:[.,]\d+)?[eE]\+\d{1,3}$/

function observeDigits(state: ColumnState, text: string, line: number): void {
  const first = text.charCodeAt(0)
  if (first > 0x39 || first < 0x2b) return
  if (first === 0x30 && text.length > 1 && /^0\d+$/.test(text)) state.leadingZeros++
  if (text.length < 5 || !scientific.test(text)) return
  state.scientific++
  state.firstScientific ??= { line, value: text }
}

/**
 * Keeps the types that fitted half of the first values. A column of numbers or days is looked at as a phone number
 * no longer, unless country codes were seen.
 */
function settle(state: ColumnState): void {
  state.lower.clear()
  const lives = state.candidates.filter((c) => c.fits >= c.tested * settleShare)
  const digits = lives.some((c) => c.type === 'number' || c.type === 'date')
  const phones = !digits || state.writing.internationalPhones > 0
  for (const c of state.candidates) c.live = lives.includes(c) && (c.type !== 'phone' || phones)
  state.live = state.candidates.filter((c) => c.live)
}

function reportOf(column: string, state: ColumnState, records: number): ColumnReport {
  const { count, exact } = state.distinct.count()
  return {
    column,
    records,
    filled: state.filled,
    fillRate: records === 0 ? 0 : state.filled / records,
    distinct: count,
    distinctExact: exact,
    longest: state.longest,
    examples: [...state.examples],
    types: state.candidates
      .filter((c) => c.fits > 0)
      .map(({ type, tested, fits, counter }) => ({ type, tested, fits, share: fits / tested, counter }))
      .sort((a, b) => b.share - a.share),
    writing: structuredClone(state.writing),
    leadingZeros: state.leadingZeros,
    scientific: state.scientific,
    firstScientific: state.firstScientific,
    caseVariants: state.caseVariants,
  }
}
