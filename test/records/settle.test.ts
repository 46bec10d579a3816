// Records whose outcome comes from outside: settled when it is known. No destination answers later yet, so they are put there.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { letWait, takeRecords } from '../../src/db/recordMoves.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { settleRecords } from '../../src/pipeline/settleRecords.ts'
import { testDatabase } from '../postgres.ts'
import { WaitingHarness } from '../support/waitingHarness.ts'
import { header } from '../support/people.ts'

const database = testDatabase()
let h: WaitingHarness

beforeAll(async () => {
  h = await WaitingHarness.open(database.connection)
})
afterAll(() => h.close())
beforeEach(() => h.empty())

const file = (...lines: string[]): string => `${[header, ...lines].join('\n')}\n`

/** A landing whose first two records wait for an answer, as a destination that answers later would leave them. */
async function waiting(): Promise<RunKey> {
  const key = await h.landBy(
    { staged: { perRun: 9, everyMinutes: 5 } },
    file('c1,a@x.org,Wien,1,', 'c2,b@x.org,Graz,2,', 'c3,c@x.org,Linz,3,'),
  )
  const month = `${new Date().toISOString().slice(0, 7)}-01`
  const run = { ...key, schema: h.namespace.schema, month }
  await h.db.transaction(async (client) => {
    await takeRecords(client, run, { by: key.runId, fresh: true, dueBy: 'infinity', limit: 2 })
    await letWait(client, run, [1, 2])
  })
  return key
}

describe('waiting records (AL-D01)', () => {
  test('finished or failed, as somebody outside says; the law holds throughout', async () => {
    const key = await waiting()
    expect(await h.counters(key)).toMatchObject({ waiting: 2, new: 1, read: 3 })
    const context = { db: h.db, store: h.store }
    const done = { state: 'finished', outcome: 'delivered' } as const
    const settle = (ordinals: number[], answer: Parameters<typeof settleRecords>[3]) =>
      settleRecords(
        context,
        h.namespace,
        { ids: ordinals.map((ordinal) => ({ run: key.runId, ordinal })) },
        answer,
      )
    expect(await settle([1, 3, 9], done)).toEqual({
      changed: 1,
      left: [
        { why: 'is not there', count: 1, record: 'r1001/9' },
        {
          why: 'is new; only records that wait for an answer are settled from outside',
          count: 1,
          record: 'r1001/3',
        },
      ],
    })
    expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
    expect(await settle([2], { state: 'failed', detail: 'mailbox full' })).toMatchObject({ changed: 1 })
    expect(await settle([2], done)).toMatchObject({ changed: 0 })
    expect(await h.lines(key)).toEqual([
      'finished delivered c1',
      'failed record.refused_outside c2',
      'new null c3',
    ])
    expect(await h.counters(key)).toMatchObject({ waiting: 0, new: 1, read: 3, failed: { total: 1 } })
    expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
  })

  test('what was refused can be retried', async () => {
    const key = await waiting()
    const keys = [{ run: key.runId, ordinal: 2 }]
    await settleRecords(
      { db: h.db, store: h.store },
      h.namespace,
      { ids: keys },
      { state: 'failed', detail: 'no' },
    )
    const [child] = await h.retryToEnd({ choice: { ids: keys } })
    expect(await h.lines(child!)).toEqual(['new null c2 origin r1001/2'])
  })

  test('all that match are counted first, and settled as they were counted', async () => {
    const key = await waiting()
    const context = { db: h.db, store: h.store }
    const filter = { run: key.runId, newest: true }
    const said = { state: 'finished', outcome: 'removed' } as const
    const counted = await settleRecords(context, h.namespace, { filter }, said, true)
    expect(counted).toMatchObject({ changed: 2, left: [{ count: 1, record: 'r1001/3' }] })
    expect(await h.counters(key)).toMatchObject({ waiting: 2 })
    expect(await settleRecords(context, h.namespace, { filter }, said)).toEqual(counted)
    expect(await h.lines(key)).toEqual(['finished removed c1', 'finished removed c2', 'new null c3'])
    expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
  })
})
