// The opponent: hand-written SQL in psql sessions, on tables the product makes for it in a namespace of its own.
import { fileURLToPath } from 'node:url'
import { ensureAttributes } from '../src/db/attributes.ts'
import { openDatabase } from '../src/db/client.ts'
import { findNamespace } from '../src/db/imports.ts'
import { createNamespace } from '../src/db/migrate.ts'
import { systemClock } from '../src/core/clock.ts'
import { connectionOf, placeIn } from '../src/host/postgres/place.ts'
import type { AttributeType } from '../src/core/attribute.ts'
import type { Home } from './home.ts'
import { digestOf, must, type Environment } from './programs.ts'

const here = (name: string): string => fileURLToPath(new URL(`./peer/${name}`, import.meta.url))

/** What the product proposes for the customers file; `checkAttributes` holds it to that. */
const attributes: readonly { readonly key: string; readonly type: AttributeType }[] = [
  { key: 'first_name', type: 'text' },
  { key: 'last_name', type: 'text' },
  { key: 'phone', type: 'text' },
  { key: 'city', type: 'text' },
  { key: 'country', type: 'text' },
  { key: 'signup_date', type: 'date' },
  { key: 'lifetime_value', type: 'number' },
  { key: 'opt_in', type: 'boolean' },
  { key: 'tags', type: 'text_list' },
  { key: 'notes', type: 'text' },
]

/** Makes the peer's tables: the product's own, in the namespace `peer`. */
export async function makePeerTables(home: Home): Promise<void> {
  const database = openDatabase((await connectionOf(placeIn(home.path))) ?? {}, 'bench', 1)
  try {
    await database.withClient(async (client) => {
      await createNamespace(client, 'peer')
      const namespace = await findNamespace(client, 'peer')
      await ensureAttributes(client, namespace, attributes, 1, (ms) => systemClock.pause(ms))
    })
  } finally {
    await database.end()
  }
}

/** How psql reaches the embedded server. */
async function psqlEnvironment(home: Home): Promise<Environment> {
  const { host, port, user, password, database } = (await connectionOf(placeIn(home.path))) ?? {}
  return {
    PGHOST: String(host),
    PGPORT: String(port),
    PGUSER: String(user),
    PGPASSWORD: String(password),
    PGDATABASE: String(database),
  }
}

const quiet = ['-X', '-q', '-A', '-t', '-v', 'ON_ERROR_STOP=1']

/** Answers what the statement answers, unaligned. */
export async function ask(home: Home, statement: string): Promise<string> {
  return (await must('psql', [...quiet, '-c', statement], await psqlEnvironment(home))).trim()
}

/** Leaves nothing to do in the background: what one side wrote must not slow the other. */
export async function settleDown(home: Home): Promise<void> {
  await ask(home, 'vacuum analyze')
  await ask(home, 'checkpoint')
}

/** Seconds the peer needs. `runNumber` tells its ledger rows apart. */
export async function runPeer(
  home: Home,
  statements: string,
  parts: string,
  runNumber: number,
): Promise<number> {
  const args = [here('peer.sh'), statements, parts, String(runNumber)]
  return Number(await must('bash', args, await psqlEnvironment(home)))
}

/** Hash and number of all profiles of one side. */
export async function profilesOf(
  home: Home,
  schema: 'sluice_main' | 'sluice_peer',
): Promise<{ sha256: string; lines: number }> {
  const args = [...quiet, '-c', `set search_path to ${schema}`, '-f', here('profiles.sql')]
  return digestOf('psql', args, await psqlEnvironment(home))
}

/** Throws unless both sides have the same columns: the product proposed another mapping than the peer was built for. */
export async function checkAttributes(home: Home): Promise<void> {
  const list = (name: string): Promise<string> =>
    ask(
      home,
      `select string_agg(key || ' ' || type, ', ' order by key) from sluice.attribute a
       join sluice.namespace n on n.id = a.namespace_id where n.name = '${name}'`,
    )
  const [ours, theirs] = [await list('main'), await list('peer')]
  if (ours !== theirs)
    throw new Error(`the product made other attributes (${ours}) than the peer has (${theirs})`)
}
