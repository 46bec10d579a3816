// Versions of a job that retries make: its own runs go on as they were.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ImportHarness } from '../../test/support/importHarness.ts'
import { definition, fileOf } from '../../test/support/people.ts'
import { versionOf } from './childRuns.ts'

const database = testDatabase()
let h: ImportHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
})
afterAll(() => h.close())

const other = { ...definition, policy: { ...definition.policy, mode: 'create_only' as const } }

async function jobOfKind(kind: string, name = kind): Promise<number> {
  await h.start(fileOf(['C1,ada@example.com,Wien,1,']), { definition, jobName: name })
  const { rows } = await h.db.pool.query<{ id: number }>(
    'update sluice.job set kind = $1 where name = $2 returning id',
    [kind, name],
  )
  return rows[0]!.id
}

/** The write mode of each version, oldest first, and which one is the newest. */
async function versions(job: number): Promise<{ modes: string[]; newest: number }> {
  const { rows } = await h.db.pool.query<{ modes: string[]; newest: number }>(
    `select array_agg(v.definition -> 'policy' ->> 'mode' order by v.version) as modes, min(j.last_version) as newest
     from sluice.job_version v join sluice.job j on j.id = v.job_id where j.id = $1`,
    [job],
  )
  return rows[0]!
}

test('a job that runs by itself goes on with its own version after a retry with another mapping', async () => {
  const job = await jobOfKind('recurring')
  const retried = await h.db.transaction((client) => versionOf(client, job, other, 'local'))
  expect(retried).toBe(2)
  expect(await versions(job)).toEqual({ modes: ['upsert', 'create_only', 'upsert'], newest: 3 })
  expect(await h.db.transaction((client) => versionOf(client, job, other, 'local'))).toBe(2)
})

test('BC-D01 a job whose changes somebody else must approve is not changed by a retry either', async () => {
  const job = await jobOfKind('one_time', 'guarded')
  await h.db.pool.query(`update sluice.job_version set setup = '{"approval": "changes"}' where job_id = $1`, [
    job,
  ])
  expect(await h.db.transaction((client) => versionOf(client, job, other, 'ada@example.com'))).toBe(2)
  expect(await versions(job)).toEqual({ modes: ['upsert', 'create_only', 'upsert'], newest: 3 })
})

test('an import by hand has no next run to keep a version for', async () => {
  const job = await jobOfKind('one_time')
  await h.db.transaction((client) => versionOf(client, job, other, 'local'))
  expect(await versions(job)).toEqual({ modes: ['upsert', 'create_only'], newest: 2 })
})
