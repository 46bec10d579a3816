// Sets of small numbers as bits: which records of a batch, or of a file, are meant.

/** A set with room for the numbers from 0 to `size` − 1. */
export function emptyBits(size: number): Uint8Array {
  return new Uint8Array((size + 7) >> 3)
}

export function setBit(bits: Uint8Array, at: number): void {
  bits[at >> 3]! |= 1 << (at & 7)
}

/** False also beyond the end. */
export function hasBit(bits: Uint8Array, at: number): boolean {
  return ((bits[at >> 3] ?? 0) & (1 << (at & 7))) !== 0
}

/** The runs of numbers that are in the set, ascending, both ends included. */
export function bitRanges(bits: Uint8Array, size: number): [first: number, last: number][] {
  const ranges: [number, number][] = []
  for (let at = 0; at < size; at++) {
    if (!hasBit(bits, at)) continue
    const first = at
    while (at + 1 < size && hasBit(bits, at + 1)) at++
    ranges.push([first, at])
  }
  return ranges
}
