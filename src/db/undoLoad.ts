// Reading what a batch of an undo is planned from: profiles as they are or were, what was done to them, who delivered.
import type pg from 'pg'
import type { Before, Shape } from '../core/changeSet.ts'
import { CopyLines } from '../core/copyLines.ts'
import { recordStateNumber, skipReasonNumber } from '../core/record.ts'
import { timestampToMicros, type StampEntries } from '../core/stamp.ts'
import type { Owner, PastChange, Standing } from '../core/undo.ts'
import { copyOut, quoteName } from './sql.ts'

/** Changes by profile: of these runs and of retried records, whose stamps are those of earlier runs; null: of every run. */
export async function loadChanges(
  client: pg.ClientBase,
  schema: string,
  ids: readonly number[],
  runs: readonly number[] | null,
): Promise<Map<number, PastChange[]>> {
  const found = new Map<number, PastChange[]>()
  if (ids.length === 0) return found
  const some = runs === null ? '' : `and (run = any('{${runs.join(',')}}'::bigint[]) or before ? 'w')`
  const lines = new CopyLines(
    await copyOut(
      client,
      `select profile_id, run, ordinal, before from ${quoteName(schema)}.change
       where profile_id = any('{${ids.join(',')}}'::bigint[]) ${some}`,
    ),
  )
  while (lines.next()) {
    const profile = lines.number()
    const change = {
      run: lines.number(),
      ordinal: lines.number(),
      before: JSON.parse(lines.cell()!) as Before,
    }
    const others = found.get(profile)
    if (others === undefined) found.set(profile, [change])
    else others.push(change)
  }
  return found
}

const standingColumns = `p._id, s.version, s.as_of, s.run, s.ordinal, s.by, p._created_run, p._created_ordinal`

function cellsOf(shape: Shape): string {
  return shape.attributes.map(({ key }) => `, p.${quoteName(key)}`).join('')
}

type Gone = NonNullable<Standing['gone']>

function readStanding(lines: CopyLines, gone: Gone | null): Standing {
  const [id, version] = [lines.number(), lines.number()]
  const stamp = { asOf: timestampToMicros(lines.cell()!), run: lines.number(), ordinal: lines.number() }
  const by = lines.cell()
  const created = { run: lines.number(), ordinal: lines.number() }
  return {
    id,
    version,
    stamp,
    by: by === null ? null : (JSON.parse(by) as StampEntries),
    created,
    row: lines.rest(),
    gone,
  }
}

/** Profiles as they are, and those that are gone as they were when they left. */
export async function loadStanding(
  client: pg.ClientBase,
  schema: string,
  shape: Shape,
  ids: readonly number[],
): Promise<Map<number, Standing>> {
  const s = quoteName(schema)
  const found = new Map<number, Standing>()
  const list = `'{${ids.join(',')}}'::bigint[]`
  const present = new CopyLines(
    await copyOut(
      client,
      `select ${standingColumns}${cellsOf(shape)} from ${s}.profile p join ${s}.stamp s on s.profile_id = p._id
       where p._id = any(${list}) and s.profile_id = any(${list})`,
    ),
  )
  while (present.next()) {
    const standing = readStanding(present, null)
    found.set(standing.id, standing)
  }
  const missing = ids.filter((id) => !found.has(id))
  if (missing.length === 0) return found
  // The row comes back through the types of today's table: cells print as those of a profile that is there.
  const gone = new CopyLines(
    await copyOut(
      client,
      `select g.gone_run, g.gone_ordinal, g.into_profile_id, g.row -> 'identifiers', ${standingColumns}${cellsOf(shape)}
       from ${s}.profile_gone g, jsonb_populate_record(null::${s}.profile, g.row -> 'profile') p,
         jsonb_populate_record(null::${s}.stamp, g.row -> 'stamp') s
       where g.profile_id = any('{${missing.join(',')}}'::bigint[])`,
    ),
  )
  while (gone.next()) {
    const [run, ordinal] = [gone.number(), gone.number()]
    const into = gone.cell()
    const had = gone.cell()
    const identifiers = had === null ? [] : (JSON.parse(had) as Gone['identifiers'])
    const standing = readStanding(gone, {
      run,
      ordinal,
      into: into === null ? null : Number(into),
      identifiers,
    })
    found.set(standing.id, standing)
  }
  return found
}

/** Runs whose records reached each profile (finished, or lost against a later stamp), and the target's retried ones. */
export async function loadDeliveries(
  client: pg.ClientBase,
  schema: string,
  ids: readonly number[],
  target: number,
): Promise<{ deliveries: Map<number, number[]>; ownStamps: Map<number, Set<string>> }> {
  const deliveries = new Map<number, number[]>(ids.map((id) => [id, []]))
  const ownStamps = new Map<number, Set<string>>()
  if (ids.length === 0) return { deliveries, ownStamps }
  const { rows } = await client.query<[number, number, string | null]>({
    // What a processing run settled, that run delivered; its stamp is that of the record's first appearance.
    text: `select distinct profile_id, coalesce(settled_by, run) as run, case
             when coalesce(settled_by, run) <> $2 then null
             when settled_by <> run then coalesce(origin, 'r' || run || '/' || ordinal) else origin end from ${quoteName(schema)}.record
           where profile_id = any($1::bigint[])
             and (state = ${recordStateNumber.finished} or reason = ${skipReasonNumber.superseded}) order by 1, 2`,
    values: [ids, target],
    rowMode: 'array',
  })
  for (const [profile, run, origin] of rows) {
    if (run !== target) deliveries.get(profile)!.push(run)
    else if (origin !== null)
      ownStamps.set(profile, (ownStamps.get(profile) ?? new Set()).add(origin.replace(/^r/, '')))
  }
  return { deliveries, ownStamps }
}

/** Who owns these identifiers; key `kind:value`. */
export async function loadOwners(
  client: pg.ClientBase,
  schema: string,
  identifiers: ReadonlyMap<string, readonly [kind: number, value: string]>,
): Promise<Map<string, Owner>> {
  const found = new Map<string, Owner>()
  if (identifiers.size === 0) return found
  const wanted = [...identifiers.values()]
  const { rows } = await client.query<[number, string, number, string | null]>({
    text: `select i.kind, i.value, i.profile_id, i.given from ${quoteName(schema)}.identifier i
           join unnest($1::smallint[], $2::text[]) as w(kind, value) on i.value = w.value and i.kind = w.kind`,
    values: [wanted.map(([kind]) => kind), wanted.map(([, value]) => value)],
    rowMode: 'array',
  })
  for (const [kind, value, profile, given] of rows) found.set(`${kind}:${value}`, { profile, given })
  return found
}

/** The strongest identifier of each profile: how lists name it. */
export async function loadNames(
  client: pg.ClientBase,
  schema: string,
  ids: readonly number[],
): Promise<Map<number, string>> {
  if (ids.length === 0) return new Map()
  const lines = new CopyLines(
    await copyOut(
      client,
      `select distinct on (profile_id) profile_id, value from ${quoteName(schema)}.identifier
       where profile_id = any('{${ids.join(',')}}'::bigint[]) order by profile_id, kind, value`,
    ),
  )
  const names = new Map<number, string>()
  while (lines.next()) names.set(lines.number(), lines.cell()!)
  return names
}
