// A record after mapping and checking: what it asserts, in canonical text.
import type { AttributeType } from './attribute.ts'
import type { RawRecord } from './dialect.ts'
import type { Problem } from './problem.ts'
import type { Skipped } from './record.ts'

/** The attribute columns a mapping writes, in the order of `MappedRecord.values`. */
export interface MappedAttribute {
  readonly key: string
  readonly type: AttributeType
  readonly write: 'set' | 'set_if_empty'
  readonly column: string
}

/** The identifier kinds a mapping reads, highest rank first, in the order of `MappedRecord.identifiers`. */
export interface MappedIdentifier {
  readonly kind: string
  readonly kindId: number
  readonly rank: number
  readonly single: boolean
  readonly column: string
}

export interface MappedRecord {
  readonly ordinal: number
  /** The first thing wrong with it; then nothing else of it is used. */
  readonly failed: Problem | null
  /** Left out by a filter; then it asserts nothing. */
  readonly skipped: Skipped | null
  /** Normalised identifier values; null where the record has none of that kind (blank, or shared junk). */
  readonly identifiers: readonly (string | null)[]
  /** The identifier as the file gave it (trimmed), where that differs from the normalised value. */
  readonly given: readonly (string | null)[]
  /** Microseconds since 1970 from the record's own timestamp column; null: the run's start. */
  readonly asOf: number | null
  /**
   * Canonical text per attribute, exactly as PostgreSQL prints the value (TimeZone UTC, DateStyle ISO): comparing
   * texts is comparing values. null: cleared on purpose. undefined: not asserted (blank is ignored).
   */
  readonly values: readonly (string | null | undefined)[]
  /** Things worth a line in the receipt that did not fail it. */
  readonly warnings: readonly Problem[]
}

/** A compiled mapping: built once per run, called once per record. */
export interface RecordMapper {
  readonly attributes: readonly MappedAttribute[]
  readonly identifiers: readonly MappedIdentifier[]
  map(record: RawRecord): MappedRecord
}
