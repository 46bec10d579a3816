// A selection of records to retry, as bytes: entries of one size, so that a batch finds its own without reading the rest.
import type { Origin } from './origin.ts'

export interface Selected {
  /** Its place in the landing it is read from. */
  readonly source: number
  readonly origin: Origin
}

const numbers = 6

/** Bytes of one entry. */
export const selectedBytes = numbers * 8

/** Entries in the order of the landing they are read from. */
export function encodeSelected(entries: readonly Selected[]): Uint8Array {
  const cells = new Float64Array(entries.length * numbers)
  entries.forEach(({ source, origin: { run, ordinal, asOf, from } }, i) =>
    cells.set([source, run, ordinal, asOf, from.run, from.ordinal], i * numbers),
  )
  return new Uint8Array(cells.buffer)
}

export function decodeSelected(bytes: Uint8Array): Selected[] {
  // A copy: the bytes may begin anywhere in their buffer.
  const cells = new Float64Array(bytes.slice().buffer)
  const entries: Selected[] = []
  for (let at = 0; at + numbers <= cells.length; at += numbers) {
    const [source = 0, run = 0, ordinal = 0, asOf = 0, fromRun = 0, fromOrdinal = 0] = cells.subarray(
      at,
      at + numbers,
    )
    entries.push({ source, origin: { run, ordinal, asOf, from: { run: fromRun, ordinal: fromOrdinal } } })
  }
  return entries
}
