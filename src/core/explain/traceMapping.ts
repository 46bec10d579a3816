// What became of each cell of one record: raw text, the value made of it, and where it goes. Each column is compiled alone
// by the same compiler as an import, so a trace cannot say otherwise than the import did.
import type { AttributeType } from '../attribute.ts'
import { compileMapping } from '../compileMapping.ts'
import type { RawRecord } from '../dialect.ts'
import type { MappedRecord } from '../mapped.ts'
import type { ColumnMapping, Mapping } from '../mapping.ts'
import type { Problem } from '../problem.ts'
import { traceSteps, type TracedStep } from '../transform/columnSteps.ts'
import type { Outside } from '../transform/steps.ts'
import { microsToIso } from '../stamp.ts'

export interface ColumnTrace {
  /** The column of the file; of a computed value, what it is called. */
  readonly column: string
  /** As the file has it; null: the record has no such cell. */
  readonly cell: string | null
  readonly target: 'attribute' | 'identifier' | 'as_of' | 'ignored'
  /** Attribute key or kind of identifier. */
  readonly key: string | null
  readonly type: AttributeType | null
  /** The value in canonical text. */
  readonly value: string | null
  /**
   * value: it is used; blank: left as it was; cleared: empties the attribute; refused: it fails the record; left_out: it
   * does not fit and is left blank; junk: it identifies nobody; unused: another column gave this identifier.
   */
  readonly what: 'value' | 'blank' | 'cleared' | 'refused' | 'left_out' | 'junk' | 'unused' | 'ignored'
  readonly why: string | null
  /** What its steps made of the cell, one by one. */
  readonly steps: readonly TracedStep[]
  readonly problem: Problem | null
}

/** Why a column is not used that the mapping does not speak of. */
export const notMapped = 'the mapping does not use it'

/** The columns of the file in its order, then what the mapping makes of no column. `columns`: as the record has its cells. */
export function traceMapping(
  mapping: Mapping,
  columns: readonly string[],
  record: RawRecord,
  outside: Outside,
): ColumnTrace[] {
  const reading = { mapping, columns, record, outside }
  const given = new Set<string>()
  const mapped = new Map<string, ColumnMapping[]>()
  for (const entry of mapping.columns) mapped.set(entry.column, [...(mapped.get(entry.column) ?? []), entry])
  const traces = columns.flatMap((column, at) => {
    const cell = record.cells?.[at] ?? null
    const entries = mapped.get(column) ?? []
    return entries.length === 0
      ? [ignored(column, cell, notMapped)]
      : entries.map((entry) => traceColumn(entry, reading, cell, given))
  })
  const elsewhere = mapping.columns.filter(({ column }) => !columns.includes(column))
  return [
    ...traces,
    ...elsewhere
      .filter(({ target }) => target.to !== 'ignore')
      .map((entry) => traceColumn(entry, reading, null, given)),
  ]
}

function ignored(column: string, cell: string | null, why: string): ColumnTrace {
  return {
    column,
    cell,
    target: 'ignored',
    key: null,
    type: null,
    value: null,
    what: 'ignored',
    why,
    steps: [],
    problem: null,
  }
}

interface Reading {
  readonly mapping: Mapping
  readonly columns: readonly string[]
  readonly record: RawRecord
  readonly outside: Outside
}

/** Every record needs somebody it belongs to, so that a column alone can be mapped. */
const stranger = { column: '\u0000', cell: 'somebody' }
const strangerEntry: ColumnMapping = {
  column: stranger.column,
  target: { to: 'identifier', kind: 'customer_id' },
  format: {},
  blank: 'ignore',
  onBad: 'fail',
}

/** `given`: kinds of identifiers that a column before this one has given. */
function traceColumn(
  entry: ColumnMapping,
  reading: Reading,
  cell: string | null,
  given: Set<string>,
): ColumnTrace {
  const { column, target } = entry
  if (target.to === 'ignore') return ignored(column, cell, target.why ?? 'the mapping leaves it out')
  const { columns, record, outside } = reading
  const base = { column, cell, target: target.to, key: keyOf(entry), type: typeOf(entry), steps: [] }
  if (record.cells === null) return { ...base, value: null, what: 'blank', why: null, problem: null }
  const { cells, ordinal } = record
  const head = { ...base, steps: traceSteps(entry, columns, { cells, ordinal }, outside) }
  const alone = mapAlone(entry, reading)
  const [warning] = alone.warnings
  const found = valueIn(entry, alone)
  if (alone.failed !== null && alone.failed.code !== 'identifier.none')
    return { ...head, value: null, what: 'refused', why: null, problem: alone.failed }
  if (warning !== undefined && found === undefined) {
    const what = warning.code === 'identifier.junk' ? 'junk' : 'left_out'
    return { ...head, value: null, what, why: null, problem: warning }
  }
  if (found === undefined) return { ...head, value: null, what: 'blank', why: blankWhy(entry), problem: null }
  if (found === null) return { ...head, value: null, what: 'cleared', why: 'clears the value', problem: null }
  if (target.to === 'identifier' && given.has(target.kind))
    return { ...head, value: found, what: 'unused', why: 'an earlier column gave it', problem: null }
  if (target.to === 'identifier') given.add(target.kind)
  return { ...head, value: found, what: 'value', why: null, problem: null }
}

function keyOf({ target }: ColumnMapping): string | null {
  return target.to === 'attribute' ? target.key : target.to === 'identifier' ? target.kind : null
}

function typeOf({ target }: ColumnMapping): AttributeType | null {
  return target.to === 'attribute' ? target.type : target.to === 'as_of' ? 'timestamp' : null
}

function mapAlone(entry: ColumnMapping, { mapping, columns, record, outside }: Reading): MappedRecord {
  const own = entry.target.to === 'identifier'
  const { checks: _, columns: __, filters: ___, ...rest } = mapping
  const alone: Mapping = { ...rest, columns: own ? [entry] : [strangerEntry, entry], checks: [] }
  const mapper = compileMapping(alone, own ? columns : [...columns, stranger.column], outside)
  const cells = columns.map((____, i) => record.cells![i] ?? null)
  return mapper.map({ ...record, cells: own ? cells : [...cells, stranger.cell] })
}

/** The value a column gave; null: cleared; undefined: none. */
function valueIn(
  { target }: ColumnMapping,
  { identifiers, values, asOf }: MappedRecord,
): string | null | undefined {
  if (target.to === 'identifier') return identifiers[0] ?? undefined
  if (target.to === 'as_of') return asOf === null ? undefined : microsToIso(asOf)
  return values[0]
}

function blankWhy({ target, blank }: ColumnMapping): string {
  return target.to === 'attribute' && blank === 'clear' ? 'blank: clears the value' : 'blank'
}
