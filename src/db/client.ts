// Connections to PostgreSQL: one pool per process, sessions that print values canonically, transactions, refusals.
import pg from 'pg'

/** How to reach the database; what `pg` takes. */
export type Connection = pg.ClientConfig

export interface Database {
  readonly pool: pg.Pool
  /** Runs `use` with a connection of the pool; a connection that failed is thrown away, not given back. */
  withClient<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T>
  transaction<T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T>
  end(): Promise<void>
}

// Canonical output everywhere: core compares texts instead of values (core/mapped.ts).
// Batches look up thousands of keys at a time; a parallel plan would start processes for milliseconds of work.
// A process that stalls in mid-transaction loses its session when its leases run out: whoever takes its work over would
// otherwise wait for its locks. One that stalls in mid-statement is not idle; other workers see to it (leases.ts).
const session =
  '-c idle_in_transaction_session_timeout=20s -c max_parallel_workers_per_gather=0 -c timezone=UTC -c datestyle=ISO -c intervalstyle=postgres -c bytea_output=hex -c client_min_messages=warning'

// bigint comes as a number: ids and counts stay far below 2^53.
const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === 20 ? Number : pg.types.getTypeParser(oid, format)) as pg.CustomTypesConfig['getTypeParser'],
}

/** Opens a pool. `role` shows in pg_stat_activity as `sluice <role>`: the last session to leave stops the embedded server. */
export function openDatabase(connection: Connection, role: string, max = 8): Database {
  const pool = new pg.Pool({
    ...connection,
    max,
    types,
    options: session,
    application_name: `sluice ${role}`,
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 30_000,
    // What a session keeps (plans of prepared queries, caches) goes with it.
    maxLifetimeSeconds: 900,
    keepAlive: true,
  })
  // An idle connection that dies is replaced at its next use; without a listener it would end the process.
  pool.on('error', ignore)
  // The same for one that dies in somebody's hands: its next query says so.
  pool.on('connect', (client) => client.on('error', ignore))
  const withClient = async <T>(use: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await pool.connect()
    try {
      const result = await use(client)
      release(client)
      return result
    } catch (error) {
      release(client, isConnectionLoss(error))
      throw error
    }
  }
  return {
    pool,
    withClient,
    transaction: (use) => withClient((client) => inTransaction(client, () => use(client))),
    end: () => pool.end(),
  }
}

function ignore(): void {}

function release(client: pg.PoolClient, destroy = false): void {
  client.release(destroy)
}

/** Commits what `use` does, or rolls it back and rethrows. */
export function inTransaction<T>(client: pg.ClientBase, use: () => Promise<T>): Promise<T> {
  return between('begin', client, use)
}

/** Reads in one transaction that can write nothing and may not take longer than 10 s (then 57014). */
export function inReadOnly<T>(client: pg.ClientBase, use: () => Promise<T>): Promise<T> {
  return between(`begin read only; set local statement_timeout = '10s'`, client, use)
}

async function between<T>(begin: string, client: pg.ClientBase, use: () => Promise<T>): Promise<T> {
  await client.query(begin)
  try {
    const result = await use()
    await client.query('commit')
    return result
  } catch (error) {
    // A lost connection cannot roll back; the server does.
    await client.query('rollback').catch(ignore)
    throw error
  }
}

/** The SQLSTATE of an error PostgreSQL answered with, else undefined. */
export function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}

const lostCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EAI_AGAIN',
])
const lostMessages =
  /connection terminated|connection ended|client was closed|timeout exceeded when trying to connect|not queryable|server closed the connection/i

/** Whether the connection, not the statement, failed: shut down, unreachable, cut. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== undefined) return state.startsWith('08') || state.startsWith('57P') || state === '25P03'
  if (!(error instanceof Error)) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  // The socket of the server is not there; any other file may be missing for reasons of its own.
  if (code === 'ENOENT') return syscall === 'connect'
  return (code !== undefined && lostCodes.has(code)) || lostMessages.test(error.message)
}
