// Holds what packed lists of numbers claim against what they may be, before anyone makes room for it.
import { failure } from '../../../core/problems.ts'

/**
 * Runs of equal and of packed numbers (the RLE hybrid of Parquet) that stand for `count` numbers of `width` bits.
 * Throws `container.bomb` where a run claims more: four bytes can claim a thousand million.
 */
export function checkRuns(bytes: Uint8Array, width: number, count: number): void {
  let at = 0
  let seen = 0
  while (seen < count && at < bytes.length) {
    const { value, next } = varint(bytes, at)
    const packed = (value & 1) === 1
    const run = value >>> 1
    seen += packed ? run * 8 : run
    at = next + (packed ? run * width : Math.ceil(width / 8))
    // Packed numbers come eight at a time, so that the last ones may be more.
    if (seen > count + (packed ? 7 : 0)) throw claims(`a run of it claims ${run} values`)
  }
}

/**
 * Texts that each begin like the one before: `values` has how much of it they share. Throws `container.bomb` where
 * they come to more than `limit` bytes together.
 */
export function checkPrefixes(values: Uint8Array, count: number, limit: number): void {
  let total = values.length
  for (const shared of deltas(values, count)) {
    total += Math.max(0, shared)
    if (total > limit) throw claims(`the texts of a page come to more than ${limit} bytes`)
  }
}

/** Numbers as differences, packed in blocks (DELTA_BINARY_PACKED). */
function* deltas(bytes: Uint8Array, count: number): Generator<number> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const blockSize = varint(bytes, 0)
  const minis = varint(bytes, blockSize.next)
  const first = zigzag(bytes, varint(bytes, minis.next).next)
  const perMini = Math.max(1, Math.floor(blockSize.value / Math.max(1, minis.value)))
  let { next: at } = first
  let value = first.value
  let left = count - 1
  if (count > 0) yield value
  while (left > 0 && at < bytes.length) {
    const least = zigzag(bytes, at)
    const widths = least.next
    at = widths + minis.value
    for (let mini = 0; mini < minis.value && left > 0; mini++) {
      const width = bytes[widths + mini] ?? 0
      for (let i = 0; i < perMini && left > 0; i++, left--) {
        value += least.value + bitsAt(view, at * 8 + i * width, width)
        yield value
      }
      at += Math.ceil((perMini * width) / 8)
    }
  }
}

function bitsAt(view: DataView, bit: number, width: number): number {
  let value = 0
  for (let i = 0; i < width; i++) {
    const place = bit + i
    if (place >> 3 >= view.byteLength) return value
    if ((view.getUint8(place >> 3) >> (place & 7)) & 1) value += 2 ** i
  }
  return value
}

function varint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0
  let at = from
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = bytes[at++]
    if (byte === undefined) break
    value += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) break
  }
  return { value: value >>> 0, next: at }
}

function zigzag(bytes: Uint8Array, from: number): { value: number; next: number } {
  const { value, next } = varint(bytes, from)
  return { value: value % 2 === 0 ? value / 2 : -(value + 1) / 2, next }
}

function claims(detail: string): Error {
  return failure('container.bomb', { kind: 'Parquet', detail })
}
