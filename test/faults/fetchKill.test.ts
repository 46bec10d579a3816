// kill -9 of a worker while it fetches: the run is taken over, fetches again, and nothing of the first attempt is left.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expireLeases } from '../../src/db/leases.ts'
import { moveRun } from '../../src/db/moves.ts'
import { fetchPoints, type NamedPoint } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import { crash } from '../support/copies.ts'
import { definition, mixedFile } from '../support/people.ts'
import { SourceHarness } from '../support/sourceHarness.ts'

const database = testDatabase()
let harness: SourceHarness
beforeAll(async () => {
  harness = await SourceHarness.open(database.connection)
})
afterAll(() => harness.close())

let folders = 0

/** A run whose worker killed itself at this point of its fetch. */
async function killedAt(
  point: NamedPoint,
): Promise<{ job: number; run: { namespaceId: number; runId: number } }> {
  const folder = `in${++folders}`
  await harness.put(`${folder}/people.csv`, mixedFile(folders, 300))
  const job = await harness.job(definition, { source: { kind: 'folder', path: folder } })
  const run = await harness.start(job)
  const { connection } = database
  const death = { committed: 0, point, milliseconds: 0, batches: 0 }
  const order = { connection, folder: harness.imports.folder, worker: 'dead', root: harness.root, death }
  expect(await crash(order)).toBe('SIGKILL')
  expect(await harness.fetched(run.runId)).toMatchObject({ status: 'fetching', file: `${folder}/people.csv` })
  await expireLeases(harness.imports.db.pool, 'dead')
  return { job, run }
}

async function rowsOfLandings(): Promise<number> {
  const { rows } = await harness.imports.db.pool.query<{ n: number }>(
    'select count(*) as n from sluice.landing',
  )
  return rows[0]!.n
}

test.each([...fetchPoints])('4 killed at "%s": it fetches again, and one landing is left', async (point) => {
  const before = [(await harness.landings()).length, await rowsOfLandings()]
  const { job, run } = await killedAt(point)
  expect(await harness.settle(job)).toMatchObject([
    { run: run.runId, state: 'completed_with_errors', problem: null, trigger: 'schedule' },
  ])
  expect(await harness.fetched(run.runId)).toMatchObject({ status: 'fetched', problem: null })
  expect([(await harness.landings()).length, await rowsOfLandings()]).toEqual(before.map((n) => n + 1))
})

test('4 killed when it had landed, then stopped by a person: nothing of it is left', async () => {
  const before = [(await harness.landings()).length, await rowsOfLandings()]
  const { job, run } = await killedAt('landed')
  await moveRun(harness.imports.db.pool, run, 'stop')
  expect(await harness.settle(job)).toMatchObject([{ state: 'stopped' }])
  expect([(await harness.landings()).length, await rowsOfLandings()]).toEqual(before)
})
