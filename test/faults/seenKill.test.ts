// kill -9 while lines delivered before are left out: whoever goes on leaves out the same ones, and nobody is lost.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { expireLeases } from '../../src/db/leases.ts'
import type { NamedPoint } from '../../src/pipeline/context.ts'
import { testDatabase } from '../postgres.ts'
import type { CrashOrder } from '../support/crashWorker.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { definition, fileOf, line } from '../support/people.ts'

const database = testDatabase()
const program = fileURLToPath(new URL('../support/crashWorker.ts', import.meta.url))
// A batch has at most three records to plan, and thirty in all.
const settings = { batchRecords: 3, chunkBatches: 3, connections: 3, skipSeen: true }
const records = 200
const changedEvery = 10

let h: ImportHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
  await h.runToEnd(await h.start(dayOf(0), { definition, settings }))
})
afterAll(() => h.close())

/** Some lines are others on each day; two of a hundred never fit. */
function dayOf(day: number): string {
  const rows = Array.from({ length: records }, (_, i) =>
    line([
      `c${i}`,
      i % 50 === 3 ? 'broken' : `p${i}@example.com`,
      i % changedEvery === 1 ? `Town ${day}` : 'Wien',
      i,
      '',
    ]),
  )
  return fileOf(rows)
}

async function crash(order: CrashOrder): Promise<void> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
}

const deaths: readonly (readonly [NamedPoint, number])[] = [
  ['validated', 0],
  ['cut', 0],
  ['applied', 1],
  ['settled', 3],
  ['committed', 5],
  ['counted', 0],
  ['ended', 0],
]

test.each(deaths)('BL-20: once at the point "%s", after %i batches', async (point, committed) => {
  const day = deaths.findIndex(([name]) => name === point) + 1
  const key = await h.start(dayOf(day), { definition, settings })
  const worker = `crash-${day}`
  const death = { committed, point, milliseconds: 0, batches: records }
  await crash({ connection: database.connection, folder: h.folder, worker, death })
  await expireLeases(h.db.pool, worker)
  expect(await h.runToEnd(key)).toBe('completed_with_errors')
  const { finished, skipped, failed, total, read } = await h.counters(key)
  const changed = records / changedEvery
  expect({ total, read, updated: finished['updated'], seen: skipped['already_processed'] }).toEqual({
    total: records,
    read: records,
    updated: changed,
    seen: records - changed - 4,
  })
  expect(failed.total).toBe(4)
  expect((await h.verify(key)).sound).toBe(true)
})
