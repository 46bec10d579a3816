// From a raw record to a prepared one: map, check, and remember where it stands.
import type { RawRecord } from '../core/dialect.ts'
import type { RecordMapper } from '../core/mapped.ts'
import { changed, rowOf, unplanned, type PreparedRecord, type RecordProblem } from '../core/prepared.ts'
import { problem } from '../core/problems.ts'
import type { Problem } from '../core/problem.ts'
import type { RecordStage } from '../core/record.ts'
import type { Lineage } from './landingRecords.ts'

const dayMicros = 86_400e6

/** Maps and checks one record. `runAsOf`: microseconds; a record dated more than a day after it would win for ever. */
export function prepare(raw: RawRecord, mapper: RecordMapper, runAsOf: number): PreparedRecord {
  const mapped = mapper.map(raw)
  const at = [raw.line, raw.offset, raw.length] as const
  const failed = mapped.failed ?? future(mapped.asOf, runAsOf)
  if (failed !== null) {
    const stage: RecordStage = raw.bad === null ? 'check' : 'read'
    const located: RecordProblem = { ...failed, stage, at }
    return { ...unplanned(raw.ordinal, at, mapped.identifiers, mapped.given), failed: located }
  }
  const warnings = mapped.warnings.length === 0 ? null : mapped.warnings
  if (mapped.skipped !== null) {
    const { identifiers, given, skipped } = mapped
    return { ...unplanned(raw.ordinal, at, identifiers, given), skipped, warnings }
  }
  const { row, cleared } = rowOf(mapped)
  return {
    ordinal: raw.ordinal,
    at,
    failed: null,
    skipped: null,
    origin: null,
    identifiers: mapped.identifiers,
    given: mapped.given,
    asOf: mapped.asOf,
    row,
    cleared,
    warnings,
  }
}

/** The same for a record that corrects or retries another one: what was decided about it already goes first. */
export function prepareAgainst(
  lineage: Lineage | null,
  raw: RawRecord,
  mapper: RecordMapper,
  runAsOf: number,
): PreparedRecord {
  const record = prepare(raw, mapper, runAsOf)
  if (lineage === null) return record
  const { origin, failed, skipped, warning } = lineage
  const { at } = record
  const bare = unplanned(raw.ordinal, at, record.identifiers, record.given)
  if (failed !== null) return { ...bare, failed: { ...failed, stage: 'check', at } }
  if (skipped !== null) return { ...bare, origin, skipped }
  if (warning === null || record.failed !== null) return changed(record, { origin })
  return changed(record, { origin, warnings: [warning, ...(record.warnings ?? [])] })
}

function future(asOf: number | null, runAsOf: number): Problem | null {
  if (asOf === null || asOf <= runAsOf + dayMicros) return null
  return problem('as_of.future', { value: new Date(asOf / 1000).toISOString() })
}
