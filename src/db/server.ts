// Questions to the PostgreSQL server itself: its version, who is on it, who may stop it.
import type pg from 'pg'
import { quoteName } from './sql.ts'

// Session locks of one database. Every Sluice process shares `presence`; whoever stops the server takes it alone.
const presence = 7_305_231
const keeper = 7_305_232

/** The application name of the process that stops the embedded server when nobody is left. */
export const keeperName = 'sluice keeper'

/** As a number, 180004 for 18.4. */
export async function serverVersion(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int as version`,
  )
  return rows[0]?.version ?? 0
}

/** Counts this session in. False: the server is about to be stopped; come back when it is up again. */
export async function joinServer(client: pg.ClientBase): Promise<boolean> {
  return flag(client, `select pg_try_advisory_lock_shared(${presence}) as yes`)
}

/** True when no Sluice process is on the server; none can join until this session ends. */
export async function claimServer(client: pg.ClientBase): Promise<boolean> {
  return flag(client, `select pg_try_advisory_lock(${presence}) as yes`)
}

export async function unclaimServer(client: pg.ClientBase): Promise<void> {
  await client.query(`select pg_advisory_unlock(${presence})`)
}

/** Makes this session the keeper's; false when there is one already. */
export async function becomeKeeper(client: pg.ClientBase): Promise<boolean> {
  return flag(client, `select pg_try_advisory_lock(${keeper}) as yes`)
}

export async function hasKeeper(client: pg.ClientBase): Promise<boolean> {
  return flag(
    client,
    `select exists (select from pg_stat_activity where application_name = '${keeperName}') as yes`,
  )
}

/** Sessions of any program besides this one and the keeper: nobody's work is cut off, psql included. */
export async function otherSessions(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ count: number }>(
    `select count(*)::int as count from pg_stat_activity
     where backend_type = 'client backend' and pid <> pg_backend_pid() and application_name <> '${keeperName}'`,
  )
  return rows[0]?.count ?? 0
}

/** Makes an empty database where there is none of that name. Callers hold the start lock. */
export async function ensureDatabase(client: pg.ClientBase, name: string): Promise<void> {
  if (await flag(client, 'select exists (select from pg_database where datname = $1) as yes', [name])) return
  await client.query(`create database ${quoteName(name)}`)
}

/** Settings by name, as `show` prints them; a name this server does not know is left out. */
export async function serverSettings(
  client: pg.ClientBase,
  names: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(
    'select name, current_setting(name) as value from pg_settings where name = any($1)',
    [names],
  )
  return new Map(rows.map((row) => [row.name, row.value]))
}

async function flag(client: pg.ClientBase, text: string, values: unknown[] = []): Promise<boolean> {
  const { rows } = await client.query<{ yes: boolean }>(text, values)
  return rows[0]?.yes === true
}

/** The Sluice processes on the embedded server, by role ('server', 'worker'), one line each. */
export async function processesOn(client: pg.ClientBase): Promise<string[]> {
  const { rows } = await client.query<{ role: string }>(
    `select substr(a.application_name, 8) as role from pg_locks l join pg_stat_activity a using (pid)
     where l.locktype = 'advisory' and l.granted and l.classid = 0 and l.objid = ${presence} and a.datname = current_database()
     order by 1`,
  )
  return rows.map((row) => row.role)
}
