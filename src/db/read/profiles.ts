// Finding profiles by identifier and attribute, and one profile with the stamps of its values.
import type pg from 'pg'
import type { Attribute } from '../../core/attribute.ts'
import { identifierKinds } from '../../core/attribute.ts'
import type { StampEntries } from '../../core/stamp.ts'
import { inReadOnly } from '../client.ts'
import type { Namespace } from '../imports.ts'
import { prepared, quoteName } from '../sql.ts'

/** One condition on an attribute or an identifier kind. */
export interface Condition {
  readonly key: string
  readonly operator: '=' | '!=' | '<' | '<=' | '>' | '>=' | '~'
  /** Empty with = or !=: has no value, has one. */
  readonly value: string
}

export interface ProfileFilter {
  /** Any kind of identifier has this value. */
  readonly identifier?: string | undefined
  /** An identifier or a text attribute contains it, whatever the case. */
  readonly text?: string | undefined
  readonly where: readonly Condition[]
}

/** Cells as PostgreSQL prints them; lists and JSON as JSON. */
export interface ProfileRow {
  readonly id: number
  readonly created_at: string
  readonly updated_at: string
  readonly cells: readonly (string | null)[]
}

export interface ProfilePlace {
  /** Only ids above this one, and up to this one. */
  readonly after: number
  readonly to?: number
  readonly limit: number
}

/** Profiles in the order of their ids, after the cursor. */
export function findProfiles(
  client: pg.PoolClient,
  namespace: Namespace,
  attributes: readonly Attribute[],
  filter: ProfileFilter,
  place: ProfilePlace,
): Promise<ProfileRow[]> {
  return inReadOnly(client, () => rowsIn(client, namespace, attributes, filter, place))
}

async function rowsIn(
  client: pg.PoolClient,
  namespace: Namespace,
  attributes: readonly Attribute[],
  filter: ProfileFilter,
  { after, to, limit }: ProfilePlace,
): Promise<ProfileRow[]> {
  const values: unknown[] = [after, limit]
  const conditions = conditionsOf(namespace, attributes, filter, (value) => `$${values.push(value)}`)
  if (to !== undefined) conditions.push(`p._id <= $${values.push(to)}`)
  const sql = `select ${profileColumns(attributes)} from ${quoteName(namespace.schema)}.profile p
     where ${['p._id > $1', ...conditions].join(' and ')} order by p._id limit $2`
  return rowsOf(await client.query<unknown[]>({ text: sql, values, rowMode: 'array' }))
}

/** What a page may take, in milliseconds, and how many ids it looks at first. */
const quickMs = 120
const firstIds = 4_000
// After a gap in the ids, which goes fast, may come profiles one beside the other: so many of them at once fit into a page's time.
const idsMax = 32_000

export interface QuickPage {
  readonly rows: readonly ProfileRow[]
  /** The id it looked up to; null: everything was looked at. */
  readonly next: number | null
}

/**
 * As many as are found in about a tenth of a second, in the order of their ids: a page may be short or empty, and the search
 * goes on from `next`. What is looked at grows while it goes fast.
 */
export function findQuickly(
  client: pg.PoolClient,
  namespace: Namespace,
  attributes: readonly Attribute[],
  filter: ProfileFilter,
  { after, limit }: ProfilePlace,
): Promise<QuickPage> {
  const started = performance.now()
  return inReadOnly(client, async () => {
    const newest = await client.query<{ id: number | null }>(
      `select max(_id) as id from ${quoteName(namespace.schema)}.profile`,
    )
    const last = newest.rows[0]?.id ?? 0
    const rows: ProfileRow[] = []
    for (let at = after, ids = firstIds; at < last; ids = Math.min(ids * 2, idsMax)) {
      const to = Math.min(last, at + ids)
      rows.push(
        ...(await rowsIn(client, namespace, attributes, filter, {
          after: at,
          to,
          limit: limit - rows.length,
        })),
      )
      const full = rows.length >= limit
      at = full ? rows.at(-1)!.id : to
      const gone = performance.now() - started
      // The next look is at twice as much.
      if (at < last && (full || gone > quickMs / 2)) return { rows, next: at }
    }
    return { rows, next: null }
  })
}

/** The first profiles by identifiers that begin with a text, in the order of those. */
export async function profilesStarting(
  client: pg.PoolClient,
  namespace: Namespace,
  attributes: readonly Attribute[],
  text: string,
  limit: number,
): Promise<ProfileRow[]> {
  const s = quoteName(namespace.schema)
  const forms = [...new Set([text, text.toLowerCase()])]
  return inReadOnly(client, async () => {
    const ids: number[] = []
    for (const form of forms) {
      const { rows } = await client.query<{ id: number }>(
        `select profile_id as id from ${s}.identifier where value ^@ $1 and profile_id > 0 order by value limit $2`,
        [form, limit],
      )
      ids.push(...rows.map(({ id }) => id))
    }
    const wanted = [...new Set(ids)].slice(0, limit)
    return rowsOf(
      await client.query<unknown[]>({
        text: `select ${profileColumns(attributes)} from ${s}.profile p where p._id = any($1::bigint[])
               order by array_position($1::bigint[], p._id)`,
        values: [wanted],
        rowMode: 'array',
      }),
    )
  })
}

export function countProfiles(
  client: pg.PoolClient,
  namespace: Namespace,
  attributes: readonly Attribute[],
  filter: ProfileFilter,
): Promise<number> {
  const values: unknown[] = []
  const conditions = conditionsOf(namespace, attributes, filter, (value) => `$${values.push(value)}`)
  const sql = `select count(*) as n from ${quoteName(namespace.schema)}.profile p
     ${conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`}`
  return inReadOnly(client, async () => (await client.query<{ n: number }>(sql, values)).rows[0]!.n)
}

function profileColumns(attributes: readonly Attribute[]): string {
  const cells = attributes.map(({ key, type }) =>
    type === 'text_list' ? `array_to_json(p.${quoteName(key)})::text` : `p.${quoteName(key)}::text`,
  )
  return ['p._id', "to_json(p._created_at) #>> '{}'", "to_json(p._updated_at) #>> '{}'", ...cells].join(', ')
}

function rowsOf(result: pg.QueryArrayResult<unknown[]>): ProfileRow[] {
  return result.rows.map(([id, createdAt, updatedAt, ...cells]) => ({
    id: id as number,
    created_at: createdAt as string,
    updated_at: updatedAt as string,
    cells: cells as (string | null)[],
  }))
}

/** The strongest identifiers of each profile, at most four, as they were given. */
export async function firstIdentifiers(
  client: pg.PoolClient,
  { schema }: Namespace,
  profiles: readonly number[],
): Promise<ReadonlyMap<number, readonly { readonly kind: string; readonly value: string }[]>> {
  const { rows } = await client.query<{ profile: number; kinds: number[]; values: string[] }>(
    `select i.profile_id as profile, array_agg(i.kind order by i.n) as kinds, array_agg(i.value order by i.n) as values
     from (select profile_id, kind, coalesce(given, value) as value,
             row_number() over (partition by profile_id order by kind, value) as n
           from ${quoteName(schema)}.identifier where profile_id = any($1::bigint[])) i
     where i.n <= 4 group by 1`,
    [profiles],
  )
  const name = (id: number): string => identifierKinds.find((one) => one.id === id)?.kind ?? String(id)
  return new Map(
    rows.map(({ profile, kinds, values }) => [
      profile,
      values.map((value, i) => ({ kind: name(kinds[i]!), value })),
    ]),
  )
}

type Put = (value: unknown) => string

/** Conditions as SQL on the profile table `p`; `put` gives the place of a parameter. */
export function conditionsOf(
  namespace: Namespace,
  attributes: readonly Attribute[],
  { identifier, text, where }: ProfileFilter,
  put: Put,
): string[] {
  const s = quoteName(namespace.schema)
  const conditions: string[] = []
  if (identifier !== undefined) {
    const forms = [...new Set([identifier.trim(), identifier.trim().toLowerCase()])]
    conditions.push(
      `p._id in (select i.profile_id from ${s}.identifier i where i.value = any(${put(forms)}::text[]))`,
    )
  }
  if (text !== undefined && text !== '')
    conditions.push(textCondition(s, attributes, put(text.toLowerCase())))
  for (const condition of where) {
    const attribute = attributes.find(({ key }) => key === condition.key)
    conditions.push(
      attribute === undefined ? kindCondition(s, condition, put) : cellCondition(attribute, condition, put),
    )
  }
  return conditions
}

/** Cells are read as one text: no match goes over the end of one, since nobody asks for a line break. */
function textCondition(schema: string, attributes: readonly Attribute[], text: string): string {
  const cells = attributes
    .filter(({ type }) => type === 'text' || type === 'text_list')
    .map(({ key, type }) =>
      type === 'text' ? `p.${quoteName(key)}` : `array_to_string(p.${quoteName(key)}, E'\\n')`,
    )
  const inIdentifier = `exists (select from ${schema}.identifier i where i.profile_id = p._id and position(${text} in lower(i.value)) > 0)`
  if (cells.length === 0) return inIdentifier
  return `(position(${text} in lower(concat_ws(E'\\n', ${cells.join(', ')}))) > 0 or ${inIdentifier})`
}

function cellCondition({ key, type }: Attribute, { operator, value }: Condition, put: Put): string {
  const cell = `p.${quoteName(key)}`
  if (value === '' && operator === '=') return `${cell} is null`
  if (value === '' && operator === '!=') return `${cell} is not null`
  if (operator === '~') return `position(lower(${put(value)}) in lower(${cell}::text)) > 0`
  // The parameter takes the column's type, so 9 < 10 for numbers and indexes can be used.
  if (type === 'text_list')
    return operator === '!=' ? `not ${put(value)} = any(${cell})` : `${put(value)} = any(${cell})`
  return operator === '!=' ? `${cell} is distinct from ${put(value)}` : `${cell} ${operator} ${put(value)}`
}

function kindCondition(schema: string, { key, operator, value }: Condition, put: Put): string {
  const kind = identifierKinds.find((k) => k.kind === key)?.id ?? 0
  const exists = (test: string): string =>
    `exists (select from ${schema}.identifier i where i.profile_id = p._id and i.kind = ${kind} and ${test})`
  if (value === '') return operator === '=' ? `not ${exists('true')}` : exists('true')
  if (operator === '~') return exists(`position(${put(value.toLowerCase())} in lower(i.value)) > 0`)
  const forms = `i.value = any(${put([value, value.toLowerCase()])}::text[])`
  return operator === '!=' ? `not ${exists(forms)}` : exists(forms)
}

/** One profile, with who asserted its values. */
export interface ProfileDetail extends ProfileRow {
  readonly version: number
  /** The stamp of every value that has no entry in `by`: microseconds since 1970, run, ordinal. */
  readonly stamp: { readonly asOf: number; readonly run: number; readonly ordinal: number }
  readonly by: StampEntries | null
  readonly created: { readonly run: number; readonly ordinal: number }
  readonly identifiers: readonly {
    readonly kind: number
    readonly value: string
    readonly given: string | null
  }[]
}

/** A profile by id, or undefined. */
export async function findProfile(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  attributes: readonly Attribute[],
  id: number,
): Promise<ProfileDetail | undefined> {
  const s = quoteName(namespace.schema)
  const [row] = rowsOf(
    await client.query<unknown[]>({
      ...prepared(`select ${profileColumns(attributes)} from ${s}.profile p where p._id = $1`, [id]),
      rowMode: 'array',
    }),
  )
  if (row === undefined) return undefined
  const stamps = await client.query<StampRow>(
    prepared(
      `select t.version, (extract(epoch from t.as_of) * 1000000)::bigint as as_of, t.run, t.ordinal, t.by,
       p._created_run as created_run, p._created_ordinal as created_ordinal
     from ${s}.profile p join ${s}.stamp t on t.profile_id = p._id where p._id = $1`,
      [id],
    ),
  )
  const identifiers = await client.query<{ kind: number; value: string; given: string | null }>(
    prepared(
      `select kind, value, given from ${s}.identifier where profile_id = $1 order by kind, value limit 1000`,
      [id],
    ),
  )
  const stamp = stamps.rows[0]!
  return {
    ...row,
    version: stamp.version,
    stamp: { asOf: stamp.as_of, run: stamp.run, ordinal: stamp.ordinal },
    by: stamp.by,
    created: { run: stamp.created_run, ordinal: stamp.created_ordinal },
    identifiers: identifiers.rows,
  }
}

interface StampRow {
  readonly version: number
  readonly as_of: number
  readonly run: number
  readonly ordinal: number
  readonly by: StampEntries | null
  readonly created_run: number
  readonly created_ordinal: number
}

/** The profile this one was merged into; null: it was deleted; undefined: it never was. */
export async function goneInto(
  client: pg.ClientBase | pg.Pool,
  namespace: Namespace,
  id: number,
): Promise<number | null | undefined> {
  const { rows } = await client.query<{ into_profile_id: number | null }>(
    prepared(
      `select into_profile_id from ${quoteName(namespace.schema)}.profile_gone where profile_id = $1`,
      [id],
    ),
  )
  return rows[0]?.into_profile_id
}
