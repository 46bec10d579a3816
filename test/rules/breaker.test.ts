// The circuit breaker on real imports: held before anything is written, with everything a person needs to decide.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { breakerSchema, type ImportDefinition } from '../../src/core/job.ts'
import { moveRun, type RunKey } from '../../src/db/moves.ts'
import { runState } from '../../src/db/runs.ts'
import type { HeldReport } from '../../src/pipeline/breaker.ts'
import { testDatabase } from '../postgres.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { definition as loose, fileOf, header } from '../support/people.ts'
import { until } from '../until.ts'

const database = testDatabase()
let h: ImportHarness

beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
})
afterAll(() => h.close())
beforeEach(() => h.empty())

const definition: ImportDefinition = { ...loose, breaker: breakerSchema.parse({ rejectsMin: 5 }) }
const deleting: ImportDefinition = {
  ...definition,
  policy: { ...definition.policy, mode: 'delete' },
}

function people(count: number, city = 'Wien', from = 0): string[] {
  return Array.from({ length: count }, (_, i) => `c${i + from},,${city},1,`)
}

/** Works until the run is held or over. */
async function heldOrOver(key: RunKey): Promise<string> {
  return h.whileWorking(() =>
    until(async () => {
      const state = await runState(h.db.pool, key)
      return ['held', 'completed', 'completed_with_errors'].includes(state ?? '') && state!
    }),
  )
}

async function held(key: RunKey): Promise<HeldReport> {
  const { rows } = await h.db.pool.query<{ held: HeldReport }>(
    `select validation -> 'held' as held from sluice.run where namespace_id = $1 and id = $2`,
    [key.namespaceId, key.runId],
  )
  return rows[0]!.held
}

async function codes(key: RunKey): Promise<string[]> {
  return (await held(key)).trips.map(({ code }) => code)
}

/** The job of the run runs again and again, as a schedule would have it. */
async function recurring(): Promise<void> {
  await h.db.pool.query(`update sluice.job set kind = 'recurring'`)
}

describe('held before the first write (rank 5)', () => {
  test('too many rejects: counts by outcome, first differences, causes', async () => {
    await h.runToEnd(await h.start(fileOf(people(10)), { definition, jobName: 'before' }))
    const rows = [...people(3, 'Graz'), ...people(6).map((row) => row.replace(',,', ',nobody,'))]
    const key = await h.start(fileOf(rows), { definition })
    expect(await heldOrOver(key)).toBe('held')
    const report = await held(key)
    expect(report.trips.map(({ code }) => code)).toEqual(['breaker.rejects'])
    expect(report.plan.counters).toEqual({ 'finished.updated': 3, 'failed.email.invalid': 6 })
    expect(report.plan.differences[0]).toMatchObject({ attribute: 'city', before: 'Wien', after: 'Graz' })
    expect((await h.dumpProfiles()).filter((line) => line.includes('Graz'))).toEqual([])
  })

  test('an empty file (P21)', async () => {
    const key = await h.start(`${header}\n`, { definition })
    expect([await heldOrOver(key), await codes(key)]).toEqual(['held', ['breaker.empty']])
  })

  test('a missing column, and one that stands elsewhere (P20)', async () => {
    const key = await h.start('customer_id,city,email,seen\nc1,Wien,a@x.at,\n', { definition })
    expect(await heldOrOver(key)).toBe('held')
    expect((await held(key)).trips[0]).toMatchObject({
      code: 'breaker.columns',
      message:
        'The columns of the file are not those of the mapping: email stands elsewhere, city stands elsewhere, score is missing, seen stands elsewhere.',
    })
  })

  test('a retyped column (P20)', async () => {
    const rows = people(20).map((row, i) => (i < 12 ? row.replace(',1,', ',many,') : row))
    const key = await h.start(fileOf(rows), { definition })
    expect(await heldOrOver(key)).toBe('held')
    expect(await codes(key)).toEqual(['breaker.rejects', 'breaker.retyped'])
  })

  test('not the usual number of records; a job that runs once has no usual number', async () => {
    for (let i = 0; i < 3; i++) await h.runToEnd(await h.start(fileOf(people(20)), { definition }))
    expect(await heldOrOver(await h.start(fileOf(people(9)), { definition }))).toBe('completed')
    const key = await h.start(fileOf(people(8)), { definition })
    await recurring()
    expect([await heldOrOver(key), await codes(key)]).toEqual(['held', ['breaker.rows']])
  })

  test('too many people deleted: who, and how many of how many (P21)', async () => {
    await h.runToEnd(await h.start(fileOf(people(40)), { definition }))
    const key = await h.start(fileOf(people(3)), { definition: deleting })
    expect(await heldOrOver(key)).toBe('held')
    const report = await held(key)
    expect(report.trips[0]).toMatchObject({
      code: 'breaker.deletes',
      message: '3 of 40 people (7.5 %) would be deleted, more than the limit of 5 %.',
    })
    expect(report.plan.deleted).toEqual(['c0', 'c1', 'c2'])
    expect(await h.dumpProfiles()).toHaveLength(40)
  })

  test('people named twice are counted once, over batches', async () => {
    await h.runToEnd(await h.start(fileOf(people(100)), { definition }))
    const settings = { batchRecords: 2 }
    const rows = [...people(3), ...people(3)]
    const key = await h.start(fileOf(rows), { definition: deleting, settings })
    expect(await heldOrOver(key)).toBe('completed')
    expect((await h.counters(key)).finished['deleted']).toBe(3)
    expect((await h.counters(key)).skipped['not_found']).toBe(3)
  })
})

describe('released (design section 7)', () => {
  test('it is planned anew and goes on where it would do the same', async () => {
    await h.runToEnd(await h.start(fileOf(people(40)), { definition }))
    const key = await h.start(fileOf(people(10)), { definition: deleting })
    await heldOrOver(key)
    expect(await moveRun(h.db.pool, key, 'release')).toBe(true)
    expect(await h.runToEnd(key)).toBe('completed')
    expect(await h.dumpProfiles()).toHaveLength(30)
    expect((await h.verify(key)).sound).toBe(true)
  })

  test('it is held again when its counts moved by more than 1 % and 10', async () => {
    await h.runToEnd(await h.start(fileOf(people(40)), { definition }))
    const key = await h.start(fileOf(people(30)), { definition: deleting })
    await heldOrOver(key)
    await h.runToEnd(
      await h.start(fileOf(people(15)), { definition: { ...deleting, breaker: null }, jobName: 'other' }),
    )
    await moveRun(h.db.pool, key, 'release')
    await h.whileWorking(() => until(async () => (await h.row(key)).problem?.code === 'breaker.moved'))
    expect(await runState(h.db.pool, key)).toBe('held')
    expect((await h.row(key)).problem!.message).toContain('deleted 30 → 15')
    await moveRun(h.db.pool, key, 'release')
    expect(await h.runToEnd(key)).toBe('completed')
    expect((await h.counters(key)).finished['deleted']).toBe(15)
  })

  test('dropped, nothing was written', async () => {
    await h.runToEnd(await h.start(fileOf(people(40)), { definition }))
    const key = await h.start(fileOf(people(30)), { definition: deleting })
    await heldOrOver(key)
    expect(await moveRun(h.db.pool, key, 'drop')).toBe(true)
    expect([await runState(h.db.pool, key), (await h.dumpProfiles()).length]).toEqual(['stopped', 40])
  })
})
