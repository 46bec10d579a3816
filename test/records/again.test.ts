// Failures that a rule of the job names are tried again by themselves, so often and so many minutes apart.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { RunKey } from '../../src/db/moves.ts'
import { skipRecords } from '../../src/db/skipRecords.ts'
import { searchRecords } from '../../src/db/read/records.ts'
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
const rule = (codes: string[], attempts = 2) => ({ recordRetry: { codes, attempts, everyMinutes: 30 } })

/** Of the newest run that waits to be worked on: as if two days had passed. */
const laterBy2Days = (): Promise<unknown> =>
  h.db.pool.query(
    `update sluice.run set as_of = now() + interval '2 days' where trigger = 'process' and state = 'queued'`,
  )

const attemptOf = async (key: RunKey, ordinal: number): Promise<string> => {
  const filter = { id: { run: key.runId, ordinal } }
  const { records } = await searchRecords(h.db.pool, h.namespace, filter, null, 1)
  const { attempts, again } = records[0]!
  return `${attempts ?? 0} of ${again!.attempts}`
}

describe('records tried again by themselves (AL-07, AL-D02)', () => {
  test('a failure the rule names waits for its time, then for the next, then it stays failed', async () => {
    const landing = await h.landBy(
      rule(['email.*']),
      file('c1,a@x.org,Wien,1,', 'c2,broken,Graz,2,', 'c3,c@x.org,,many,'),
    )
    expect(await h.row(landing)).toMatchObject({ state: 'completed_with_errors' })
    expect(await h.lines(landing)).toEqual([
      'finished created c1',
      'retry email.invalid c2',
      'failed integer.invalid c3',
    ])
    expect(await h.counters(landing)).toMatchObject({ total: 3, read: 3, retry: 1, failed: { total: 1 } })
    expect(await h.process(29)).toEqual([])
    const attempts = [await attemptOf(landing, 2)]
    const runs = await h.process(31)
    attempts.push(await attemptOf(landing, 2))
    expect((await h.lines(landing))[1]).toBe('retry email.invalid c2')
    runs.push(...(await h.process(31)))
    attempts.push(await attemptOf(landing, 2))
    expect(attempts).toEqual(['0 of 2', '1 of 2', '2 of 2'])
    expect((await h.lines(landing))[1]).toBe('failed email.invalid c2')
    expect(await h.process(600)).toEqual([])
    expect(runs).toHaveLength(2)
    for (const key of [landing, ...runs])
      expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
    expect(await h.errorFile(runs[1]!)).toContain('r1001,c2,broken,Graz,2,,3,53,2,')
  })

  test('what works the next time is finished, with the stamp of its first appearance', async () => {
    const tomorrow = new Date(Date.now() + 30 * 3_600_000).toISOString()
    const landing = await h.landBy(rule(['as_of.future']), file(`c1,a@x.org,Wien,1,${tomorrow}`))
    expect(await h.lines(landing)).toEqual(['retry as_of.future c1'])
    const [run] = await h.tick(31)
    await laterBy2Days()
    await h.runToEnd(run!)
    expect(await h.lines(landing)).toEqual(['finished created c1'])
    expect(await h.dumpProfiles()).toHaveLength(1)
    for (const key of [landing, run!]) expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
  })

  test('a record that waits to be tried again can be skipped; then nothing is tried', async () => {
    const landing = await h.landBy(rule(['email.invalid']), file('c2,broken,Graz,2,'))
    const filter = { state: 'retry', newest: true } as const
    expect(await skipRecords(h.db, h.namespace, { filter }, false)).toEqual({ changed: 1, left: [] })
    expect(await h.lines(landing)).toEqual(['skipped manual c2'])
    expect(await h.process(31)).toEqual([])
    expect(await h.verify(landing)).toMatchObject({ sound: true })
  })

  test('of a staged job they come with the next processing run, when they are due', async () => {
    const setup = { ...rule(['email.invalid'], 1), staged: { perRun: 10, everyMinutes: 5 } }
    const landing = await h.landBy(setup, file('c1,a@x.org,Wien,1,', 'c2,broken,Graz,2,'))
    expect(await h.lines(landing)).toEqual(['new null c1', 'retry email.invalid c2'])
    const [first] = await h.process()
    expect(await h.lines(first!)).toEqual(['finished created c1 origin r1001/1'])
    const [second] = await h.process(31)
    expect(await h.lines(second!)).toEqual(['failed email.invalid c2 origin r1001/2'])
    expect(await h.lines(landing)).toEqual(['finished created c1', 'failed email.invalid c2'])
  })
})
