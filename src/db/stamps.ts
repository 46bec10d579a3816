// Moves the stamps of profiles on. The version planned from guards each row.
import type pg from 'pg'
import type { StampUpdate } from '../core/changeSet.ts'
import { microsToTimestamp } from '../core/stamp.ts'
import { LostVersion } from './lostVersion.ts'
import { quoteName } from './sql.ts'

/** Updates all of them, or throws `LostVersion`: somebody else was first, the batch is planned again. */
export async function updateStamps(
  client: pg.ClientBase,
  schema: string,
  stamps: readonly StampUpdate[],
): Promise<void> {
  if (stamps.length === 0) return
  const rows = [...stamps].sort((a, b) => a.id - b.id)
  const columns = [
    { name: 'id', type: 'bigint', list: listText(rows.map((row) => row.id)) },
    { name: 'version', type: 'bigint', list: listText(rows.map((row) => row.version)) },
    { name: 'ordinal', type: 'bigint', list: listText(rows.map((row) => row.stamp.ordinal)) },
    ...asOfColumns(rows),
    ...byColumns(rows),
  ]
  const { rowCount } = await client.query(
    `update ${quoteName(schema)}.stamp s set version = s.version + 1, ordinal = n.ordinal, ${assignments(columns, rows)}
     from unnest(${columns.map(({ type }, i) => `$${i + 1}::${type}[]`).join(', ')}) as n(${columns.map(({ name }) => name).join(', ')})
     where s.profile_id = n.id and s.version = n.version`,
    columns.map(({ list }) => list),
  )
  if (rowCount !== stamps.length) throw new LostVersion(stamps.length, rowCount ?? 0)
}

interface Column {
  readonly name: string
  readonly type: string
  /** An array in PostgreSQL's text form, or values for the driver to put into it. */
  readonly list: string | (string | null)[]
}

/** Nearly always all rows get the same as-of and run, and no list of exceptions: that is written once, not per row. */
function assignments(columns: readonly Column[], rows: readonly StampUpdate[]): string {
  const has = (name: string): boolean => columns.some((column) => column.name === name)
  const { asOf, run } = rows[0]!.stamp
  const when = has('as_of')
    ? 'as_of = n.as_of, run = n.run'
    : `as_of = '${microsToTimestamp(asOf)}', run = ${run}`
  return `${when}, ${has('by') ? 'by = n.by' : 'by = null'}`
}

function asOfColumns(rows: readonly StampUpdate[]): Column[] {
  const { asOf, run } = rows[0]!.stamp
  if (rows.every(({ stamp }) => stamp.asOf === asOf && stamp.run === run)) return []
  return [
    { name: 'as_of', type: 'timestamptz', list: rows.map(({ stamp }) => microsToTimestamp(stamp.asOf)) },
    { name: 'run', type: 'bigint', list: listText(rows.map(({ stamp }) => stamp.run)) },
  ]
}

function byColumns(rows: readonly StampUpdate[]): Column[] {
  if (rows.every(({ by }) => by === null)) return []
  return [
    { name: 'by', type: 'jsonb', list: rows.map(({ by }) => (by === null ? null : JSON.stringify(by))) },
  ]
}

/** The driver would quote every element. */
function listText(numbers: readonly number[]): string {
  return `{${numbers.join(',')}}`
}
