// Staged jobs: records wait as new, and processing runs settle them, so many at a time.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
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
