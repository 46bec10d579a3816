// One profile with everything that happened to it, as far as changes tell; also of one that was merged away or deleted.
import type pg from 'pg'
import type { Attribute } from '../../core/attribute.ts'
import type { Before } from '../../core/changeSet.ts'
import type { PastChange, PastIdentifier, PastProfile } from '../../core/history.ts'
import { parseRecordName } from '../../core/origin.ts'
import type { StampEntries, StampEntry } from '../../core/stamp.ts'
import type { Namespace } from '../imports.ts'
import { prepared, quoteName } from '../sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** How a profile went. */
export interface Gone {
  readonly run: number
  readonly ordinal: number
  /** Microseconds since 1970. */
  readonly at: number
  /** The profile it was merged into; null: it was deleted. */
  readonly into: number | null
}

export interface LoadedProfile extends PastProfile {
  readonly gone: Gone | null
  /** It has more changes than are read at once: the oldest are missing. */
  readonly cut: boolean
}

/** More changes of one profile are not read: a person has some dozens, a test address may have any number. */
export const changesMax = 5_000

const micros = (column: string): string => `(extract(epoch from ${column}) * 1000000)::bigint`

/** A profile by id with its changes, or undefined where there never was one. */
export async function loadPastProfile(
  client: Queryable,
  namespace: Namespace,
  attributes: readonly Attribute[],
  id: number,
): Promise<LoadedProfile | undefined> {
  const found =
    (await loadPresent(client, namespace, attributes, id)) ??
    (await loadGone(client, namespace, attributes, id))
  if (found === undefined) return undefined
  const changes = await loadChanges(client, namespace, id)
  return { ...found, changes: changes.slice(0, changesMax), cut: changes.length > changesMax }
}

type Loaded = Omit<LoadedProfile, 'changes' | 'cut'>

/** Canonical text, as COPY prints it: `::text` says true where COPY says t. */
function cellColumns(attributes: readonly Attribute[]): string {
  return attributes
    .map(({ key, type }) => {
      const text = `p.${quoteName(key)}::text`
      return `, ${type === 'boolean' ? `left(${text}, 1)` : text}`
    })
    .join('')
}

/** A profile that a corrected record made has the stamp of the first one. `namespace`: the parameter with its id. */
const originOf = (s: string, namespace: string): string => `
  (select l.origin from ${s}.record l
   where l.run_month = (select r.run_month from sluice.run r where r.namespace_id = ${namespace} and r.id = p._created_run)
     and l.run = p._created_run and l.ordinal = p._created_ordinal)`

const headColumns = (s: string): string =>
  `${originOf(s, '$2')}, p._created_run, p._created_ordinal, ${micros('p._created_at')}, ${micros('t.as_of')}, t.run, t.ordinal, t.by`

type Row = [
  string | null,
  number,
  number,
  number,
  number,
  number,
  number,
  StampEntries | null,
  ...(string | null)[],
]

function profileOf(
  id: number,
  row: Row,
  attributes: readonly Attribute[],
): Omit<Loaded, 'gone' | 'identifiers'> {
  const [origin, run, ordinal, at, asOf, stampRun, stampOrdinal, by, ...cells] = row
  const first = (origin === null ? undefined : parseRecordName(origin)) ?? { run, ordinal }
  return {
    id,
    cells: new Map(attributes.map(({ key }, i) => [key, cells[i] ?? null])),
    stamp: [asOf, stampRun, stampOrdinal] satisfies StampEntry,
    by,
    created: { run, ordinal, at, wrote: [first.run, first.ordinal] },
  }
}

async function loadPresent(
  client: Queryable,
  { id: namespaceId, schema }: Namespace,
  attributes: readonly Attribute[],
  id: number,
): Promise<Loaded | undefined> {
  const s = quoteName(schema)
  const { rows } = await client.query<Row>({
    ...prepared(
      `select ${headColumns(s)}${cellColumns(attributes)}
       from ${s}.profile p join ${s}.stamp t on t.profile_id = p._id where p._id = $1`,
      [id, namespaceId],
    ),
    rowMode: 'array',
  })
  if (rows[0] === undefined) return undefined
  const identifiers = await client.query<PastIdentifier>(
    prepared(
      `select kind as "kindId", value from ${s}.identifier where profile_id = $1 order by kind, value limit 1000`,
      [id],
    ),
  )
  return { ...profileOf(id, rows[0], attributes), identifiers: identifiers.rows, gone: null }
}

/** The identifiers a deleted profile had, kept beside its row. */
type Kept = readonly (readonly [kindId: number, value: string, given: string | null])[]

async function loadGone(
  client: Queryable,
  { id: namespaceId, schema }: Namespace,
  attributes: readonly Attribute[],
  id: number,
): Promise<Loaded | undefined> {
  const s = quoteName(schema)
  const { rows } = await client.query<[number, number, number, number | null, Kept | null, ...Row]>({
    text: `select g.gone_run, g.gone_ordinal, ${micros('g.gone_at')}, g.into_profile_id, g.row -> 'identifiers', ${headColumns(s)}${cellColumns(attributes)}
           from ${s}.profile_gone g, lateral jsonb_populate_record(null::${s}.profile, g.row -> 'profile') p,
             lateral jsonb_populate_record(null::${s}.stamp, g.row -> 'stamp') t
           where g.profile_id = $1`,
    values: [id, namespaceId],
    rowMode: 'array',
  })
  if (rows[0] === undefined) return undefined
  const [run, ordinal, at, into, kept, ...row] = rows[0]
  const gone = { run, ordinal, at, into }
  const identifiers =
    into === null
      ? (kept ?? []).map(([kindId, value]) => ({ kindId, value }))
      : await movedWith(client, schema, id, gone)
  return { ...profileOf(id, row, attributes), identifiers, gone }
}

/** The identifiers a merged profile had: the survivor's change says which moved. */
async function movedWith(
  client: Queryable,
  schema: string,
  id: number,
  { run, ordinal }: Gone,
): Promise<PastIdentifier[]> {
  const { rows } = await client.query<{ before: Before }>(
    prepared(`select before from ${quoteName(schema)}.change where run = $1 and ordinal = $2`, [
      run,
      ordinal,
    ]),
  )
  const merged = rows.flatMap(({ before }) => before.merged ?? []).filter((one) => one.id === id)
  return merged.flatMap(({ moved }) => moved.map(([kindId, value]) => ({ kindId, value })))
}

/** One more than are read at most, so that the caller sees whether there are more. */
async function loadChanges(
  client: Queryable,
  { id: namespaceId, schema }: Namespace,
  id: number,
): Promise<PastChange[]> {
  const s = quoteName(schema)
  // A batch is written in one transaction that begins after it saw the one before it: its rows carry the time of that.
  const { rows } = await client.query<PastChange>(
    prepared(
      `select c.run, c.ordinal, c.before, ${micros('coalesce(l.updated_at, r.started_at, r.created_at)')} as at
     from (select run, ordinal, before from ${s}.change where profile_id = $1 order by run desc, ordinal desc limit $2) c
     join sluice.run r on r.namespace_id = $3 and r.id = c.run
     left join ${s}.record l on l.run_month = r.run_month and l.run = c.run and l.ordinal = c.ordinal`,
      [id, changesMax + 1, namespaceId],
    ),
  )
  return rows
}

/** What stands behind a run, for telling where a value came from. */
export interface RunSource {
  readonly id: number
  readonly job: string
  readonly trigger: string
  readonly state: string
  readonly file: string | null
}

/** Job, trigger, state and file by run id; a run that is gone is absent. */
export async function sourcesOfRuns(
  client: Queryable,
  { id }: Namespace,
  runs: readonly number[],
): Promise<ReadonlyMap<number, RunSource>> {
  const { rows } = await client.query<RunSource>(
    prepared(
      `select r.id, j.name as job, r.trigger, r.state, l.file_name as file
     from sluice.run r join sluice.job j on j.id = r.job_id left join sluice.landing l on l.id = r.landing_id
     where r.namespace_id = $1 and r.id = any($2::bigint[])`,
      [id, runs],
    ),
  )
  return new Map(rows.map((row) => [row.id, row]))
}
