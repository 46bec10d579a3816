// A stamp says which record last asserted a value: (as-of, run, ordinal). The later stamp wins, whatever order things arrive in.

export interface Stamp {
  /** Microseconds since 1970 (UTC). A record's own timestamp, else the run's start. */
  readonly asOf: number
  readonly run: number
  readonly ordinal: number
}

/** The stamp of one attribute that differs from its profile's: as-of, run, ordinal; a fourth element 1 for "set if empty". */
export type StampEntry = readonly [number, number, number] | readonly [number, number, number, 1]

/** Stamps by attribute key, or `@kind id` for a single identifier. */
export type StampEntries = Readonly<Record<string, StampEntry>>

/** Negative: a is earlier. Zero only for the same record. */
export function compareStamps(a: Stamp, b: Stamp): number {
  return a.asOf - b.asOf || a.run - b.run || a.ordinal - b.ordinal
}

export function toEntry(stamp: Stamp, weak = false): StampEntry {
  return weak ? [stamp.asOf, stamp.run, stamp.ordinal, 1] : [stamp.asOf, stamp.run, stamp.ordinal]
}

export function compareEntry(entry: StampEntry, stamp: Stamp): number {
  return entry[0] - stamp.asOf || entry[1] - stamp.run || entry[2] - stamp.ordinal
}

export function isWeak(entry: StampEntry): boolean {
  return entry.length === 4
}

let cachedMicros = Number.NaN
let cachedText = ''

/** Microseconds since 1970 as PostgreSQL takes a timestamptz. Runs of equal stamps are the rule, so the last is kept. */
export function microsToTimestamp(micros: number): string {
  if (micros === cachedMicros) return cachedText
  const seconds = Math.floor(micros / 1e6)
  const fraction = String(micros - seconds * 1e6).padStart(6, '0')
  const iso = new Date(seconds * 1000).toISOString()
  cachedMicros = micros
  cachedText = `${iso.slice(0, 10)} ${iso.slice(11, 19)}.${fraction}+00`
  return cachedText
}

/** The same as ISO 8601: 2024-01-02T03:04:05.123456Z. */
export function microsToIso(micros: number): string {
  return microsToTimestamp(micros).replace(' ', 'T').replace('+00', 'Z')
}

let readText = ''
let readMicros = Number.NaN

/** The inverse: a timestamptz as PostgreSQL prints it in UTC, `2024-01-02 03:04:05.123456+00` (also BC and far years). */
export function timestampToMicros(text: string): number {
  if (text === readText) return readMicros
  const match = /^(\d+)-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d+))?\+00( BC)?$/.exec(text)
  if (match === null) throw new Error(`not a timestamp: ${text}`)
  const [, year, month, day, hour, minute, second, fraction = '', bc] = match
  const at = new Date(0)
  at.setUTCFullYear(bc === undefined ? Number(year) : 1 - Number(year), Number(month) - 1, Number(day))
  at.setUTCHours(Number(hour), Number(minute), Number(second))
  readText = text
  readMicros = at.getTime() * 1000 + Number(fraction.padEnd(6, '0'))
  return readMicros
}
