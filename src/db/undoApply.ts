// Writes the change set of an undo: set by set, in the transaction that settles the batch.
import type pg from 'pg'
import type { UndoChangeSet } from '../core/undo.ts'
import { copyNull, toCopy } from '../core/copyText.ts'
import { microsToTimestamp } from '../core/stamp.ts'
import { writeChanges, writeLedger, writeUpdated, type ApplyTarget } from './apply.ts'
import { LostVersion } from './lostVersion.ts'
import { copyIn, quoteName } from './sql.ts'
import { updateStamps } from './stamps.ts'

/** Applies everything but the chunk's checkpoint. Throws `LostVersion` when something changed since it was planned. */
export async function applyUndo(
  client: pg.ClientBase,
  target: ApplyTarget,
  set: UndoChangeSet,
): Promise<void> {
  await restore(client, target, set)
  await writeUpdated(client, target, set)
  await updateStamps(client, target.schema, set.stamps)
  await remove(client, target, set)
  await writeIdentifiers(client, target, set)
  await dropIdentifiers(client, target, set)
  await writeChanges(client, target, set)
  await writeLedger(client, target, set.settlements)
}

function expect(expected: number, found: number | null): void {
  if (found !== expected) throw new LostVersion(expected, found ?? 0)
}

/** Whole rows come back from where they were kept, with the stamps the plan gave them. */
async function restore(
  client: pg.ClientBase,
  { schema }: ApplyTarget,
  { restored }: UndoChangeSet,
): Promise<void> {
  if (restored.length === 0) return
  const s = quoteName(schema)
  const ids = restored.map(({ id }) => id)
  const back = await client.query(
    `with back as (delete from ${s}.profile_gone where profile_id = any($1::bigint[]) returning row)
     insert into ${s}.profile select p.* from back, jsonb_populate_record(null::${s}.profile, back.row -> 'profile') p`,
    [ids],
  )
  expect(restored.length, back.rowCount)
  await copyIn(
    client,
    `copy ${s}.stamp (profile_id, version, as_of, run, ordinal, by) from stdin`,
    restored
      .map(
        ({ id, version, stamp, by }) =>
          `${id}\t${version + 1}\t${microsToTimestamp(stamp.asOf)}\t${stamp.run}\t${stamp.ordinal}\t${by === null ? copyNull : toCopy(JSON.stringify(by))}\n`,
      )
      .join(''),
  )
}

/** Profiles leave whole: row, stamps and identifiers, so that they can come back. */
async function remove(
  client: pg.ClientBase,
  { schema }: ApplyTarget,
  { gone }: UndoChangeSet,
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

async function writeIdentifiers(
  client: pg.ClientBase,
  { schema }: ApplyTarget,
  { identifiers: { freed, moved, added } }: UndoChangeSet,
): Promise<void> {
  const table = `${quoteName(schema)}.identifier`
  if (freed.length > 0) {
    const { rowCount } = await client.query(
      `delete from ${table} i using unnest($1::text[], $2::smallint[], $3::bigint[]) as f(value, kind, owner)
       where i.value = f.value and i.kind = f.kind and i.profile_id = f.owner`,
      [freed.map((f) => f.value), freed.map((f) => f.kindId), freed.map((f) => f.from)],
    )
    expect(freed.length, rowCount)
  }
  if (moved.length > 0) {
    const { rowCount } = await client.query(
      `update ${table} i set profile_id = m.new_owner
       from unnest($1::text[], $2::smallint[], $3::bigint[], $4::bigint[]) as m(value, kind, owner, new_owner)
       where i.value = m.value and i.kind = m.kind and i.profile_id = m.owner`,
      [
        moved.map((m) => m.value),
        moved.map((m) => m.kindId),
        moved.map((m) => m.from),
        moved.map((m) => m.to),
      ],
    )
    expect(moved.length, rowCount)
  }
  const lines = added.map((i) => `${toCopy(i.value)}\t${i.kindId}\t${i.profileId}\t${toCopy(i.given)}\n`)
  await copyIn(client, `copy ${table} (value, kind, profile_id, given) from stdin`, lines.sort().join(''))
}

/** What profiles that left still had; what somebody else got of it has been moved by now. */
async function dropIdentifiers(
  client: pg.ClientBase,
  { schema }: ApplyTarget,
  { gone }: UndoChangeSet,
): Promise<void> {
  if (gone.length > 0)
    await client.query(`delete from ${quoteName(schema)}.identifier where profile_id = any($1::bigint[])`, [
      gone.map(({ id }) => id),
    ])
}
