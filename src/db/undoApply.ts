// Writes the change set of an undo: set by set, in the transaction that settles the batch.
import type pg from 'pg'
import type { UndoChangeSet } from '../core/undo.ts'
import { copyNull, toCopy } from '../core/copyText.ts'
import { microsToTimestamp } from '../core/stamp.ts'
import { writeChanges, writeLedger, writeUpdated, type ApplyTarget } from './apply.ts'
import { dropIdentifiers, removeProfiles } from './gone.ts'
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
  await removeProfiles(client, target.schema, set.gone)
  await writeIdentifiers(client, target, set)
  // What somebody else got of it has been moved by now.
  await dropIdentifiers(
    client,
    target.schema,
    set.gone.map(({ id }) => id),
  )
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
