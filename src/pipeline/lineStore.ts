// The hashes of a run's lines beside its landing: 16 bytes a record, in the order of the file. A cache: the landing has
// the lines themselves.
import type { BlobStore } from '../blobs/store.ts'
import { hashWords, type HashTable, type LineHasher } from '../core/lineHash.ts'

/** The number is the edition of the hash: another edition makes other files. */
export const linesKey = (namespaceId: number, run: number): string => `runs/${namespaceId}/${run}/lines1`

const hashBytes = hashWords * 4
const blockWords = 1 << 16
/** Blocks that may wait for the disk. */
const waitingMax = 8

/** Takes the hash of each record while a file is read and writes them behind it. */
export class LineSink {
  #block = new Int32Array(blockWords)
  #filled = 0
  #ordinal = 0
  #ended = false
  #failed: Error | null = null
  readonly #full: Uint8Array[] = []
  #wake = Promise.withResolvers<void>()
  #room = Promise.withResolvers<void>()
  readonly #written: Promise<unknown>

  constructor(store: BlobStore, key: string) {
    this.#written = store.write(key, this.#content())
    this.#written.catch((error: Error) => {
      this.#failed ??= error
      this.#room.resolve()
    })
  }

  /** In order. Ordinals that are left out have no line to compare: four zeros. */
  put(ordinal: number, { a, b, c, d }: LineHasher): void {
    for (let left = ordinal - this.#ordinal - 1; left > 0; left--) this.#push(0, 0, 0, 0)
    this.#push(a, b, c, d)
    this.#ordinal = ordinal
  }

  #push(a: number, b: number, c: number, d: number): void {
    const at = this.#filled
    this.#block[at] = a
    this.#block[at + 1] = b
    this.#block[at + 2] = c
    this.#block[at + 3] = d
    this.#filled = at + hashWords
    if (this.#filled === blockWords) this.#handOver()
  }

  #handOver(): void {
    this.#full.push(new Uint8Array(this.#block.buffer, 0, this.#filled * 4))
    this.#block = new Int32Array(blockWords)
    this.#filled = 0
    this.#wake.resolve()
  }

  async *#content(): AsyncGenerator<Uint8Array> {
    for (;;) {
      for (let block = this.#full.shift(); block !== undefined; block = this.#full.shift()) {
        yield block
        this.#room.resolve()
      }
      if (this.#failed !== null) throw this.#failed
      if (this.#ended) return
      this.#wake = Promise.withResolvers()
      await this.#wake.promise
    }
  }

  /** Waits while the disk is behind; throws what kept it from writing. */
  async drained(): Promise<void> {
    while (this.#full.length > waitingMax && this.#failed === null) {
      this.#room = Promise.withResolvers()
      await this.#room.promise
    }
    if (this.#failed !== null) throw this.#failed
  }

  /** Everything is there: answers when it is kept. */
  async end(): Promise<void> {
    this.#handOver()
    this.#ended = true
    await this.#written
  }

  /** Nothing is kept. */
  async abandon(reason: Error): Promise<void> {
    this.#failed ??= reason
    this.#wake.resolve()
    await this.#written.catch(() => {})
  }
}

/** How many lines are kept under a key; 0: none. */
export async function linesKept(store: BlobStore, key: string): Promise<number> {
  return Math.floor(((await store.size(key)) ?? 0) / hashBytes)
}

/** Calls back for every line that has a hash, in order. */
export async function eachLine(
  store: BlobStore,
  key: string,
  take: (ordinal: number, a: number, b: number, c: number, d: number) => void,
  signal?: AbortSignal,
): Promise<void> {
  let ordinal = 0
  for await (const block of store.stream(key, signal)) {
    const words = new Int32Array(block.buffer, block.byteOffset, Math.floor(block.length / 4))
    for (let at = 0; at + 3 < words.length; at += hashWords) {
      ordinal++
      const a = words[at]!
      const b = words[at + 1]!
      const c = words[at + 2]!
      const d = words[at + 3]!
      if ((a | b | c | d) !== 0) take(ordinal, a, b, c, d)
    }
  }
}

/** The hashes of a run are dealt into slices by their first word, so that a table never holds more than it has room for. */
export interface Slice {
  readonly number: number
  readonly of: number
}

/** Whether a hash belongs to the slice. */
export function inSlice(a: number, { number, of }: Slice): boolean {
  return of === 1 || (a >>> 0) % of === number
}

/** Adds the lines of a slice that count to the table. */
export function loadLines(
  store: BlobStore,
  key: string,
  table: HashTable,
  slice: Slice,
  counts: (ordinal: number) => boolean,
  signal?: AbortSignal,
): Promise<void> {
  return eachLine(
    store,
    key,
    (ordinal, a, b, c, d) => {
      if (inSlice(a, slice) && counts(ordinal)) table.add(a, b, c, d)
    },
    signal,
  )
}
