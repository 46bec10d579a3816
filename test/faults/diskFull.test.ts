// The disk fills up: the run sleeps and says which disk, nothing is half-written, and it goes on by itself when there is room.
import { chown, mkdir, readdir, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { RunKey } from '../../src/db/moves.ts'
import type { NamedPoint } from '../../src/pipeline/context.ts'
import { migrate } from '../../src/db/migrate.ts'
import { ensurePostgres } from '../../src/host/postgres/ensure.ts'
import { ownerOf } from '../../src/host/postgres/place.ts'
import { stopPostgres } from '../../src/host/postgres/stop.ts'
import { testBinaries } from '../postgres.ts'
import { isContinuousIntegration } from '../support/campaign.ts'
import { FastClock } from '../support/fastClock.ts'
import { ImportHarness, silentLog, type RunRow } from '../support/importHarness.ts'
import { OwnPostgres } from '../support/ownPostgres.ts'
import { definition, mixedFile } from '../support/people.ts'
import { SmallDisk, whyNoSmallDisk } from '../support/smallDisk.ts'
import { until } from '../until.ts'

const missing = await whyNoSmallDisk()
const file = mixedFile(21, 3_000)
const settings = { batchRecords: 100, chunkBatches: 4, connections: 3 }
const order = { definition, settings }

let server: OwnPostgres
let disk: SmallDisk
let clean: unknown

beforeAll(async () => {
  if (missing !== null) return
  server = await OwnPostgres.make()
  const h = await ImportHarness.open(server.connection)
  const key = await h.start(file, order)
  await h.runToEnd(key)
  clean = await whatIsLeft(h, key)
  await h.empty()
  await h.close()
})
afterAll(() => server?.remove())

beforeEach(async ({ skip }) => {
  if (missing !== null && isContinuousIntegration) throw new Error(missing)
  if (missing !== null) return skip(missing)
  disk = await SmallDisk.mount(160)
})
afterEach(async () => {
  if (missing === null) await disk.remove()
})

async function whatIsLeft(h: ImportHarness, key: RunKey): Promise<unknown> {
  const { state, problem, sleeping } = await h.row(key)
  const { law, faults } = await h.verify(key)
  return {
    state,
    problem,
    sleeping,
    faults: [...law!.faults, ...faults],
    profiles: await h.dumpProfiles(),
    ledger: await h.dumpLedger(key),
    counters: await h.counters(key),
    errors: await h.errorRows(key),
  }
}

/** Waits until the run is seen asleep because of the disk. */
function asleep(h: ImportHarness, key: RunKey): Promise<RunRow> {
  return until(async () => {
    const row = await h.row(key)
    return row.sleeping?.reason === 'storage_full' && row
  })
}

/** Fills the disk when a point is reached for the n-th time. */
function fillAt(point: NamedPoint, nth: number, keep: number): (reached: NamedPoint) => Promise<void> {
  let times = 0
  return async (reached) => {
    if (reached === point && ++times === nth) await disk.fill(keep)
  }
}

/** Names of unfinished files in the blob folder. */
function unfinished(h: ImportHarness): Promise<string[]> {
  return readdir(join(h.folder, '.new')).catch(() => [])
}

async function blobsIn(h: ImportHarness, folder: string): Promise<string[]> {
  const keys: string[] = []
  for await (const key of h.store.list(folder)) keys.push(key.split('/').at(-1)!)
  return keys
}

test('the blob folder is full while validating', async () => {
  const h = await ImportHarness.open(server.connection, join(disk.folder, 'blobs'))
  const key = await h.start(file, order)
  await disk.fill()
  const back = async (): Promise<void> => {
    const { state, sleeping } = await asleep(h, key)
    expect([state, sleeping!.problem.message]).toEqual([
      'validating',
      `There is no room left on ${h.folder} (0 MB free).`,
    ])
    expect([await blobsIn(h, `runs/1/${key.runId}`), await h.dumpLedger(key)]).toEqual([[], []])
    await disk.makeRoom()
    await h.settled(key)
  }
  await h.whileWorking(back, { clock: new FastClock() })
  expect(await unfinished(h)).toEqual([])
  expect(await whatIsLeft(h, key)).toEqual(clean)
  await h.empty()
  await h.close(true)
})

test('the blob folder is full when the error file is written', async () => {
  const h = await ImportHarness.open(server.connection, join(disk.folder, 'blobs'))
  const key = await h.start(file, order)
  const back = async (): Promise<void> => {
    expect((await asleep(h, key)).state).toBe('processing')
    expect(await blobsIn(h, `runs/1/${key.runId}`)).toEqual(['index', 'prepared'])
    await disk.makeRoom()
    await h.settled(key)
  }
  await h.whileWorking(back, { clock: new FastClock(), at: fillAt('counted', 1, 0) })
  expect(await unfinished(h)).toEqual([])
  expect(await whatIsLeft(h, key)).toEqual(clean)
  await h.empty()
  await h.close(true)
})

/** Moves the profiles and the ledger to the small disk. */
async function moveDataTo(h: ImportHarness, folder: string): Promise<void> {
  const { uid, gid } = await ownerOf(server.place)
  await mkdir(folder)
  await chown(folder, uid, gid)
  await h.db.pool.query(`create tablespace small location '${folder}'`)
  await setTablespace(h, 'small')
}

async function setTablespace(h: ImportHarness, name: string): Promise<void> {
  const { rows } = await h.db.pool.query<{ statement: string }>(
    `select format('alter %s %I.%I set tablespace %I', case c.relkind when 'i' then 'index' else 'table' end, n.nspname, c.relname, $2::text) as statement
     from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relkind in ('r', 'i')`,
    [h.namespace.schema, name],
  )
  for (const { statement } of rows) await h.db.pool.query(statement)
}

test('the database volume is full while importing', async () => {
  const h = await ImportHarness.open(server.connection)
  await moveDataTo(h, join(disk.folder, 'data'))
  const key = await h.start(file, order)
  const back = async (): Promise<void> => {
    const { state, sleeping } = await asleep(h, key)
    expect([state, sleeping!.problem.message]).toEqual([
      'importing',
      expect.stringContaining('There is no room left on'),
    ])
    const { law } = await h.verify(key)
    expect(law!.faults).toEqual([])
    expect(law!.counters.left).toBeGreaterThan(0)
    await disk.makeRoom()
    await h.settled(key)
  }
  await h.whileWorking(back, { clock: new FastClock(), at: fillAt('committed', 5, 65_536) })
  expect(await whatIsLeft(h, key)).toEqual(clean)
  await h.empty()
  await setTablespace(h, 'pg_default')
  await h.db.pool.query('drop tablespace small')
  await h.close()
})

/** What `npm start` does: the embedded server and the blobs under one home. */
async function withHome(
  use: (h: ImportHarness, revive: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const home = join(disk.folder, 'home')
  const settings = { shared_buffers: '32MB', min_wal_size: '32MB', max_wal_size: '32MB', wal_buffers: '1MB' }
  const embedded = { home, role: 'test', settings, ...testBinaries() }
  const postgres = await ensurePostgres(embedded)
  const client = new Client(postgres.connection)
  await client.connect()
  await migrate(client)
  await client.end()
  const h = await ImportHarness.open(postgres.connection, join(home, 'blobs'))
  try {
    await use(h, async () => (await ensurePostgres(embedded)).release())
  } finally {
    await h.close(true)
    await postgres.release()
    await disk.makeRoom()
    await stopPostgres(home)
  }
}

test('everything is on one full disk, and PostgreSQL itself goes down for want of room', async () => {
  await withHome(async (h, revive) => {
    const key = await h.start(file, order)
    let full = false
    const warned = Promise.withResolvers<void>()
    const log = { ...silentLog, warn: () => (full ? warned.resolve() : undefined) }
    const fill = fillAt('committed', 5, 0)
    const at = async (point: NamedPoint): Promise<void> => {
      await fill(point)
      if (full || (await roomOn(disk)) > 0) return
      full = true
      // The log of the database needs a new file, which there is no room for: the server ends itself.
      const use = `select pg_switch_wal(), pg_logical_emit_message(true, 'x', 'x')`
      for (let i = 0; i < 8; i++) await h.db.pool.query(use).catch(() => {})
    }
    const back = async (): Promise<void> => {
      await warned.promise
      expect(await h.db.pool.query('select').catch(() => 'down')).toBe('down')
      await disk.makeRoom()
      await h.settled(key)
    }
    await h.whileWorking(back, { at, log, revive })
    expect(await unfinished(h)).toEqual([])
    expect(await whatIsLeft(h, key)).toEqual(clean)
  })
})

async function roomOn({ folder }: SmallDisk): Promise<number> {
  return (await statfs(folder)).bavail
}
