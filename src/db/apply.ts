// Writes a change set: new rows by COPY straight into their tables, changed ones through a staging table and an update
// that names the version planned from. Always inside the transaction that settles the batch.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import type { ChangeSet, Merge, NewRow, Shape } from '../core/changeSet.ts'
import { copyNull, toCopy } from '../core/copyText.ts'
import { recordName } from '../core/names.ts'
import { originName, type Origin } from '../core/origin.ts'
import { outcomeNumber, recordStateNumber, skipReasonNumber } from '../core/record.ts'
import type { RecordRetry } from '../core/setup/policies.ts'
import { microsToTimestamp, type StampEntries } from '../core/stamp.ts'
import { dropIdentifiers, removeProfiles } from './gone.ts'
import { LostVersion } from './lostVersion.ts'
import { settleTaken } from './recordMoves.ts'
import { markRetried } from './retries.ts'
import { copyIn, quoteName } from './sql.ts'
import { updateStamps } from './stamps.ts'

export interface ApplyTarget {
  readonly schema: string
  readonly run: number
  /** First day of the run's month, `YYYY-MM-DD`: the partition of its ledger rows. */
  readonly runMonth: string
  readonly shape: Shape
}

/** What the ledger is told of a batch. */
export interface LedgerPlan {
  readonly rows: readonly NewRow[]
  /** Set in a processing run: the rows its records are of are settled, or tried again by this rule. */
  readonly settles: { readonly retry: RecordRetry | null } | null
}

/** Applies everything but the chunk's checkpoint. Throws `LostVersion` when a profile changed since it was planned. */
export async function applyChangeSet(
  client: pg.ClientBase,
  target: ApplyTarget,
  set: ChangeSet,
  ledger: LedgerPlan = { rows: set.settlements, settles: null },
): Promise<void> {
  await removeIdentifiers(client, target, set)
  await writeIdentifiers(client, target, set)
  await writeCreated(client, target, set)
  await writeUpdated(client, target, set)
  await updateStamps(client, target.schema, set.stamps)
  await writeMerges(client, target, set)
  await writeDeleted(client, target, set)
  await writeChanges(client, target, set)
  await writeLedger(client, target, ledger.rows, ledger.settles !== null)
  if (ledger.settles === null) await markRetried(client, target, ledger.rows)
  else await settleTaken(client, target, set.settlements, ledger.settles.retry)
}

async function removeIdentifiers(
  client: pg.ClientBase,
  { schema }: ApplyTarget,
  set: ChangeSet,
): Promise<void> {
  if (set.removed.length > 0)
    await client.query(
      `delete from ${quoteName(schema)}.identifier i using unnest($1::text[], $2::smallint[]) as r(value, kind)
       where i.value = r.value and i.kind = r.kind`,
      [set.removed.map((r) => r.value), set.removed.map((r) => r.kindId)],
    )
  if (set.blocked.length > 0)
    await client.query(
      `update ${quoteName(schema)}.identifier i set profile_id = 0 from unnest($1::text[], $2::smallint[]) as b(value, kind)
       where i.value = b.value and i.kind = b.kind`,
      [set.blocked.map((b) => b.value), set.blocked.map((b) => b.kindId)],
    )
  if (set.merges.length > 0)
    await client.query(
      `update ${quoteName(schema)}.identifier i set profile_id = m.into_id
       from unnest($1::bigint[], $2::bigint[]) as m(loser, into_id) where i.profile_id = m.loser`,
      [set.merges.map((m) => m.loser), set.merges.map(lastSurvivor(set.merges))],
    )
}

/** Of profiles merged one after the other in a batch, the one that is left. */
function lastSurvivor(merges: readonly Merge[]): (merge: Merge) => number {
  const next = new Map(merges.map(({ loser, into }) => [loser, into]))
  return ({ into }) => {
    let last = into
    for (let then = next.get(last); then !== undefined; then = next.get(last)) last = then
    return last
  }
}

// Identifiers come before profiles and in the order of their key: two writers that meet wait for one another in one
// direction only, and the index is written page by page.
async function writeIdentifiers(
  client: pg.ClientBase,
  { schema }: ApplyTarget,
  set: ChangeSet,
): Promise<void> {
  const lines = set.added.map((i) => `${toCopy(i.value)}\t${i.kindId}\t${i.profileId}\t${toCopy(i.given)}\n`)
  lines.sort()
  await copyIn(
    client,
    `copy ${quoteName(schema)}.identifier (value, kind, profile_id, given) from stdin`,
    lines.join(''),
  )
}

function byText(by: StampEntries | null): string {
  return by === null ? copyNull : toCopy(JSON.stringify(by))
}

function columnList(shape: Shape): string {
  return shape.attributes.map(({ key }) => `, ${quoteName(key)}`).join('')
}

async function writeCreated(
  client: pg.ClientBase,
  { schema, shape }: ApplyTarget,
  set: ChangeSet,
): Promise<void> {
  if (set.created.length === 0) return
  const tab = shape.attributes.length > 0 ? '\t' : ''
  let profiles = ''
  let stamps = ''
  for (const { id, row, created, stamp, by } of set.created) {
    profiles += `${id}\t${microsToTimestamp(created.asOf)}\t${created.run}\t${created.ordinal}${tab}${row}\n`
    stamps += `${id}\t${microsToTimestamp(stamp.asOf)}\t${stamp.run}\t${stamp.ordinal}\t${byText(by)}\n`
  }
  const s = quoteName(schema)
  await copyIn(
    client,
    `copy ${s}.profile (_id, _created_as_of, _created_run, _created_ordinal${columnList(shape)}) from stdin`,
    profiles,
  )
  await copyIn(client, `copy ${s}.stamp (profile_id, as_of, run, ordinal, by) from stdin`, stamps)
}

/** Only the attributes that some record of the batch replaced travel; the others are what they were. */
export async function writeUpdated(
  client: pg.ClientBase,
  { schema, shape }: ApplyTarget,
  set: Pick<ChangeSet, 'changes' | 'updated'>,
): Promise<void> {
  const replaced = new Set<string>()
  for (const { before } of set.changes) for (const key in before.a) replaced.add(key)
  const places = shape.attributes.flatMap(({ key }, i) => (replaced.has(key) ? [i] : []))
  if (set.updated.length === 0 || places.length === 0) return
  const s = quoteName(schema)
  const keys = places.map((i) => quoteName(shape.attributes[i]!.key))
  // "as select" takes the types of the catalogue; "limit 0" takes no rows.
  const table = await stage(client, `as select _id, ${keys.join(', ')} from ${s}.profile limit 0`)
  const rows = [...set.updated].sort((a, b) => a.id - b.id)
  await copyIn(
    client,
    `copy ${table} from stdin`,
    rows.map(({ id, row }) => `${id}${cellsAt(row, places)}\n`).join(''),
  )
  const assignments = keys.map((key) => `${key} = n.${key}`).join(', ')
  await client.query(
    `update ${s}.profile p set _updated_at = now(), ${assignments} from ${table} n where p._id = n._id`,
  )
}

function cellsAt(row: string, places: readonly number[]): string {
  const cells = row.split('\t')
  let text = ''
  for (const place of places) text += `\t${cells[place]!}`
  return text
}

/**
 * A temporary table of this session, made at first use; it empties itself at commit. Whether it is there is the server's
 * to say: a batch that was rolled back took the tables it made with it.
 */
async function stage(client: pg.ClientBase, definition: string): Promise<string> {
  const name = `stage_${createHash('sha256').update(definition).digest('hex').slice(0, 16)}`
  await client.query(`create temp table if not exists ${name} on commit delete rows ${definition}`)
  return name
}

async function writeMerges(
  client: pg.ClientBase,
  { schema, run }: ApplyTarget,
  { merges }: ChangeSet,
): Promise<void> {
  if (merges.length === 0) return
  const s = quoteName(schema)
  const gone = await client.query(
    `insert into ${s}.profile_gone (profile_id, gone_run, gone_ordinal, into_profile_id, created_run, created_ordinal, row)
     select p._id, $1, m.ordinal, m.into_id, p._created_run, p._created_ordinal,
            jsonb_build_object('profile', to_jsonb(p), 'stamp', to_jsonb(s))
     from unnest($2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) as m(loser, into_id, ordinal, version)
     join ${s}.profile p on p._id = m.loser join ${s}.stamp s on s.profile_id = m.loser and s.version = m.version`,
    [
      run,
      merges.map((m) => m.loser),
      merges.map((m) => m.into),
      merges.map((m) => m.ordinal),
      merges.map((m) => m.version),
    ],
  )
  if (gone.rowCount !== merges.length) throw new LostVersion(merges.length, gone.rowCount ?? 0)
  const losers = [merges.map((m) => m.loser)]
  const stamps = await client.query(
    `delete from ${s}.stamp s using unnest($1::bigint[], $2::bigint[]) as m(loser, version)
     where s.profile_id = m.loser and s.version = m.version`,
    [...losers, merges.map((m) => m.version)],
  )
  if (stamps.rowCount !== merges.length) throw new LostVersion(merges.length, stamps.rowCount ?? 0)
  await client.query(`delete from ${s}.profile where _id = any($1::bigint[])`, losers)
}

async function writeDeleted(
  client: pg.ClientBase,
  { schema, run }: ApplyTarget,
  { deleted }: ChangeSet,
): Promise<void> {
  if (deleted.length === 0) return
  await removeProfiles(
    client,
    schema,
    deleted.map((gone) => ({ ...gone, run, into: null })),
  )
  await dropIdentifiers(
    client,
    schema,
    deleted.map(({ id }) => id),
  )
}

export async function writeChanges(
  client: pg.ClientBase,
  { schema, run }: ApplyTarget,
  { changes }: Pick<ChangeSet, 'changes'>,
): Promise<void> {
  let text = ''
  for (const { ordinal, profileId, before } of changes)
    text += `${run}\t${ordinal}\t${profileId}\t${toCopy(JSON.stringify(before))}\n`
  await copyIn(client, `copy ${quoteName(schema)}.change (run, ordinal, profile_id, before) from stdin`, text)
}

/** The ledger: every record of the batch once. `settles`: they name the rows they settle, not their first appearance. */
export async function writeLedger(
  client: pg.ClientBase,
  target: ApplyTarget,
  settlements: readonly NewRow[],
  settles = false,
): Promise<void> {
  const head = `${target.runMonth}\t${target.run}\t`
  let text = ''
  for (const settled of settlements) text += head + ledgerCells(settled, settles)
  await copyIn(
    client,
    `copy ${quoteName(target.schema)}.record (run_month, run, ordinal, state, outcome, reason, identifier, profile_id, origin, problem, warnings) from stdin`,
    text,
  )
}

function ledgerCells(settled: NewRow, settles: boolean): string {
  const { ordinal, state } = settled
  const origin = settled.origin === null ? copyNull : goesBackTo(settled.origin, settles)
  const profile = 'profileId' in settled ? (settled.profileId ?? copyNull) : copyNull
  const who = `${toCopy(settled.identifier)}\t${profile}\t${origin}`
  const start = `${ordinal}\t${recordStateNumber[state]}`
  if (settled.state === 'new' || settled.state === 'retry') {
    const why = settled.state === 'new' ? copyNull : toCopy(JSON.stringify(settled.problem))
    return `${start}\t\\N\t\\N\t${who}\t${why}\t\\N\n`
  }
  if (settled.state === 'failed')
    return `${start}\t\\N\t\\N\t${who}\t${toCopy(JSON.stringify(settled.problem))}\t\\N\n`
  const remarks =
    settled.state === 'skipped' && settled.note !== null
      ? [settled.note, ...(settled.warnings ?? [])]
      : settled.warnings
  const warnings = remarks === null ? copyNull : toCopy(JSON.stringify(remarks))
  if (settled.state === 'skipped')
    return `${start}\t\\N\t${skipReasonNumber[settled.reason]}\t${who}\t\\N\t${warnings}\n`
  return `${start}\t${outcomeNumber[settled.outcome]}\t\\N\t${who}\t\\N\t${warnings}\n`
}

function goesBackTo(origin: Origin, settles: boolean): string {
  return settles ? recordName(origin.from.run, origin.from.ordinal) : originName(origin)
}
