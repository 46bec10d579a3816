// Keyed 128-bit hashes of lines: whether a line was delivered before is asked of these, never of the lines themselves.

/** Four 32-bit words of a secret. */
export type LineKey = readonly [number, number, number, number]

/** Words of one hash. */
export const hashWords = 4

/** The key in the 32 hexadecimal digits of a UUID. */
export function lineKeyOf(uuid: string): LineKey {
  const digits = uuid.replaceAll('-', '')
  const word = (i: number): number => Number.parseInt(digits.slice(i * 8, i * 8 + 8), 16) | 0
  return [word(0), word(1), word(2), word(3)]
}

/**
 * Hashes one line at a time; the words of the result are in its fields, which the next line overwrites.
 *
 * The mixing is the round of HalfSipHash (Aumasson and Bernstein), once a word and four times at the end, and all four
 * words of the state are the result: additions, rotations and exclusive-ors of 32 bits are what JavaScript is fast at.
 * Two lines that meet would lose one of them silently. Among n lines held against m, that happens with a probability of
 * n × m ÷ 2^128: for ten million against ten million, 3 in 10^25. Nobody outside can search for such lines, because
 * the key is secret and the hashes are never shown.
 */
export class LineHasher {
  a = 0
  b = 0
  c = 0
  d = 0
  readonly #key: LineKey

  constructor(key: LineKey) {
    this.#key = key
  }

  hash(bytes: Uint8Array, from: number, to: number): void {
    let a = this.#key[0]
    let b = this.#key[1]
    let c = this.#key[2]
    let d = this.#key[3]
    let at = from
    for (const whole = from + ((to - from) & ~3); at < whole; at += 4) {
      const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24)
      d ^= word
      a = (a + b) | 0
      b = ((b << 5) | (b >>> 27)) ^ a
      a = (a << 16) | (a >>> 16)
      c = (c + d) | 0
      d = ((d << 8) | (d >>> 24)) ^ c
      a = (a + d) | 0
      d = ((d << 7) | (d >>> 25)) ^ a
      c = (c + b) | 0
      b = ((b << 13) | (b >>> 19)) ^ c
      c = (c << 16) | (c >>> 16)
      a ^= word
    }
    let last = (to - from) << 24
    for (let shift = 0; at < to; at++, shift += 8) last |= bytes[at]! << shift
    d ^= last
    for (let round = 0; round < 5; round++) {
      // After the last word, a constant tells the end from more words.
      if (round === 1) {
        a ^= last
        c ^= 0xff
      }
      a = (a + b) | 0
      b = ((b << 5) | (b >>> 27)) ^ a
      a = (a << 16) | (a >>> 16)
      c = (c + d) | 0
      d = ((d << 8) | (d >>> 24)) ^ c
      a = (a + d) | 0
      d = ((d << 7) | (d >>> 25)) ^ a
      c = (c + b) | 0
      b = ((b << 13) | (b >>> 19)) ^ c
      c = (c << 16) | (c >>> 16)
    }
    this.a = a
    this.b = b
    this.c = c
    this.d = d
  }
}

/** A set of hashes of fixed room: open addressing over one block of words, so a million take 24 MB and no objects. */
export class HashTable {
  readonly #words: Int32Array
  /** Place of an entry plus one; 0: empty. */
  readonly #slots: Int32Array
  readonly #mask: number
  readonly #room: number
  #count = 0

  /** `room`: how many hashes fit; more are not taken. */
  constructor(room: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(room, 1) * 1.5))
    this.#room = room
    this.#words = new Int32Array(room * hashWords)
    this.#slots = new Int32Array(slots)
    this.#mask = slots - 1
  }

  get count(): number {
    return this.#count
  }

  add(a: number, b: number, c: number, d: number): void {
    const slot = this.#find(a, b, c, d)
    if (this.#slots[slot] !== 0 || this.#count === this.#room) return
    const at = this.#count * hashWords
    this.#words[at] = a
    this.#words[at + 1] = b
    this.#words[at + 2] = c
    this.#words[at + 3] = d
    this.#slots[slot] = ++this.#count
  }

  has(a: number, b: number, c: number, d: number): boolean {
    return this.#slots[this.#find(a, b, c, d)] !== 0
  }

  /** The slot that holds this hash, or the empty one where it belongs. */
  #find(a: number, b: number, c: number, d: number): number {
    const words = this.#words
    for (let slot = b & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const entry = this.#slots[slot]!
      if (entry === 0) return slot
      const at = (entry - 1) * hashWords
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d) return slot
    }
  }
}
