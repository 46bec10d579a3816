// Namespaces that come and go: made with an end in sight, and erased without a trace.
import type pg from 'pg'
import { failure } from '../core/problems.ts'
import { runMachine, type RunMove, type RunState } from '../core/run.ts'
import { statesOf } from '../core/machine.ts'
import { inTransaction } from './client.ts'
import { makeDataSchema } from './migrate.ts'
import { moveRun } from './moves.ts'
import { quoteName } from './sql.ts'

type Queryable = pg.ClientBase | pg.Pool

/** Makes a namespace that stays; answers its id. Throws `namespace.name_taken`, also while one is being dropped. */
export async function createPermanent(client: pg.ClientBase, name: string): Promise<number> {
  const schema = `sluice_${name}`
  const { rows } = await client.query<{ id: number }>(
    `insert into sluice.namespace (name, data_schema) values ($1, $2) on conflict do nothing returning id`,
    [name, schema],
  )
  if (rows[0] === undefined) throw failure('namespace.name_taken', { name })
  // Whoever dies here leaves a row without a schema; the next start makes it.
  await makeDataSchema(client, schema)
  return rows[0].id
}

/** Makes a namespace that is dropped by itself after so many hours. The name must be new. */
export async function createTemporary(client: pg.ClientBase, name: string, hours: number): Promise<void> {
  const schema = `sluice_${name}`
  // The row first: whoever dies now leaves something that is found and dropped.
  await client.query(
    `insert into sluice.namespace (name, data_schema, expires_at) values ($1, $2, now() + make_interval(hours => $3))`,
    [name, schema, hours],
  )
  await makeDataSchema(client, schema)
}

export interface Dropping {
  readonly id: number
  readonly name: string
  readonly schema: string
}

/** Made with every installation; commands work in it unless another is named. */
export const firstNamespace = 'main'

/** Whether there is a namespace of this name, also one that is being dropped. */
export async function isNamespace(client: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await client.query('select from sluice.namespace where name = $1', [name])
  return rowCount === 1
}

/**
 * Marks a namespace as being dropped: no import starts in it from now on. Throws `not_found`, `namespace.first` for
 * main, and `namespace.permanent` for one that was made to stay, unless that was confirmed.
 */
export async function beginDropping(
  client: Queryable,
  name: string,
  { confirmed }: { readonly confirmed: boolean },
): Promise<Dropping> {
  if (name === firstNamespace) throw failure('namespace.first')
  const { rows } = await client.query<Dropping & { dropping: boolean }>(
    `update sluice.namespace set dropping_at = coalesce(dropping_at, case when expires_at is not null or $2 then now() end)
     where name = $1 returning id, name, data_schema as schema, dropping_at is not null as dropping`,
    [name, confirmed],
  )
  const row = rows[0]
  if (row === undefined) throw failure('not_found', { noun: 'namespace', id: name })
  if (!row.dropping) throw failure('namespace.permanent', { name })
  return row
}

/** Names of namespaces whose time is over, and of those that somebody began to drop. */
export async function expiredNamespaces(client: Queryable): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select name from sluice.namespace where expires_at < now() or dropping_at is not null order by id`,
  )
  return rows.map((row) => row.name)
}

const openStates = statesOf(runMachine).filter((state) => runMachine.states[state].settled !== true)
const endings = ['stop', 'drop'] as const satisfies readonly RunMove[]

/** Asks every run of the namespace that is not settled to stop. */
export async function stopRuns(client: Queryable, { id }: Dropping): Promise<void> {
  const { rows } = await client.query<{ id: number; state: RunState }>(
    'select id, state from sluice.run where namespace_id = $1 and state = any($2)',
    [id, openStates],
  )
  for (const run of rows) {
    const move = endings.find((one) => runMachine.moves[one].from.includes(run.state))
    if (move !== undefined) await moveRun(client, { namespaceId: id, runId: run.id }, move)
  }
}

/**
 * Removes everything of the namespace from the database but its own row (`last`: that too), unless a worker has
 * something of it in hand: then it answers false and nothing has happened.
 */
export function eraseNamespace(
  client: pg.ClientBase,
  { id, schema }: Dropping,
  last: boolean,
): Promise<boolean> {
  return inTransaction(client, async () => {
    await client.query(`set local lock_timeout = '5s'`)
    await client.query('select from sluice.namespace where id = $1 for update', [id])
    if (await isInHand(client, id)) return false
    await client.query(`drop schema if exists ${quoteName(schema)} cascade`)
    for (const statement of await deletions(client)) await client.query(statement, [id])
    await client.query('delete from sluice.migration where schema = $1', [schema])
    if (last) await client.query('delete from sluice.namespace where id = $1', [id])
    return true
  })
}

/** Whether a worker holds a lease. The rows stay locked, so that none can take one until we are through. */
async function isInHand(client: pg.ClientBase, id: number): Promise<boolean> {
  const leased = async (table: 'run' | 'chunk'): Promise<boolean> => {
    const { rows } = await client.query<{ leased: boolean }>(
      `select lease_until > clock_timestamp() as leased from sluice.${table} where namespace_id = $1 for update`,
      [id],
    )
    return rows.some((row) => row.leased)
  }
  return (await leased('run')) || (await leased('chunk'))
}

/**
 * Statements that delete the rows of namespace $1 from every table of the control schema, those that refer to others
 * first. Read from the catalogue, so that a table of tomorrow is not forgotten.
 */
async function deletions(client: pg.ClientBase): Promise<string[]> {
  const tables = await client.query<{ name: string; own: boolean }>(
    `select table_name as name, bool_or(column_name = 'namespace_id') as own from information_schema.columns
     where table_schema = 'sluice' and column_name in ('namespace_id', 'job_id') group by table_name`,
  )
  const references = await client.query<{ child: string; parent: string }>(
    `select c.relname as child, p.relname as parent from pg_constraint f
     join pg_class c on c.oid = f.conrelid join pg_class p on p.oid = f.confrelid
     where f.contype = 'f' and f.connamespace = 'sluice'::regnamespace and f.conrelid <> f.confrelid`,
  )
  const statements: string[] = []
  const open = new Map(tables.rows.map(({ name, own }) => [name, own]))
  while (open.size > 0) {
    const free = [...open.keys()].find((name) =>
      references.rows.every(({ child, parent }) => parent !== name || !open.has(child)),
    )
    if (free === undefined) throw new Error(`tables refer to each other: ${[...open.keys()].join(', ')}`)
    const of = open.get(free)!
      ? 'namespace_id = $1'
      : 'job_id in (select id from sluice.job where namespace_id = $1)'
    statements.push(`delete from sluice.${quoteName(free)} where ${of}`)
    open.delete(free)
  }
  return statements
}
