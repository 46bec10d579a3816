// Reading what a batch needs to be planned: who owns its identifiers, and what those profiles are now. No row locks.
import type pg from 'pg'
import type { Existing, Identifier, Shape } from '../core/changeSet.ts'
import { CopyLines } from '../core/copyLines.ts'
import { timestampToMicros, type Stamp, type StampEntries } from '../core/stamp.ts'
import { copyOut, quoteName } from './sql.ts'

/** Value → profile id for one kind; values nobody has are absent. */
export async function resolveIdentifiers(
  client: pg.ClientBase,
  schema: string,
  kindId: number,
  values: readonly string[],
): Promise<Map<string, number>> {
  if (values.length === 0) return new Map()
  const { rows } = await client.query<[string, number]>({
    name: `resolve ${schema}`,
    // The list is sorted inside the index scan, so neighbours are found without a new descent.
    text: `select value, profile_id from ${quoteName(schema)}.identifier where kind = $1 and value = any($2::text[])`,
    values: [kindId, values],
    rowMode: 'array',
  })
  return new Map(rows)
}

const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`

function loadSql(schema: string, shape: Shape, ids: readonly number[]): string {
  const s = quoteName(schema)
  const rest = shape.rest.map((key) => `(p.${quoteName(key)} is not null)::int`).join(' || ')
  const cells = shape.attributes.map(({ key }) => `, p.${quoteName(key)}`).join('')
  // Named for both tables: two index scans and a merge join, instead of one descent per profile.
  const list = `'{${ids.join(',')}}'::bigint[]`
  return `select p._id, s.version, s.as_of, s.run, s.ordinal, s.by, ${rest === '' ? 'null' : `'' || ${rest}`}${cells}
    from ${s}.profile p join ${s}.stamp s on s.profile_id = p._id
    where p._id = any(${list}) and s.profile_id = any(${list})`
}

/** The profiles as they are now, in the shape of the batch. An id that is gone is absent. */
export async function loadProfiles(
  client: pg.ClientBase,
  schema: string,
  shape: Shape,
  ids: readonly number[],
): Promise<Map<number, Existing>> {
  const found = new Map<number, Existing>()
  if (ids.length === 0) return found
  const lines = new CopyLines(await copyOut(client, loadSql(schema, shape, ids)))
  while (lines.next()) {
    const id = lines.number()
    const version = lines.number()
    const stamp = { asOf: timestampToMicros(lines.cell()!), run: lines.number(), ordinal: lines.number() }
    const by = lines.cell()
    const rest = lines.cell()
    found.set(id, {
      id,
      version,
      stamp,
      by: by === null ? null : (JSON.parse(by) as StampEntries),
      created: null,
      rest: rest ?? '',
      row: lines.rest(),
      identifiers: null,
    })
  }
  return found
}

/** All identifiers of some profiles. */
export async function loadIdentifiers(
  client: pg.ClientBase,
  schema: string,
  ids: readonly number[],
): Promise<Map<number, Identifier[]>> {
  const found = new Map<number, Identifier[]>(ids.map((id) => [id, []]))
  if (ids.length === 0) return found
  const { rows } = await client.query<[number, number, string, string | null]>({
    text: `select profile_id, kind, value, given from ${quoteName(schema)}.identifier
           where profile_id = any($1::bigint[]) order by kind, value`,
    values: [ids],
    rowMode: 'array',
  })
  for (const [id, kindId, value, given] of rows) found.get(id)?.push({ kindId, value, given })
  return found
}

/** The creation stamps of some profiles: merging keeps the oldest. */
export async function loadCreation(
  client: pg.ClientBase,
  schema: string,
  ids: readonly number[],
): Promise<Map<number, Stamp>> {
  if (ids.length === 0) return new Map()
  const { rows } = await client.query<[number, number, number, number]>({
    text: `select _id, ${micros('_created_as_of')}, _created_run, _created_ordinal from ${quoteName(schema)}.profile
           where _id = any($1::bigint[])`,
    values: [ids],
    rowMode: 'array',
  })
  return new Map(rows.map(([id, asOf, run, ordinal]) => [id, { asOf, run, ordinal }]))
}
