// Profiles that leave: row, stamps and identifiers are kept whole, so that they can come back.
import type pg from 'pg'
import { LostVersion } from './lostVersion.ts'
import { quoteName } from './sql.ts'

/** A profile that leaves: the version it must have, the record that does it, and the profile it is part of now. */
export interface Leaving {
  readonly id: number
  readonly version: number
  readonly run: number
  readonly ordinal: number
  readonly into: number | null
}

function expect(expected: number, found: number | null): void {
  if (found !== expected) throw new LostVersion(expected, found ?? 0)
}

/** Takes profiles out of the table and keeps them. Throws `LostVersion` when one changed since it was planned. */
export async function removeProfiles(
  client: pg.ClientBase,
  schema: string,
  gone: readonly Leaving[],
): Promise<void> {
  if (gone.length === 0) return
  const s = quoteName(schema)
  const [ids, versions] = [gone.map(({ id }) => id), gone.map(({ version }) => version)]
  const kept = await client.query(
    `insert into ${s}.profile_gone (profile_id, gone_run, gone_ordinal, into_profile_id, created_run, created_ordinal, row)
     select p._id, m.run, m.ordinal, m.into_id, p._created_run, p._created_ordinal,
       jsonb_build_object('profile', to_jsonb(p), 'stamp', to_jsonb(s)) || case when m.into_id is null
         then jsonb_build_object('identifiers', coalesce(i.list, '[]')) else '{}' end
     from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) as m(id, version, run, ordinal, into_id)
     join ${s}.profile p on p._id = m.id join ${s}.stamp s on s.profile_id = m.id and s.version = m.version
     left join (select profile_id, jsonb_agg(jsonb_build_array(kind, value, given) order by kind, value) as list
       from ${s}.identifier where profile_id = any($1::bigint[]) group by 1) i on i.profile_id = m.id`,
    [
      ids,
      versions,
      gone.map(({ run }) => run),
      gone.map(({ ordinal }) => ordinal),
      gone.map(({ into }) => into),
    ],
  )
  expect(gone.length, kept.rowCount)
  const stamps = await client.query(
    `delete from ${s}.stamp s using unnest($1::bigint[], $2::bigint[]) as m(id, version)
     where s.profile_id = m.id and s.version = m.version`,
    [ids, versions],
  )
  expect(gone.length, stamps.rowCount)
  await client.query(`delete from ${s}.profile where _id = any($1::bigint[])`, [ids])
}

/** Frees the identifiers of profiles that left; what was to be kept of them is in the row that was kept. */
export async function dropIdentifiers(
  client: pg.ClientBase,
  schema: string,
  ids: readonly number[],
): Promise<void> {
  if (ids.length > 0)
    await client.query(`delete from ${quoteName(schema)}.identifier where profile_id = any($1::bigint[])`, [
      ids,
    ])
}
