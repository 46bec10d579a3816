// Ordering an undo: what is refused and why, the preview that waits for a person, several runs, and records that had lost.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runName } from '../../src/core/names.ts'
import { SluiceError } from '../../src/core/problem.ts'
import { moveRun, type RunKey } from '../../src/db/moves.ts'
import { testDatabase } from '../postgres.ts'
import { UndoHarness } from '../support/undoHarness.ts'

const database = testDatabase()
let u: UndoHarness

beforeAll(async () => {
  u = await UndoHarness.open(database.connection)
})
afterAll(() => u.h.close())
beforeEach(() => u.h.empty())

async function refusal(target: RunKey): Promise<string> {
  try {
    await u.startUndo(target)
    return 'started'
  } catch (error) {
    return error instanceof SluiceError ? error.problem.code : String(error)
  }
}

/** What the undo found, as its run keeps it. */
async function found(key: RunKey): Promise<{
  undo: {
    counters: Record<string, number>
    kept: Record<string, { count: number }>
    profilesKept: number
  } | null
  lost: unknown[]
}> {
  const { rows } = await u.h.db.pool.query<{ validation: Awaited<ReturnType<typeof found>> }>(
    'select validation from sluice.run where id = $1',
    [key.runId],
  )
  return rows[0]!.validation
}

async function previewed(target: RunKey, assume: readonly RunKey[] = []): Promise<RunKey> {
  const key = await u.startUndo(target, { preview: true, assume: assume.map(({ runId }) => runName(runId)) })
  await u.h.whileWorking(async () => {
    while ((await u.state(key)) !== 'held') await new Promise((resolve) => setImmediate(resolve))
  })
  return key
}

describe('what cannot be undone', () => {
  test('a run that is under way, that wrote nothing, or that is undone', async () => {
    const waiting = await u.h.start('customer_id,email,city,score,seen\nc1,,Wien,1,\n', {
      definition: (await import('../support/people.ts')).definition,
    })
    expect(await refusal(waiting)).toBe('undo.active')
    await u.h.runToEnd(waiting)
    await u.undone(waiting)
    expect(await refusal(waiting)).toBe('undo.done')
    expect(await refusal({ ...waiting, runId: 9_999 })).toBe('not_found')
    const dry = await u.startUndo(await u.imported(['c2,,Wien,1,']), { dryRun: true })
    await u.h.runToEnd(dry)
    expect(await refusal(dry)).toBe('undo.nothing')
  })

  test('a run that is being undone; and a run that began longer ago than its changes are kept', async () => {
    const run = await u.imported(['c1,,Wien,1,'])
    await u.startUndo(run)
    expect(await refusal(run)).toBe('undo.under_way')
    const old = await u.imported(['c2,,Wien,1,'])
    await u.h.db.pool.query(`update sluice.run set started_at = now() - interval '91 days' where id = $1`, [
      old.runId,
    ])
    expect(await refusal(old)).toBe('undo.too_old')
  })

  test('the undo of an undo: the import itself is undone again instead', async () => {
    const run = await u.imported(['c1,,Wien,1,'])
    const redo = await u.undone(await u.undone(run))
    expect(await refusal(redo)).toBe('undo.of_redo')
  })
})

describe('the preview', () => {
  test('writes nothing, waits, and is carried out when it is released', async () => {
    await u.imported(['c1,,Wien,1,'])
    const run = await u.imported(['c1,,Linz,1,', 'c2,,Graz,2,'])
    const before = await u.profiles()
    const key = await previewed(run)
    expect((await found(key)).undo).toMatchObject({
      counters: { 'finished.updated': 1, 'finished.deleted': 1 },
      profilesKept: 0,
    })
    expect(await u.profiles()).toEqual(before)
    await moveRun(u.h.db.pool, key, 'release')
    expect(await u.h.runToEnd(key)).toBe('completed')
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1'])
  })

  test('that nobody answered gives way to the next', async () => {
    const run = await u.imported(['c1,,Wien,1,'])
    const first = await previewed(run)
    const second = await u.undone(run)
    expect([await u.state(first), await u.state(second), await u.state(run)]).toEqual([
      'stopped',
      'completed',
      'reverted',
    ])
  })

  test('of an older run takes the newer ones of the same order for undone', async () => {
    const first = await u.imported(['c1,,Wien,1,'])
    const second = await u.imported(['c1,,Linz,1,'])
    const alone = await previewed(first)
    expect((await found(alone)).undo).toMatchObject({ counters: { 'skipped.kept': 1 }, profilesKept: 1 })
    const together = await previewed(first, [second])
    expect((await found(together)).undo).toMatchObject({
      counters: { 'finished.deleted': 1 },
      profilesKept: 0,
    })
  })
})

test('an undo that was stopped midway goes on where it stopped', async () => {
  const rows = Array.from({ length: 400 }, (_, i) => `c${i},,Wien,1,`)
  const run = await u.imported(rows)
  const key = await u.startUndo(run, { batchRecords: 20, connections: 1 })
  let commits = 0
  const at = async (point: string): Promise<void> => {
    if (point === 'committed' && ++commits === 5) await moveRun(u.h.db.pool, key, 'stop')
  }
  expect(await u.h.runToEnd(key, { at })).toBe('stopped')
  expect(await u.state(run)).toBe('completed')
  const left = (await u.profiles()).length
  expect(left).toBeGreaterThan(0)
  expect(left).toBeLessThan(400)
  const again = await u.startUndo(run)
  expect(again).toEqual(key)
  expect(await u.h.runToEnd(again)).toBe('completed')
  expect(await u.profiles()).toEqual([])
  expect(await u.faults()).toEqual([])
})

test('records of other runs that had lost to it are counted, by run and reason', async () => {
  await u.imported(['c1,,Wien,1,2026-01-01'])
  const run = await u.imported(['c1,,Linz,2,2026-03-01'])
  const late = await u.imported(['c1,,Graz,3,2026-02-01'])
  const undo = await u.undone(run)
  expect((await found(undo)).lost).toEqual([{ run: runName(late.runId), reason: 'superseded', count: 1 }])
})
