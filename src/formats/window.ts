// A movable view of a long byte stream: what has come and is not yet read, as units a scanner can index.
import type { Codec } from './encoding.ts'

/** Units are bytes, or 16-bit numbers for UTF-16 (in the machine's order whatever the file's). */
export type Units = Uint8Array | Uint16Array

export class Window {
  units: Units
  /** First unit not yet consumed. */
  start = 0
  /** Number of units filled. */
  end = 0
  private memory: Buffer
  private filled = 0
  private origin: number
  private readonly codec: Codec
  private validTo = -1

  constructor(codec: Codec, offset: number, capacity = 1 << 12) {
    this.codec = codec
    this.origin = offset
    this.memory = Buffer.alloc(capacity)
    this.units = this.view()
  }

  /** The bytes behind the units (16-bit ones in the machine's order); the next block may overwrite them. */
  get bytes(): Uint8Array {
    return this.memory
  }

  /** Byte offset in the content of a unit. */
  offsetOf(unit: number): number {
    return this.origin + unit * this.codec.width
  }

  /** Bytes held that are not consumed: half a UTF-16 unit at the end included. */
  get pending(): number {
    return this.filled - this.start * this.codec.width
  }

  append(block: Uint8Array): void {
    this.compact(block.length)
    this.memory.set(block, this.filled)
    const whole = this.end
    this.filled += block.length
    this.end = Math.floor(this.filled / this.codec.width)
    this.validTo = -1
    if (this.codec.bigEndian) this.memory.subarray(whole * 2, this.end * 2).swap16()
  }

  /** The bytes as they are in the file (a copy). */
  raw(from: number, to: number): Uint8Array {
    const { width, bigEndian } = this.codec
    const bytes = Buffer.from(this.memory.subarray(from * width, to * width))
    return bigEndian ? bytes.swap16() : bytes
  }

  /** Half a unit at the very end, which no encoding has. */
  leftover(): Uint8Array {
    return Buffer.from(this.memory.subarray(this.end * this.codec.width, this.filled))
  }

  /** The window's units one to one as characters: right where every unit stands for itself. */
  text(): string {
    return this.codec.width === 1
      ? this.memory.toString('latin1', 0, this.end)
      : this.memory.toString('utf16le', 0, this.end * 2)
  }

  /** Text of some units by the encoding; null where they are not valid. */
  decode(from: number, to: number): string | null {
    if (this.codec.name === 'utf-8' && this.wholeIsValid()) return this.memory.toString('utf8', from, to)
    if (this.codec.width === 1) return this.codec.decode(this.memory.subarray(from, to))
    const text = this.memory.toString('utf16le', from * 2, to * 2)
    return text.isWellFormed() ? text : null
  }

  /** Checked once per fill: a check per cell costs more than all the rest of reading it. */
  private wholeIsValid(): boolean {
    if (this.validTo < 0) {
      const to = endOfCharacters(this.memory, this.start, this.end)
      this.validTo = this.codec.decode(this.memory.subarray(this.start, to)) === null ? 0 : 1
    }
    return this.validTo === 1
  }

  private compact(room: number): void {
    const from = this.start * this.codec.width
    const kept = this.filled - from
    if (kept + room > this.memory.length) {
      const larger = Buffer.alloc(Math.max(kept + room, this.memory.length * 2))
      larger.set(this.memory.subarray(from, this.filled))
      this.memory = larger
      this.units = this.view()
    } else if (from > 0) this.memory.copyWithin(0, from, this.filled)
    this.origin += from
    this.filled = kept
    this.start = 0
    this.end = Math.floor(kept / this.codec.width)
  }

  private view(): Units {
    const { buffer, byteOffset, length } = this.memory
    return this.codec.width === 1 ? this.memory : new Uint16Array(buffer, byteOffset, length >> 1)
  }
}

/** Leaves out a UTF-8 character that the end of the window cuts in two. */
function endOfCharacters(bytes: Uint8Array, start: number, end: number): number {
  for (let i = end - 1; i >= start && i >= end - 4; i--) {
    const byte = bytes[i]!
    if (byte < 0x80) return end
    if (byte >= 0xc0) {
      const length = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2
      return i + length > end ? i : end
    }
  }
  return end
}
