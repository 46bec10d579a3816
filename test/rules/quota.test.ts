// The quota of a namespace (BC-24, BC-25, BC-27, E6, LY-D08): cut exactly at the limit, whatever the number of workers.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { breakerSchema } from '../../src/core/job.ts'
import { moveRun, type RunKey } from '../../src/db/moves.ts'
import { countedBefore } from '../../src/db/quota.ts'
import { writeSettings } from '../../src/db/settings.ts'
import { startUndo } from '../../src/db/undoRuns.ts'
import { testDatabase } from '../postgres.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { definition, fileOf } from '../support/people.ts'

const database = testDatabase()
let h: ImportHarness

beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
})
afterAll(() => h.close())
beforeEach(async () => {
  await h.empty()
  await h.db.pool.query('truncate sluice.quota_use, sluice.log')
  await quota(null)
})

function quota(records: number | null): Promise<unknown> {
  return h.db.transaction((client) => writeSettings(client, h.namespace.id, { quota: records }))
}

function people(count: number, from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `c${i + from},,Wien,1,`)
}

async function used(): Promise<number> {
  const { rows } = await h.db.pool.query<{ used: number }>('select used from sluice.quota_use')
  return rows[0]?.used ?? 0
}

async function told(): Promise<string[]> {
  const { rows } = await h.db.pool.query<{ line: string }>(
    `select concat_ws(' ', kind, details ->> 'percent') as line from sluice.log where kind like 'quota%' order by id`,
  )
  return rows.map(({ line }) => line)
}

async function jobState(): Promise<string> {
  const { rows } = await h.db.pool.query<{ state: string }>(
    'select state from sluice.job order by id desc limit 1',
  )
  return rows[0]!.state
}

async function sound(key: RunKey): Promise<void> {
  const { law, faults } = await h.verify(key)
  expect([law?.faults, faults]).toEqual([[], []])
}

const cut = { batchRecords: 7, chunkBatches: 2, connections: 3 }

describe('the batch that crosses is cut at the limit (E6)', () => {
  test('the run ends partial, the rest is left, the job is halted; raised, it goes on', async () => {
    await quota(25)
    const key = await h.start(fileOf(people(40)), { definition, settings: cut })
    expect(await h.runToEnd(key)).toBe('partial')
    const counters = await h.counters(key)
    expect([counters.finished.total, counters.left, await used()]).toEqual([25, 15, 25])
    expect((await h.row(key)).problem).toMatchObject({ code: 'limit_reached' })
    expect(await jobState()).toBe('halted')
    await sound(key)
    // The limit stands: going on takes nobody.
    await moveRun(h.db.pool, key, 'resume', { problem: null })
    expect([await h.runToEnd(key), (await h.counters(key)).finished.total]).toEqual(['partial', 25])
    await quota(100)
    await moveRun(h.db.pool, key, 'resume', { problem: null })
    expect(await h.runToEnd(key)).toBe('completed')
    expect([(await h.counters(key)).finished.total, await used()]).toEqual([40, 40])
    await sound(key)
  })

  test('exactly at the limit under several workers and runs', { timeout: 120_000 }, async () => {
    await quota(333)
    const keys = [
      await h.start(fileOf(people(200)), { definition, settings: cut }),
      await h.start(fileOf(people(200, 1_000)), { definition, settings: cut, jobName: 'other' }),
      await h.start(fileOf(people(200, 2_000)), { definition, settings: cut, jobName: 'third' }),
    ]
    await h.whileWorking(async () => void (await Promise.all(keys.map((key) => h.settled(key)))), {}, 3)
    const finished = await Promise.all(keys.map(async (key) => (await h.counters(key)).finished.total))
    expect(finished.reduce((sum, n) => sum + n, 0)).toBe(333)
    expect([await used(), await h.dumpProfiles().then((all) => all.length)]).toEqual([333, 333])
    for (const key of keys) await sound(key)
  })

  test('a run that finds it used up takes nobody and is halted', async () => {
    await quota(5)
    await h.runToEnd(await h.start(fileOf(people(5)), { definition }))
    const key = await h.start(fileOf(people(3, 50)), { definition })
    expect([await h.runToEnd(key), await used(), await jobState()]).toEqual(['halted', 5, 'halted'])
    expect(await h.dumpProfiles()).toHaveLength(5)
  })
})

describe('what counts (BC-27)', () => {
  test('unchanged records do, rejected and left out ones do not; dry runs and undos are free', async () => {
    await quota(1_000)
    const rows = [...people(4), 'c9,nobody,,,', ',,Wien,1,']
    const key = await h.start(fileOf(rows), { definition })
    await h.runToEnd(key)
    expect(await used()).toBe(4)
    await h.runToEnd(await h.start(fileOf(people(4)), { definition }))
    expect(await used()).toBe(8)
    await h.runToEnd(await h.start(fileOf(people(4)), { definition, settings: { dryRun: true } }))
    const { runId } = await h.db.transaction((client) => startUndo(client, h.namespace, key.runId, {}))
    await h.runToEnd({ namespaceId: key.namespaceId, runId })
    expect(await used()).toBe(8)
  })

  test('a record that counted does not count again when it is retried', async () => {
    const key = await h.start(fileOf([...people(1), 'c9,nobody,,,']), { definition })
    await h.runToEnd(key)
    const origins = [1, 2].map((ordinal) => ({
      run: key.runId,
      ordinal,
      asOf: 0,
      from: { run: key.runId, ordinal },
    }))
    const before = await h.db.withClient((client) =>
      countedBefore(client, h.namespace.schema, h.namespace.id, origins),
    )
    expect([...before]).toEqual([`${key.runId}/1`])
  })

  test('what was taken in the month before there was a quota', async () => {
    await h.runToEnd(await h.start(fileOf(people(6)), { definition }))
    expect(await used()).toBe(0)
    await quota(8)
    const key = await h.start(fileOf(people(6, 50)), { definition, jobName: 'more' })
    expect([await h.runToEnd(key), await used()]).toEqual(['partial', 8])
    expect((await h.counters(key)).finished.total).toBe(2)
    await sound(key)
  })

  test('the month is that of the zone of the namespace', async () => {
    await quota(100)
    await h.db.transaction((client) => writeSettings(client, h.namespace.id, { zone: 'Pacific/Kiritimati' }))
    await h.runToEnd(await h.start(fileOf(people(2)), { definition }))
    const { rows } = await h.db.pool.query<{ same: boolean }>(
      `select month = date_trunc('month', now() at time zone 'Pacific/Kiritimati')::date as same from sluice.quota_use`,
    )
    expect(rows).toEqual([{ same: true }])
    await h.db.transaction((client) => writeSettings(client, h.namespace.id, { zone: 'UTC' }))
  })
})

test('steps are told once, and again of another quota (LY-D08)', async () => {
  await quota(20)
  const small = { ...definition, breaker: breakerSchema.parse({}) }
  for (const [count, from] of [
    [9, 0],
    [2, 100],
    [1, 200],
    [4, 300],
  ] as const)
    await h.runToEnd(await h.start(fileOf(people(count, from)), { definition: small }))
  expect(await told()).toEqual(['quota_step 50', 'quota_step 75'])
  await h.runToEnd(await h.start(fileOf(people(4, 400)), { definition: small }))
  expect(await told()).toEqual(['quota_step 50', 'quota_step 75', 'quota_step 100', 'quota_reached 100'])
  await quota(30)
  await h.runToEnd(await h.start(fileOf(people(3, 500)), { definition: small }))
  expect((await told()).at(-1)).toBe('quota_step 75')
})
