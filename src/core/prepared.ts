// A record ready for planning: mapped, checked, and its attributes already in COPY form, so that writing it is joining strings.
import { hasBit } from './bits.ts'
import { copyNull, fromCopy, toCopy } from './copyText.ts'
import type { MappedRecord } from './mapped.ts'
import { decodeOrigin, encodeOrigin, type Origin } from './origin.ts'
import type { Problem } from './problem.ts'
import type { RecordStage, Skipped } from './record.ts'

/** Where a record stands in its landing: physical line, byte offset, byte length. */
export type Place = readonly [line: number, offset: number, length: number]

/** Why a record failed, as the ledger keeps it. */
export interface RecordProblem extends Problem {
  readonly stage: RecordStage
  readonly at: Place
}

export interface PreparedRecord {
  readonly ordinal: number
  readonly at: Place
  readonly failed: RecordProblem | null
  /** Left out by a rule before planning: it asserts nothing. `failed` goes before it. */
  readonly skipped: Skipped | null
  /** Set for a retried or corrected record: it plans with the stamp of its first appearance. */
  readonly origin: Origin | null
  /** Normalised values by slot (the mapping's identifiers, highest rank first). */
  readonly identifiers: readonly (string | null)[]
  /** As the file gave them, where that differs; a missing place is null. */
  readonly given: readonly (string | null | undefined)[]
  readonly asOf: number | null
  /** The attribute cells of the shape in COPY form, joined by tabs; \N is "not asserted" unless cleared. */
  readonly row: string
  /** Positions of cells cleared on purpose. */
  readonly cleared: readonly number[] | null
  readonly warnings: readonly Problem[] | null
}

/** A copy with some things changed. A spread would lose what a record computes when asked. */
export function changed(record: PreparedRecord, changes: Partial<PreparedRecord>): PreparedRecord {
  const { ordinal, at, failed, skipped, origin, identifiers, given, asOf, row, cleared, warnings } = record
  const copy = { ordinal, at, failed, skipped, origin, identifiers, given, asOf, row, cleared, warnings }
  return { ...copy, ...changes }
}

/** Whether anything is planned for a record: it neither failed nor was left out. */
export function isPlanned(record: PreparedRecord): boolean {
  return record.failed === null && record.skipped === null
}

/** The distinct identifier values that records to plan mention, per slot. */
export function valuesIn(records: readonly PreparedRecord[], slots: number): Set<string>[] {
  const values = Array.from({ length: slots }, () => new Set<string>())
  for (const record of records) {
    if (!isPlanned(record)) continue
    const { identifiers } = record
    for (let slot = 0; slot < slots; slot++) {
      const value = identifiers[slot]
      if (value !== null && value !== undefined) values[slot]!.add(value)
    }
  }
  return values
}

/** The attribute cells of a mapped record in COPY form. */
export function rowOf(mapped: MappedRecord): { row: string; cleared: number[] | null } {
  const { values } = mapped
  let row = ''
  let cleared: number[] | null = null
  for (let i = 0; i < values.length; i++) {
    const value = values[i]
    if (value === null) (cleared ??= []).push(i)
    row += i === 0 ? toCopy(value) : `\t${toCopy(value)}`
  }
  return { row, cleared }
}

/** The parts that records which are not planned have in common. */
export function unplanned(
  ordinal: number,
  at: Place,
  identifiers: readonly (string | null)[],
  given: readonly (string | null | undefined)[],
): PreparedRecord {
  return {
    ordinal,
    at,
    failed: null,
    skipped: null,
    origin: null,
    identifiers,
    given,
    asOf: null,
    row: '',
    cleared: null,
    warnings: null,
  }
}

/**
 * One line of a prepared batch; `decodePrepared` reads it back. Slots: how many identifier kinds the mapping has. The few
 * records that go back to another one begin with a small letter and say so first: the others do not pay for it.
 */
export function encodePrepared(record: PreparedRecord): string {
  if (record.origin === null) return encodeLine(record)
  const line = encodeLine(record)
  return `${line[0]!.toLowerCase()}\t${encodeOrigin(record.origin)}${line.slice(1)}`
}

function encodeLine(record: PreparedRecord): string {
  const first = record.identifiers
    .map((value, slot) => `${toCopy(value)}\t${toCopy(record.given[slot])}`)
    .join('\t')
  if (record.failed !== null) return `F\t${first}\t${toCopy(JSON.stringify(record.failed))}\n`
  const asOf = record.asOf === null ? copyNull : String(record.asOf)
  const cleared = record.cleared === null ? copyNull : record.cleared.join(',')
  const warnings = record.warnings === null ? copyNull : toCopy(JSON.stringify(record.warnings))
  if (record.skipped !== null)
    return `S\t${first}\t${record.at.join(',')}\t${warnings}\t${skippedText(record.skipped)}\n`
  return `R\t${first}\t${record.at.join(',')}\t${asOf}\t${cleared}\t${warnings}\t${record.row}\n`
}

/**
 * Reads a prepared batch, one line a record; the batch begins with `firstOrdinal`, and its records at the places in
 * `passed` have no line.
 */
export function decodePrepared(
  text: string,
  firstOrdinal: number,
  slots: number,
  passed: Uint8Array | null = null,
): PreparedRecord[] {
  const records: PreparedRecord[] = []
  let at = 0
  for (let ordinal = firstOrdinal; at < text.length; ordinal++) {
    if (passed !== null && hasBit(passed, ordinal - firstOrdinal)) continue
    const end = text.indexOf('\n', at)
    records.push(decodeLine(text, at, end, ordinal, slots))
    at = end + 1
  }
  return records
}

/** Few filters leave out many records: what they say is written and read once. */
const skippedTexts = new WeakMap<Skipped, string>()
let lastSkipped: { readonly text: string; readonly skipped: Skipped } | null = null

function skippedText(skipped: Skipped): string {
  const known = skippedTexts.get(skipped)
  if (known !== undefined) return known
  const text = toCopy(JSON.stringify(skipped))
  skippedTexts.set(skipped, text)
  return text
}

function skippedOf(text: string): Skipped {
  if (lastSkipped?.text !== text) lastSkipped = { text, skipped: JSON.parse(fromCopy(text)!) as Skipped }
  return lastSkipped.skipped
}

/** A good record of a batch, cut out of the batch's text; what few records need is read when it is asked for. */
class PreparedLine implements PreparedRecord {
  readonly ordinal: number
  readonly failed = null
  readonly skipped = null
  readonly origin: Origin | null
  readonly identifiers: readonly (string | null)[]
  readonly given: readonly (string | null)[]
  readonly asOf: number | null
  readonly row: string
  readonly cleared: readonly number[] | null
  readonly warnings: readonly Problem[] | null
  readonly #place: string

  constructor(
    ordinal: number,
    identifiers: readonly (string | null)[],
    given: readonly (string | null)[],
    cells: LineCells,
    row: string,
    origin: Origin | null,
  ) {
    const { place, asOf, cleared, warnings } = cells
    this.ordinal = ordinal
    this.identifiers = identifiers
    this.given = given
    this.asOf = asOf === copyNull ? null : Number(asOf)
    this.cleared = cleared === copyNull ? null : cleared.split(',').map(Number)
    this.warnings = warnings === copyNull ? null : (JSON.parse(fromCopy(warnings)!) as Problem[])
    this.row = row
    this.origin = origin
    this.#place = place
  }

  get at(): Place {
    const [line, offset, length] = this.#place.split(',')
    return [Number(line), Number(offset), Number(length)]
  }
}

interface LineCells {
  readonly place: string
  readonly asOf: string
  readonly cleared: string
  readonly warnings: string
}

function decodeLine(text: string, from: number, end: number, ordinal: number, slots: number): PreparedRecord {
  let at = from + 2
  const next = (): string => {
    const tab = text.indexOf('\t', at)
    const cell = text.slice(at, tab === -1 || tab > end ? end : tab)
    at += cell.length + 1
    return cell
  }
  const letter = text[from]!
  const origin = letter >= 'a' ? decodeOrigin(next()) : null
  const identifiers: (string | null)[] = []
  let given: (string | null)[] = noneGiven
  for (let slot = 0; slot < slots; slot++) {
    identifiers.push(fromCopy(next()))
    const shown = fromCopy(next())
    if (shown === null) continue
    if (given === noneGiven) given = []
    given[slot] = shown
  }
  if (letter === 'F' || letter === 'f') {
    const failed = JSON.parse(fromCopy(next())!) as RecordProblem
    return { ...unplanned(ordinal, failed.at, identifiers, given), failed, origin }
  }
  if (letter === 'S' || letter === 's') {
    const [line, offset, length] = next().split(',').map(Number)
    const warnings = JSON.parse(fromCopy(next()) ?? 'null') as Problem[] | null
    const skipped = skippedOf(next())
    const at: Place = [line!, offset!, length!]
    return { ...unplanned(ordinal, at, identifiers, given), skipped, origin, warnings }
  }
  const cells = { place: next(), asOf: next(), cleared: next(), warnings: next() }
  return new PreparedLine(ordinal, identifiers, given, cells, text.slice(at, end), origin)
}

const noneGiven: (string | null)[] = []
