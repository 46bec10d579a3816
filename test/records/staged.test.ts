// Staged jobs: records wait as new, and processing runs settle them, so many at a time.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { moveRun, type RunKey } from '../../src/db/moves.ts'
import { skipRecords } from '../../src/db/skipRecords.ts'
import { startUndo } from '../../src/db/undoRuns.ts'
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
const staged = { staged: { perRun: 2, everyMinutes: 5 } }

describe('staged jobs (AL-D03, AL-02, AL-20)', () => {
  test('what lands waits as new; what failed in landing fails at once; at most N are processed per run', async () => {
    const landing = await h.landBy(
      staged,
      file('c1,a@x.org,Wien,1,', 'c2,broken,Graz,2,', 'c3,c@x.org,Linz,3,', 'c4,d@x.org,Graz,4,'),
    )
    expect(await h.lines(landing)).toEqual([
      'new null c1',
      'failed email.invalid c2',
      'new null c3',
      'new null c4',
    ])
    expect(await h.counters(landing)).toMatchObject({ total: 4, read: 4, new: 3, failed: { total: 1 } })
    expect(await h.dumpProfiles()).toEqual([])
    const [first] = await h.process()
    expect(await h.lines(first!)).toEqual([
      'finished created c1 origin r1001/1',
      'finished created c3 origin r1001/3',
    ])
    expect(await h.lines(landing)).toEqual([
      'finished created c1',
      'failed email.invalid c2',
      'finished created c3',
      'new null c4',
    ])
    expect(await h.counters(landing)).toMatchObject({ total: 4, read: 4, new: 1, finished: { created: 2 } })
    for (const key of [landing, first!])
      expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
    expect(await h.process(4)).toEqual([])
    const [second] = await h.process(6)
    expect(await h.lines(second!)).toEqual(['finished created c4 origin r1001/4'])
    expect(await h.process(60)).toEqual([])
  })
})

/** Line by line `cN,cN@x.org,…`. */
const many = (from: number, count: number): string =>
  file(...Array.from({ length: count }, (_, i) => `c${from + i},c${from + i}@x.org,Wien,${i},`))

describe('processing runs', () => {
  test('records of several landings, oldest first, in one run; skipped ones are not processed (AL-24)', async () => {
    const wide = { staged: { perRun: 100, everyMinutes: 5 } }
    const first = await h.landBy(wide, many(1, 60))
    const second = await h.landBy(wide, many(100, 60))
    const answer = await skipRecords(h.db, h.namespace, { ids: [{ run: first.runId, ordinal: 3 }] }, false)
    expect(answer).toEqual({ changed: 1, left: [] })
    const [run] = await h.process()
    expect(await h.counters(run!)).toMatchObject({ total: 100, finished: { created: 100 } })
    expect(await h.counters(first)).toMatchObject({
      total: 60,
      new: 0,
      finished: { created: 59 },
      skipped: { manual: 1 },
    })
    expect(await h.counters(second)).toMatchObject({ total: 60, new: 19, finished: { created: 41 } })
    for (const key of [first, second, run!])
      expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
    await h.process(10)
    expect(await h.counters(second)).toMatchObject({ new: 0, finished: { created: 60 } })
    expect(await h.dumpProfiles()).toHaveLength(119)
  })

  test('the stamps are those of the landing: whoever is processed later does not win for that', async () => {
    const landing = await h.landBy({ staged: { perRun: 1, everyMinutes: 5 } }, file('c1,a@x.org,Old,1,'))
    await h.startBy({}, file('c1,a@x.org,New,2,'), 'recurring', 'other.csv').then((key) => h.runToEnd(key))
    await h.db.pool.query(
      `update sluice.job_version set setup = $1 where job_id = (select job_id from sluice.run where id = $2)`,
      [JSON.stringify({ staged: { perRun: 1, everyMinutes: 5 } }), landing.runId],
    )
    await h.process()
    expect(await h.lines(landing)).toEqual(['skipped superseded c1'])
    expect((await h.dumpProfiles()).join()).toContain('New')
  })

  test('stopped: what it did not come to waits again; it is not continued', async () => {
    const landing = await h.landBy({ staged: { perRun: null, everyMinutes: 5 } }, many(1, 500))
    const [run] = await h.tick()
    let committed = 0
    const at = async (point: string): Promise<void> => {
      if (point === 'committed' && ++committed === 2) await moveRun(h.db.pool, run!, 'stop')
    }
    expect(await h.runToEnd(run!, { at })).toBe('stopped')
    const left = (await h.counters(run!)).left
    expect(left).toBeGreaterThan(0)
    expect(await h.counters(landing)).toMatchObject({ processing: left, new: 0 })
    const [next] = await h.process(10)
    expect(await h.counters(next!)).toMatchObject({ total: left, read: left })
    expect(await h.counters(landing)).toMatchObject({ finished: { created: 500 }, processing: 0 })
    for (const key of [landing, run!, next!])
      expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
  })

  test('a record that is skipped while its landing ends is counted where it is (AL-24)', async () => {
    const landing = await h.startBy(staged, many(1, 60))
    const at = async (point: string): Promise<void> => {
      if (point !== 'counted') return
      const ids = [{ run: landing.runId, ordinal: 3 }]
      expect(await skipRecords(h.db, h.namespace, { ids }, false)).toEqual({ changed: 1, left: [] })
    }
    expect(await h.runToEnd(landing, { at })).toBe('completed')
    expect(await h.counters(landing)).toMatchObject({ total: 60, new: 59, skipped: { manual: 1 } })
    expect(await h.verify(landing)).toMatchObject({ sound: true, faults: [] })
  })

  test('a retried record waits as new for the next processing run (AL-26, AL-27, AL-28)', async () => {
    const landing = await h.landBy(staged, file('c1,a@x.org,Wien,1,', 'c2,broken,Graz,2,'))
    await h.process()
    const ids = [1, 2].map((ordinal) => ({ run: landing.runId, ordinal }))
    const [child] = await h.retryToEnd({ choice: { ids } })
    expect(await h.lines(child!)).toEqual([
      'new null c1 origin r1001/1',
      'failed email.invalid c2 origin r1001/2',
    ])
    const [run] = await h.process(10)
    expect(await h.lines(run!)).toEqual([`finished unchanged c1 origin r${child!.runId}/1`])
    expect(await h.lines(child!)).toEqual([
      'finished unchanged c1 origin r1001/1',
      'failed email.invalid c2 origin r1001/2',
    ])
    for (const key of [landing, child!, run!])
      expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
  })

  test('what processed the records is undone, not what landed them', async () => {
    const landing = await h.landBy(staged, file('c1,a@x.org,Wien,1,'))
    const undo = (key: RunKey) => h.db.transaction((client) => startUndo(client, h.namespace, key.runId, {}))
    await expect(undo(landing)).rejects.toThrow(
      'only left its records to be processed; none of them is processed yet',
    )
    const [run] = await h.process()
    await expect(undo(landing)).rejects.toThrow(`r${run!.runId} processed them`)
    const { runId } = await undo(run!)
    expect(await h.runToEnd({ ...landing, runId })).toBe('completed')
    expect(await h.dumpProfiles()).toEqual([])
    expect(await h.verify(run!)).toMatchObject({ sound: true, faults: [] })
    // What was taken back is not done again by itself.
    expect(await h.process(60)).toEqual([])
  })

  test('two servers make one processing run', async () => {
    await h.landBy(staged, many(1, 5))
    const runs = await Promise.all([h.tick(), h.tick(), h.tick()])
    expect(new Set(runs.flat().map(({ runId }) => runId)).size).toBe(1)
  })
})
