// Looks at the beginning of a stream without taking it away.

export interface Peeked {
  readonly sample: Uint8Array
  /** The sample is everything there is. */
  readonly whole: boolean
  /** The stream from its beginning. */
  readonly content: AsyncIterable<Uint8Array>
  /** For those who do not iterate `content`. */
  readonly close: () => Promise<void>
}

/** Reads at least `bytes` bytes, if there are so many. Iterating `content` closes the source in the end. */
export async function peek(source: AsyncIterable<Uint8Array>, bytes = 1 << 18): Promise<Peeked> {
  const iterator = source[Symbol.asyncIterator]()
  const blocks: Uint8Array[] = []
  let held = 0
  let whole = false
  while (held <= bytes && !whole) {
    const step = await iterator.next()
    if (step.done === true) whole = true
    else {
      blocks.push(step.value)
      held += step.value.length
    }
  }
  const close = async (): Promise<void> => void (await iterator.return?.())
  return { sample: Buffer.concat(blocks), whole, content: joined(blocks, iterator), close }
}

async function* joined(blocks: Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    for (let block = blocks.shift(); block !== undefined; block = blocks.shift()) yield block
    for (let step = await rest.next(); step.done !== true; step = await rest.next()) yield step.value
  } finally {
    await rest.return?.()
  }
}
