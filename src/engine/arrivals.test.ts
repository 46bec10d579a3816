// Files that arrive: when a run starts, and when not. The clock is set by hand; the folder is a real one.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { testDatabase } from '../../test/postgres.ts'
import { silentLog } from '../../test/support/importHarness.ts'
import { definition, header, line } from '../../test/support/people.ts'
import { SourceHarness } from '../../test/support/sourceHarness.ts'
import { systemClock } from '../core/clock.ts'
import { moveJob } from '../db/moves.ts'
import { Arrivals } from './arrivals.ts'

const database = testDatabase()
let harness: SourceHarness
beforeAll(async () => {
  harness = await SourceHarness.open(database.connection)
})
afterAll(() => harness.close())

const noon = Date.parse('2031-03-03T12:00:00Z')

/** Looks at all folders, so many seconds after noon; `servers` at the same moment. */
async function look(seconds: number, servers = 1): Promise<void> {
  const { db, store } = harness.imports
  const context = { db, store, log: silentLog, clock: systemClock, root: harness.root }
  const signal = new AbortController().signal
  const now = new Date(noon + seconds * 1000)
  await Promise.all(Array.from({ length: servers }, () => new Arrivals({ ...context, signal }).runOnce(now)))
}

let folders = 0

async function watched(source: object = {}, more: object = {}): Promise<{ job: number; folder: string }> {
  const folder = `in${++folders}`
  await mkdir(join(harness.root, folder))
  const setup = {
    source: { kind: 'folder', path: folder, onArrival: true, ...source },
    failure: { reruns: 0 },
    ...more,
  }
  return { job: await harness.job(definition, setup), folder }
}

const people = (...names: string[]): string =>
  [header, ...names.map((name) => line([name, `${name}@x.io`, 'Wien', 1, ''])), ''].join('\n')

async function logged(job: number, kind: string): Promise<Record<string, unknown>[]> {
  const { rows } = await harness.imports.db.pool.query<{ details: Record<string, unknown> }>(
    'select details from sluice.log where job_id = $1 and kind = $2 order by id',
    [job, kind],
  )
  return rows.map(({ details }) => details)
}

const count = async (job: number): Promise<number> => (await harness.runs(job)).length

describe('point 3: a run starts when a file has arrived', () => {
  test('unchanged in size and time over two looks at least 30 s apart', async () => {
    const { job, folder } = await watched()
    await look(0)
    await harness.put(`${folder}/a.csv`, people('a1'), 1)
    await look(10)
    await look(39)
    expect(await count(job)).toBe(0)
    // It grows: the wait begins anew.
    await harness.put(`${folder}/a.csv`, people('a1', 'a2'), 2)
    await look(41)
    await look(70)
    expect(await count(job)).toBe(0)
    await look(71)
    expect(await harness.settle(job)).toMatchObject([
      { state: 'completed', trigger: 'file', file: `${folder}/a.csv` },
    ])
    await look(200)
    expect(await count(job)).toBe(1)
  })

  test('a marker says it at once', async () => {
    const { job, folder } = await watched({ marker: '{name}.done' })
    await harness.put(`${folder}/a.csv`, people('m1'), 1)
    await look(0)
    await look(60)
    expect(await count(job)).toBe(0)
    await harness.put(`${folder}/a.csv.done`, '', 2)
    await look(61)
    expect(await harness.settle(job)).toMatchObject([{ state: 'completed', file: `${folder}/a.csv` }])
  })

  test('three servers that look at the same time start one run for each file, oldest first', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/b.csv`, people('s1'), 1)
    await harness.put(`${folder}/a.csv`, people('s2'), 2)
    await look(0, 3)
    await look(30, 3)
    await look(40, 3)
    const outcomes = await harness.settle(job)
    expect(outcomes.map(({ file }) => file)).toEqual([`${folder}/b.csv`, `${folder}/a.csv`])
  })

  test('newest: of several files the newest alone', async () => {
    const { job, folder } = await watched({ take: 'newest' })
    await harness.put(`${folder}/a.csv`, people('n1'), 1)
    await harness.put(`${folder}/b.csv`, people('n2'), 2)
    await look(0)
    await look(30)
    await look(60)
    expect((await harness.settle(job)).map(({ file }) => file)).toEqual([`${folder}/b.csv`])
  })

  test('paused, nothing starts; resumed, what came meanwhile does', async () => {
    const { job, folder } = await watched()
    const { pool } = harness.imports.db
    await moveJob(pool, job, 'pause')
    await harness.put(`${folder}/a.csv`, people('p1'), 1)
    await look(0)
    await look(30)
    expect(await count(job)).toBe(0)
    await moveJob(pool, job, 'resume')
    await look(40)
    await look(70)
    expect(await count(job)).toBe(1)
    await harness.settle(job)
  })

  test('a broken file is not started again and again: once, and once more when a person has resumed the job', async () => {
    const { job, folder } = await watched()
    await harness.put(`${folder}/a.csv`, 'other,columns\n1,2\n', 1)
    await look(0)
    await look(30)
    expect(await harness.settle(job)).toMatchObject([{ state: 'halted', problem: 'header.changed' }])
    await look(60)
    await look(90)
    expect(await count(job)).toBe(1)
    await moveJob(harness.imports.db.pool, job, 'resume')
    await look(120)
    await look(150)
    expect(await harness.settle(job)).toMatchObject([{ state: 'halted' }, { state: 'halted' }])
  })

  test('a folder that cannot be looked at is told once, and once when it is back; other jobs go on', async () => {
    const { job, folder } = await watched()
    const other = await watched()
    await harness.put(`${other.folder}/a.csv`, people('o1'), 1)
    await rename(join(harness.root, folder), join(harness.root, `${folder}-gone`))
    await look(0)
    await look(30)
    expect(await logged(job, 'source_unreadable')).toMatchObject([
      { problem: { code: 'source.folder_missing' } },
    ])
    expect(await count(other.job)).toBe(1)
    await rename(join(harness.root, `${folder}-gone`), join(harness.root, folder))
    await look(40)
    await look(50)
    expect(await logged(job, 'source_back')).toHaveLength(1)
    await harness.settle(other.job)
  })
})

describe('8 a file that does not arrive', () => {
  test('is told once a day, when its time has come and no file came', async () => {
    const { job, folder } = await watched({ expectedBy: '12:01', onArrival: false })
    await look(0)
    expect(await logged(job, 'file_missing')).toEqual([])
    await look(60, 3)
    await look(3600)
    expect(await logged(job, 'file_missing')).toEqual([{ by: '12:01 (UTC)', day: '2031-03-03' }])
    await look(86_400 + 60)
    expect(await logged(job, 'file_missing')).toHaveLength(2)
    await rm(join(harness.root, folder), { recursive: true })
  })

  test('is not told when one lies there and waits for the schedule', async () => {
    const { job, folder } = await watched({ expectedBy: '12:01', onArrival: false })
    await harness.put(`${folder}/a.csv`, people('w1'), 1)
    await look(60)
    expect(await logged(job, 'file_missing')).toEqual([])
  })

  test('is not told when one came that day', async () => {
    const { job, folder } = await watched({ expectedBy: '12:01', onArrival: false })
    await harness.put(`${folder}/a.csv`, people('e1'), 1)
    await harness.run(job)
    const { pool } = harness.imports.db
    await pool.query('update sluice.source_file set taken_at = $2 where job_id = $1', [
      job,
      new Date(noon - 3_600_000),
    ])
    await look(60)
    expect(await logged(job, 'file_missing')).toEqual([])
  })
})
