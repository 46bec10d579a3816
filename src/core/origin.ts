// Where a retried or corrected record goes back to: its first appearance, whose stamp it keeps, and the row it retries.
import { recordName } from './names.ts'

/** A record by its run and its place there. */
export interface RecordKey {
  readonly run: number
  readonly ordinal: number
}

/** The first appearance of a record; whatever retries it plans with that stamp (design section 5). */
export interface Origin extends RecordKey {
  /** The as-of of the first run, in microseconds; a timestamp of the record's own goes before it. */
  readonly asOf: number
  /** The row that is retried: the newest one of the record when this was decided. */
  readonly from: RecordKey
}

/** r1042/17 → its run and ordinal; undefined for anything else. */
export function parseRecordName(text: string): RecordKey | undefined {
  const match = /^r(\d{1,15})\/(\d{1,15})$/.exec(text)
  return match === null ? undefined : { run: Number(match[1]), ordinal: Number(match[2]) }
}

/** As the ledger's `origin` keeps it: r1042/17, the first appearance. */
export function originName({ run, ordinal }: Origin): string {
  return recordName(run, ordinal)
}

/** In a line of a prepared batch; `decodeOrigin` reads it back. */
export function encodeOrigin({ run, ordinal, asOf, from }: Origin): string {
  return `${run},${ordinal},${asOf},${from.run},${from.ordinal}`
}

export function decodeOrigin(text: string): Origin {
  const [run = 0, ordinal = 0, asOf = 0, fromRun = 0, fromOrdinal = 0] = text.split(',').map(Number)
  return { run, ordinal, asOf, from: { run: fromRun, ordinal: fromOrdinal } }
}
