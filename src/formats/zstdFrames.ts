// Cuts a zstd stream where its frames end (RFC 8878, section 3.1).
// Node's decompressor stops at the first frame's end and drops what follows in the same block without a word.
import { failure } from '../core/problems.ts'

const frameMagic = 0xfd2fb528
const skippableMagic = 0x184d2a5

/** What the next bytes are; each step takes a known number of them. */
type Step = 'magic' | 'descriptor' | 'header' | 'block' | 'content' | 'checksum' | 'skipSize' | 'skip'

class FrameWalk {
  private step: Step = 'magic'
  private need = 4
  private value = 0
  private shift = 0
  private lastBlock = false
  private hasChecksum = false

  /** Between two frames. */
  get idle(): boolean {
    return this.step === 'magic' && this.shift === 0
  }

  /** Goes on from `at` to the end of the frame or of the bytes. */
  pass(bytes: Uint8Array, at: number): number {
    let i = at
    do {
      const taken = Math.min(this.need, bytes.length - i)
      if (this.step !== 'content' && this.step !== 'skip') this.collect(bytes, i, taken)
      i += taken
      this.need -= taken
      // A step may need no bytes at all: an empty block, no checksum.
      while (this.need === 0) {
        this.advance()
        if (this.idle) return i
      }
    } while (i < bytes.length)
    return i
  }

  private collect(bytes: Uint8Array, from: number, count: number): void {
    for (let k = 0; k < count; k++) {
      if (this.shift < 32) this.value += bytes[from + k]! * 2 ** this.shift
      this.shift += 8
    }
  }

  private advance(): void {
    const { value, step } = this
    this.value = 0
    this.shift = 0
    switch (step) {
      case 'magic':
        return this.begin(value)
      case 'descriptor':
        return this.header(value)
      case 'header':
        return this.to('block', 3)
      case 'block':
        this.lastBlock = (value & 1) === 1
        // A run of one byte is written as that byte.
        return this.to('content', ((value >> 1) & 3) === 1 ? 1 : value >> 3)
      case 'content':
        return this.lastBlock ? this.to('checksum', this.hasChecksum ? 4 : 0) : this.to('block', 3)
      case 'skipSize':
        return this.to('skip', value)
      case 'checksum':
      case 'skip':
        return this.to('magic', 4)
    }
  }

  private to(step: Step, need: number): void {
    this.step = step
    this.need = need
  }

  private begin(magic: number): void {
    if (magic === frameMagic) this.to('descriptor', 1)
    else if (Math.floor(magic / 16) === skippableMagic) this.to('skipSize', 4)
    else throw damaged('what follows a frame is no other frame')
  }

  private header(descriptor: number): void {
    const single = (descriptor >> 5) & 1
    const sizeFlag = descriptor >> 6
    this.hasChecksum = ((descriptor >> 2) & 1) === 1
    const dictionary = [0, 1, 2, 4][descriptor & 3]!
    const size = sizeFlag === 0 ? single : 2 ** sizeFlag
    this.to('header', (single === 1 ? 0 : 1) + dictionary + size)
  }
}

function damaged(detail: string): Error {
  return failure('file.compression_damaged', { compression: 'zstd', detail })
}

/** The same bytes in blocks that never reach over the end of a frame. Throws `file.compression_damaged`. */
export async function* zstdFrames(file: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const walk = new FrameWalk()
  for await (const block of file) {
    for (let at = 0; at < block.length;) {
      const end = walk.pass(block, at)
      yield block.subarray(at, end)
      at = end
    }
  }
  if (!walk.idle) throw damaged('it is cut off')
}
