// What a refusal by PostgreSQL means (design section 4): nothing is lost, nothing twice, and a bad value stops only its record.
import { setImmediate as turn } from 'node:timers/promises'
import { Client } from 'pg'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { RunKey } from '../../src/db/moves.ts'
import type { NamedPoint } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { definition, fileOf, header } from '../support/people.ts'
import { until } from '../until.ts'

const database = testDatabase()
let h: ImportHarness
let s: string
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
  s = h.namespace.schema
})
afterEach(() => h.empty())
afterAll(() => h.close())

/** Does `act` the first time a batch reaches the point. */
function once(point: NamedPoint, act: () => Promise<unknown>): (reached: NamedPoint) => Promise<void> {
  let done = false
  return async (reached) => {
    if (done || reached !== point) return
    done = true
    await act()
  }
}

/** Imports one file whole, in a lane of its own, beside whatever else is under way. */
async function importWhole(rows: readonly string[]): Promise<RunKey> {
  const key = await h.start(fileOf(rows), { definition, jobName: 'other.csv', lane: 'other' })
  expect(await h.runToEnd(key)).toMatch(/^completed/)
  return key
}

/** Takes the run as far as the beginning of its import. */
async function validated(
  rows: readonly string[],
  order: Partial<Parameters<ImportHarness['start']>[1]> = {},
): Promise<RunKey> {
  const key = await h.start(fileOf(rows), { definition, ...order })
  await h.worker().runOnce()
  expect((await h.row(key)).state).toBe('importing')
  return key
}

async function expectSound(...keys: readonly RunKey[]): Promise<void> {
  for (const key of keys) {
    const { law, faults } = await h.verify(key)
    expect({ law: law?.faults, faults }).toEqual({ law: [], faults: [] })
  }
}

async function chunkDeaths(): Promise<number> {
  const { rows } = await h.db.pool.query<{ n: number }>(
    'select coalesce(sum(deaths), 0) as n from sluice.chunk',
  )
  return rows[0]!.n
}

/** A session of its own, which can wait and be waited for. */
async function session(): Promise<Client> {
  const client = new Client(database.connection)
  client.on('error', () => {})
  await client.connect()
  return client
}

async function waitsForLock(application: string): Promise<void> {
  await until(async () => {
    const { rowCount } = await h.db.pool.query(
      `select from pg_stat_activity where application_name = $1 and datname = current_database() and wait_event_type = 'Lock'`,
      [application],
    )
    return rowCount! > 0
  })
}

test('a value our check accepts and the database refuses fails its record with check.gap; neighbours are kept', async () => {
  await importWhole(['c2,p2@example.com,Wien,1,', ',p4@example.com,Wien,1,', 'c5,,Wien,1,'])
  const rows = [
    'c1,p1@example.com,Berlin,1,',
    'c2,p2@example.com,Atlantis,2,',
    'c3,p3@example.com,Bonn,3,',
    'c4,p4@example.com,Bonn,4,',
    'c5,p4@example.com,Atlantis,5,',
    'c6,p6@example.com,Atlantis,6,',
    'c7,,Bonn,7,',
  ]
  await h.db.pool.query(`alter table ${s}.profile add constraint no_atlantis check (city <> 'Atlantis')`)
  const key = await h.start(fileOf(rows), {
    definition,
    settings: { batchRecords: 4, chunkBatches: 4, connections: 2 },
  })
  expect(await h.runToEnd(key)).toBe('completed_with_errors')
  const ledger = await h.dumpLedger(key)
  expect(ledger.filter((row) => row.includes('check.gap'))).toEqual([
    '2 5 c2 check.gap',
    '5 5 c5 check.gap',
    '6 5 c6 check.gap',
  ])
  const counters = await h.counters(key)
  expect([counters.read, counters.finished.total, counters.failed]).toEqual([
    7,
    4,
    { total: 3, 'check.gap': 3 },
  ])
  expect((await h.dumpProfiles()).join('\n')).not.toContain('Atlantis')
  await expectSound(key)
  const text = await h.errorFile(key)
  expect(text).toContain('no_atlantis')
  expect(text).toContain(rows[5])
  await h.db.pool.query(`alter table ${s}.profile drop constraint no_atlantis`)
})

test('somebody else makes the same person first: planned again, the person exists once', async () => {
  const key = await validated(['c1,p1@example.com,Berlin,1,', 'c2,p2@example.com,Berlin,2,'])
  let other: RunKey | undefined
  const rival = once(
    'planned',
    async () => (other = await importWhole(['c1,p1@example.com,Wien,9,', 'c3,,Wien,3,'])),
  )
  expect(await h.runToEnd(key, { at: rival })).toBe('completed')
  expect((await h.dumpLedger(key)).map((row) => row.slice(0, 5))).toEqual(['1 4 8', '2 3 1'])
  expect(await h.dumpProfiles()).toEqual([
    '1:c1 2:p1@example.com {"city":"Wien","score":9}',
    '1:c2 2:p2@example.com {"city":"Berlin","score":2}',
    '1:c3 {"city":"Wien","score":3}',
  ])
  await expectSound(key, other!)
})

test('somebody else changes the same profile first: the lost version is planned again', async () => {
  await importWhole(['c1,p1@example.com,Berlin,1,', 'c2,p2@example.com,Berlin,2,'])
  const key = await validated(['c1,,Bonn,5,', 'c2,,Bonn,6,'])
  let other: RunKey | undefined
  const rival = once('planned', async () => (other = await importWhole(['c1,,Wien,9,'])))
  expect(await h.runToEnd(key, { at: rival })).toBe('completed')
  expect(await h.dumpProfiles()).toEqual([
    '1:c1 2:p1@example.com {"city":"Wien","score":9}',
    '1:c2 2:p2@example.com {"city":"Bonn","score":6}',
  ])
  await expectSound(key, other!)
})

test('a batch that loses against others three times asks to be alone, and gets through', async () => {
  await importWhole(['c1,,Berlin,1,', 'c2,,Berlin,2,'])
  const key = await validated(['c1,,Bonn,5,', 'c2,,Bonn,6,'])
  let lost = 0
  const at = async (point: NamedPoint): Promise<void> => {
    if (point !== 'planned' || lost >= 3) return
    lost++
    await h.db.pool.query(`update ${s}.stamp set version = version + 1`)
  }
  expect(await h.runToEnd(key, { at })).toBe('completed')
  expect([lost, (await h.counters(key)).finished['updated']]).toEqual([3, 2])
  await expectSound(key)
})

test('a deadlock is resolved by planning again', async () => {
  await importWhole(['c1,,Berlin,1,', 'c2,,Berlin,2,'])
  const key = await validated(['c1,,Bonn,5,', 'c2,,Bonn,6,'])
  const { rows } = await h.db.pool.query<{ _id: number }>(`select _id from ${s}.profile order by _id`)
  const other = await session()
  // Never the victim: the worker's session looks for deadlocks after the usual second.
  await other.query(`set deadlock_timeout = '10min'`)
  const touch = (row: number) =>
    other.query(`update ${s}.profile set _updated_at = now() where _id = $1`, [rows[row]!._id])
  const met = Promise.withResolvers<unknown>()
  const rival = once('planned', async () => {
    await other.query('begin')
    await touch(1)
    waitsForLock('sluice test')
      .then(() => touch(0))
      .then(met.resolve, met.reject)
  })
  const ended = h.runToEnd(key, { at: rival })
  await met.promise
  await other.query('commit')
  expect(await ended).toBe('completed')
  await other.end()
  expect((await h.counters(key)).finished['updated']).toBe(2)
  await expectSound(key)
})

test('a refused value that lost against a later one meanwhile is not written, and fails nothing', async () => {
  await importWhole(['c1,,Berlin,1,', 'c2,,Berlin,2,'])
  await h.db.pool.query(`alter table ${s}.profile add constraint no_atlantis check (city <> 'Atlantis')`)
  const key = await validated(['c1,,Atlantis,5,', 'c2,,Bonn,6,'])
  const rival = once('planned', () => importWhole(['c1,,Wien,9,']))
  expect(await h.runToEnd(key, { at: rival })).toBe('completed')
  expect((await h.dumpLedger(key)).map((row) => row.slice(0, 5))).toEqual(['1 4 8', '2 3 2'])
  await expectSound(key)
  await h.db.pool.query(`alter table ${s}.profile drop constraint no_atlantis`)
})

test('two writers that keep one another out while records are set aside: nothing fails but what is refused', async () => {
  await h.db.pool.query(
    `alter table ${s}.profile add column if not exists city text, add constraint no_atlantis check (city <> 'Atlantis')`,
  )
  const rows = (from: number) =>
    Array.from(
      { length: 60 },
      (_, i) => `c${(i * 7 + from) % 60},,${i % 20 === 7 ? 'Atlantis' : 'Bonn'},${i},`,
    )
  const settings = { batchRecords: 15, chunkBatches: 1, connections: 2 }
  const keys = [
    await validated(rows(0), { settings }),
    await h.start(fileOf(rows(1)), { definition, settings }),
  ]
  await h.whileWorking(() => Promise.all(keys.map((key) => h.settled(key))), {}, 2)
  const [older, newer] = await Promise.all(keys.map((key) => h.counters(key)))
  // The older run may find that a later value won where its own was refused.
  expect([older!.read, older!.left, older!.failed.total]).toEqual([60, 0, older!.failed['check.gap'] ?? 0])
  expect([newer!.read, newer!.failed]).toEqual([60, { total: 3, 'check.gap': 3 }])
  expect((await h.dumpProfiles()).join('\n')).not.toContain('Atlantis')
  await expectSound(...keys)
  await h.db.pool.query(`alter table ${s}.profile drop constraint no_atlantis`)
})

test('an attribute that vanished while a merge was planned: the catalogue is read again', async () => {
  const wide = {
    ...definition,
    columns: [...definition.columns, 'nick'],
    mapping: {
      ...definition.mapping,
      columns: [
        ...definition.mapping.columns,
        {
          ...definition.mapping.columns[2]!,
          column: 'nick',
          target: {
            to: 'attribute' as const,
            key: 'nick',
            type: 'text' as const,
            clean: 'none' as const,
            write: 'set' as const,
          },
        },
      ],
    },
  }
  const before = await h.start(`${header},nick\nc1,,Wien,1,,Ada\n,p1@example.com,Wien,1,,Countess\n`, {
    definition: wide,
    jobName: 'wide.csv',
  })
  await h.runToEnd(before)
  const key = await validated(['c1,p1@example.com,Bonn,5,', 'c2,,Bonn,6,'])
  const rival = once('planned', async () => {
    await h.db.pool.query(`alter table ${s}.profile drop column nick`)
    await h.db.pool.query(`delete from sluice.attribute where key = 'nick'`)
  })
  expect(await h.runToEnd(key, { at: rival })).toBe('completed')
  expect(await h.dumpProfiles()).toEqual([
    '1:c1 2:p1@example.com {"city":"Bonn","score":5}',
    '1:c2 {"city":"Bonn","score":6}',
  ])
  await expectSound(key)
})

test('an attribute that was renamed between batches: the catalogue is read again', async () => {
  await h.db.pool.query(`alter table ${s}.profile add column if not exists nick text`)
  await h.db.pool.query(
    `insert into sluice.attribute (namespace_id, key, type, label, position) values (1, 'nick', 'text', 'Nick', 99) on conflict do nothing`,
  )
  await importWhole(['c1,,Wien,1,', 'c2,,Wien,1,', 'c3,,Wien,1,'])
  const key = await validated(['c1,,Bonn,5,', 'c2,,Bonn,6,', 'c3,,Bonn,7,'], {
    settings: { batchRecords: 1, chunkBatches: 4, connections: 1 },
  })
  const rival = once('committed', async () => {
    await h.db.pool.query(`alter table ${s}.profile rename column nick to pet_name`)
    await h.db.pool.query(`update sluice.attribute set key = 'pet_name' where key = 'nick'`)
  })
  expect(await h.runToEnd(key, { at: rival })).toBe('completed')
  expect((await h.counters(key)).finished['updated']).toBe(3)
  await expectSound(key)
})

test('a worker whose lease was taken over commits nothing', async () => {
  const key = await validated(['c1,,Berlin,1,', 'c2,,Berlin,2,'])
  const thief = once('applied', () =>
    h.db.pool.query(
      `update sluice.chunk set attempt = attempt + 1, leased_by = 'thief', lease_until = clock_timestamp() + interval '1 hour'`,
    ),
  )
  await h.worker({ at: thief }).runOnce()
  expect(await h.dumpLedger(key)).toEqual([])
  expect(await h.dumpProfiles()).toEqual([])
  await h.db.pool.query(`update sluice.chunk set lease_until = clock_timestamp() - interval '1 second'`)
  expect(await h.runToEnd(key)).toBe('completed')
  expect((await h.counters(key)).finished['created']).toBe(2)
  await expectSound(key)
})

test('a connection cut in one batch: a later batch of the same person does not overtake it', async () => {
  const settings = { batchRecords: 1, chunkBatches: 4, connections: 3 }
  const key = await validated(['c1,,Berlin,1,', 'c1,,Berlin,1,', 'c1,,Bonn,1,', 'c2,,Bonn,1,'], { settings })
  const cut = once('applied', async () => {
    await turn()
    await h.db.pool.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'sluice test'
         and datname = current_database() and state = 'idle in transaction'`,
    )
  })
  expect(await h.runToEnd(key, { at: cut })).toBe('completed')
  expect((await h.dumpLedger(key)).map((row) => row.slice(0, 5))).toEqual([
    '1 3 1',
    '2 3 3',
    '3 3 2',
    '4 3 1',
  ])
  expect(await chunkDeaths()).toBe(0)
  await expectSound(key)
})
