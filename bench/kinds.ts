// The kinds of import that are measured: from which state, with which file, against what.

/** A state all rounds of a kind start from. */
export interface Start {
  readonly name: 'empty' | 'imported' | 'stamped'
  /** The product's file and flags that lead there from an empty store, and the peer's parts; null: it is the empty store. */
  readonly from: {
    readonly file: FileName
    readonly flags: readonly string[]
    readonly parts: PartsName
  } | null
}

/** Files the product imports. */
export const fileNames = ['new', 'updated', 'daily', 'bad', 'as-of-new', 'as-of-updated'] as const
export type FileName = (typeof fileNames)[number]

/** Folders of parts the peer loads; `good` and `winning` are what must remain of `bad` and `as-of-updated`. */
export type PartsName = 'new' | 'updated' | 'daily' | 'good' | 'winning'

export interface Kind {
  readonly name: KindName
  readonly what: string
  readonly start: Start
  readonly file: FileName
  readonly flags: readonly string[]
  readonly peer: {
    /** Which of the peer's statements. */
    readonly statements: 'new' | 'unchanged' | 'updated'
    readonly parts: PartsName
    /** Whether it does the same work, so that its time may be compared; otherwise it only says what must come out. */
    readonly comparable: boolean
  }
}

export const kindNames = ['new', 'bad', 'unchanged', 'seen', 'updated', 'superseded'] as const
export type KindName = (typeof kindNames)[number]

const empty: Start = { name: 'empty', from: null }
// Told to leave out what was delivered, it keeps the hashes of its lines: `seen` needs them, the others do not look.
const skipSeen = ['--skip-seen', '--job', 'customers.csv']
const imported: Start = { name: 'imported', from: { file: 'new', flags: skipSeen, parts: 'new' } }
const asOf = ['--as-of', 'updated_at']
const stamped: Start = { name: 'stamped', from: { file: 'as-of-new', flags: asOf, parts: 'new' } }

/** In the order they are measured; kinds of one start stand together. */
export const kinds: readonly Kind[] = [
  {
    name: 'new',
    what: 'people nobody knew',
    start: empty,
    file: 'new',
    flags: [],
    peer: { statements: 'new', parts: 'new', comparable: true },
  },
  {
    name: 'bad',
    what: 'the same with 1 % bad rows',
    start: empty,
    file: 'bad',
    flags: [],
    peer: { statements: 'new', parts: 'good', comparable: false },
  },
  {
    name: 'unchanged',
    what: 'the same file again',
    start: imported,
    file: 'new',
    flags: ['--again'],
    peer: { statements: 'unchanged', parts: 'new', comparable: true },
  },
  {
    name: 'seen',
    what: 'the next day: 1 % of the lines changed, the others left out',
    start: imported,
    file: 'daily',
    flags: skipSeen,
    peer: { statements: 'updated', parts: 'daily', comparable: false },
  },
  {
    name: 'updated',
    what: 'the same people with other values',
    start: imported,
    file: 'updated',
    flags: [],
    peer: { statements: 'updated', parts: 'updated', comparable: true },
  },
  {
    name: 'superseded',
    what: 'other values, half of them older than what is there',
    start: stamped,
    file: 'as-of-updated',
    flags: asOf,
    peer: { statements: 'updated', parts: 'winning', comparable: false },
  },
]
