// Counts and hashes a stream while somebody else reads it.
import { createHash } from 'node:crypto'

export interface Digest {
  /** SHA-256, lower-case hexadecimal. */
  readonly sha256: string
  readonly bytes: number
}

export interface Digested {
  /** The same bytes; to be read once. */
  readonly content: AsyncIterable<Uint8Array>
  /** What went past; complete when `content` was read to its end. */
  digest(): Digest
}

/** Lets the bytes pass and remembers their digest: wrap the incoming stream before it is inflated. */
export function digesting(source: AsyncIterable<Uint8Array>): Digested {
  const hash = createHash('sha256')
  let bytes = 0
  async function* pass(): AsyncGenerator<Uint8Array> {
    for await (const block of source) {
      hash.update(block)
      bytes += block.length
      yield block
    }
  }
  return { content: pass(), digest: () => ({ sha256: hash.copy().digest('hex'), bytes }) }
}
