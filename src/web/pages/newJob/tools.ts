// What the mapping of the server does, done in the browser on the rows of the sample: loaded when it is first needed.
import type { AttributeType } from '../../../core/attribute.ts'
import { compileMapping } from '../../../core/compileMapping.ts'
import type { MappedRecord, RecordMapper } from '../../../core/mapped.ts'
import type { ColumnMapping, Mapping } from '../../../core/mapping.ts'
import { SluiceError } from '../../../core/problem.ts'
import type { Filter } from '../../../core/transform/stepSchema.ts'

export type Row = readonly (string | null)[]

/** One row after mapping, or why there is none. */
export interface MappedRow {
  readonly values: readonly { readonly name: string; readonly value: string | null }[]
  readonly failed: string | null
  readonly skipped: string | null
}

function mapped(mapper: RecordMapper, cells: Row, i: number): MappedRecord {
  const at = { ordinal: i + 1, line: i + 2, offset: 0, length: 0 }
  return mapper.map({ ...at, cells, bad: null, raw: null })
}

/** What each row becomes; the text is what is wrong with the mapping itself. */
export function mapRows(
  mapping: Mapping,
  columns: readonly string[],
  rows: readonly Row[],
): readonly MappedRow[] | string {
  return attempt(() => {
    const mapper = compileMapping(mapping, columns, { file: 'sample' })
    return rows.map((cells, i) => {
      const { identifiers, values, failed, skipped } = mapped(mapper, cells, i)
      return {
        values: [
          ...mapper.identifiers.map(({ kind }, at) => ({ name: `@${kind}`, value: identifiers[at] ?? null })),
          ...mapper.attributes.map(({ key, type }, at) => ({
            name: key,
            value: shownAs(type, values[at] ?? null),
          })),
        ],
        failed: failed?.message ?? null,
        skipped: skipped?.note?.message ?? skipped?.reason ?? null,
      }
    })
  })
}

/** Truths are t and f in the database. */
function shownAs(type: AttributeType, value: string | null): string | null {
  return type === 'boolean' && value !== null ? (value === 't' ? 'yes' : 'no') : value
}

/** One cell before and after. */
export interface CellChange {
  readonly before: string | null
  readonly after: string | null
  readonly failed: string | null
}

/** Somebody for a column that says of nobody who it is. */
const somebody: ColumnMapping = {
  column: ' preview',
  compute: { constant: 'P-4711-preview' },
  target: { to: 'identifier', kind: 'external_id' },
  format: {},
  blank: 'ignore',
  onBad: 'fail',
}

/** What one column does to the first rows, whatever the others do. */
export function mapColumn(
  column: ColumnMapping,
  columns: readonly string[],
  rows: readonly Row[],
): readonly CellChange[] | string {
  const isIdentifier = column.target.to === 'identifier'
  const alone = { columns: [column, ...(isIdentifier ? [] : [somebody])], checks: [] }
  const at = columns.indexOf(column.column)
  return attempt(() => {
    const mapper = compileMapping(alone, columns, { file: 'sample' })
    return rows.map((cells, i) => {
      const { identifiers, values, failed, asOf } = mapped(mapper, cells, i)
      const time = asOf === null ? null : new Date(asOf / 1000).toISOString()
      const type = mapper.attributes[0]?.type ?? 'text'
      const value = isIdentifier ? identifiers[0] : shownAs(type, values[0] ?? null)
      const after = column.target.to === 'as_of' ? time : (value ?? null)
      return { before: cells[at] ?? null, after, failed: failed?.message ?? null }
    })
  })
}

/** How many of the rows a filter keeps. */
export function keptBy(
  filter: Filter,
  mapping: Mapping,
  columns: readonly string[],
  rows: readonly Row[],
): number | string {
  const found = mapRows({ ...mapping, filters: [filter] }, columns, rows)
  return typeof found === 'string' ? found : found.filter(({ skipped }) => skipped === null).length
}

function attempt<T>(make: () => T): T | string {
  try {
    return make()
  } catch (error) {
    if (error instanceof SluiceError) return error.problem.message
    throw error
  }
}
