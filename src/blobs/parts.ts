// A stream cut into blobs of a size: each is safe on its own, so a writer that dies loses the last one at most.
import type { BlobStore } from './store.ts'

/** Where the parts of an upload lie; dropping a namespace takes its folder. */
export function partsFolder(namespace: string, upload: string): string {
  return `landings/${namespace}/parts/${upload}`
}

export interface WrittenPart {
  readonly key: string
  readonly bytes: number
}

export interface CutOrder {
  /** The key of the next part. */
  readonly key: () => string
  /** Most bytes of one part. */
  readonly partBytes: number
  /** No more than this is read. */
  readonly bytes: number
  /** Ends the stream where it is, also while nothing comes. */
  readonly signal: AbortSignal
}

/**
 * Writes a stream part by part and yields each when it is safe. A stream that breaks off ends there: what had come
 * until then is written. Throws `storage_full`.
 */
export async function* writeParts(
  store: BlobStore,
  source: AsyncIterable<Uint8Array>,
  { key, partBytes, bytes, signal }: CutOrder,
): AsyncGenerator<WrittenPart> {
  const cut = new Cut(source[Symbol.asyncIterator](), signal)
  try {
    for (let left = bytes; left > 0 && !cut.ended;) {
      const name = key()
      const written = await store.write(name, cut.take(Math.min(partBytes, left)))
      if (written === 0) {
        await store.remove(name)
        return
      }
      left -= written
      yield { key: name, bytes: written }
    }
  } finally {
    await cut.close()
  }
}

/** The parts one after the other, as one stream. */
export async function* readParts(store: BlobStore, keys: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const key of keys) yield* store.stream(key)
}

/** Gives out a stream in pieces of a size; blocks are cut where they cross a border. */
class Cut {
  readonly #source: AsyncIterator<Uint8Array>
  readonly #signal: AbortSignal
  readonly #stopped: Promise<null>
  #rest: Uint8Array | null = null
  ended = false

  constructor(source: AsyncIterator<Uint8Array>, signal: AbortSignal) {
    this.#source = source
    this.#signal = signal
    this.#stopped = new Promise((resolve) => {
      if (signal.aborted) resolve(null)
      signal.addEventListener('abort', () => resolve(null), { once: true })
    })
  }

  async *take(bytes: number): AsyncGenerator<Uint8Array> {
    for (let left = bytes; left > 0;) {
      const block = this.#rest ?? (await this.#next())
      if (block === null) return
      this.#rest = block.length > left ? block.subarray(left) : null
      yield block.subarray(0, left)
      left -= Math.min(left, block.length)
    }
  }

  async close(): Promise<void> {
    const closed = this.#source.return?.()
    // A source that sends nothing any more would be waited for without end.
    if (this.#signal.aborted) closed?.catch(() => {})
    else await closed
  }

  async #next(): Promise<Uint8Array | null> {
    try {
      const step = await Promise.race([this.#source.next(), this.#stopped])
      if (step !== null && step.done !== true) return step.value
    } catch {
      // The caller is gone: what has come is worth keeping.
    }
    this.ended = true
    return null
  }
}
