// Mirrors (requirements #20, P21, design section 9): who is missing from a file that its job delivered before is deleted.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { breakerSchema, type ImportDefinition } from '../../src/core/job.ts'
import { moveRun, type RunKey } from '../../src/db/moves.ts'
import { runState } from '../../src/db/runs.ts'
import { testDatabase } from '../postgres.ts'
import { definition, fileOf } from '../support/people.ts'
import { UndoHarness } from '../support/undoHarness.ts'
import { until } from '../until.ts'

const database = testDatabase()
let u: UndoHarness

beforeAll(async () => {
  u = await UndoHarness.open(database.connection)
})
afterAll(() => u.h.close())
beforeEach(() => u.h.empty())
afterEach(async () => {
  const faults = await u.faults()
  if (faults.length > 0) throw new Error(faults.join('; '))
})

const mirror: ImportDefinition = {
  ...definition,
  policy: { ...definition.policy, mode: 'mirror' },
}
const crm = { definition: mirror, jobName: 'crm' }

/** The run that deletes, once it is settled or held; undefined: the import made none. */
async function stepOf(parent: RunKey): Promise<RunKey | undefined> {
  const { rows } = await u.h.db.pool.query<{ id: number }>(
    `select id from sluice.run where trigger = 'mirror' and settings ->> 'mirrors' = 'r' || $1::bigint`,
    [parent.runId],
  )
  if (rows[0] === undefined) return undefined
  const key = { namespaceId: parent.namespaceId, runId: rows[0].id }
  await u.h.whileWorking(() =>
    until(async () => {
      const state = (await runState(u.h.db.pool, key))!
      return ['completed', 'held', 'halted', 'failed'].includes(state) && state
    }),
  )
  return key
}

async function mirrored(...rows: string[]): Promise<{ run: RunKey; step: RunKey | undefined }> {
  const run = await u.imported(rows, crm)
  return { run, step: await stepOf(run) }
}

describe('whoever is missing', () => {
  test('is deleted by a run of its own, after the import', async () => {
    await mirrored('c1,a@x.at,Wien,1,', 'c2,b@x.at,Graz,2,')
    const { run, step } = await mirrored('c1,a@x.at,Linz,1,', 'c3,,Bonn,3,')
    expect(await u.profiles()).toEqual(['c1 a@x.at city=Linz score=1', 'c3 city=Bonn score=3'])
    expect(await u.outcomes(run)).toEqual({ 'finished.updated': 1, 'finished.created': 1 })
    expect(await u.outcomes(step!)).toEqual({ 'finished.deleted': 1 })
    expect(await u.h.dumpLedger(step!)).toEqual(['1 3 5 c2'])
  })

  test('is nobody in the first file, nor in one with everybody', async () => {
    expect((await mirrored('c1,,Wien,1,', 'c2,,Graz,2,')).step).toBeUndefined()
    expect((await mirrored('c2,,Graz,2,', 'c1,,Wien,1,')).step).toBeUndefined()
  })

  test('is nobody whom only other jobs delivered', async () => {
    await u.imported(['c9,,Rom,9,'], { definition, jobName: 'shop' })
    await mirrored('c1,,Wien,1,', 'c2,,Graz,2,')
    await mirrored('c1,,Wien,1,')
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1', 'c9 city=Rom score=9'])
  })

  test('may have been delivered several mirrors ago, or by runs in between', async () => {
    await mirrored('c1,,Wien,1,', 'c2,,Graz,2,', 'c3,,Linz,3,')
    await mirrored('c1,,Wien,1,', 'c2,,Graz,2,', 'c3,,Linz,3,', 'c4,,Bonn,4,')
    await u.imported(['c5,,Rom,5,'], { definition, jobName: 'crm' })
    await mirrored('c1,,Wien,1,')
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1'])
  })

  test('is found by any identifier; a line that failed or was superseded is a sign of life (P21)', async () => {
    await mirrored('c1,a@x.at,Wien,1,', 'c2,b@x.at,Graz,2,', ',c@x.at,Linz,3,')
    const { step } = await mirrored(',a@x.at,,,', 'c2,,Graz,many,', 'c9,c@x.at,Linz,3,')
    expect(step).toBeUndefined()
    expect(await u.profiles()).toHaveLength(3)
  })

  test('is not looked for while the identifiers of a line cannot be read (P21)', async () => {
    await mirrored('c1,a@x.at,Wien,1,', 'c2,b@x.at,Graz,2,')
    const { run, step } = await mirrored('c1,nobody,Wien,1,')
    expect(step).toBeUndefined()
    expect((await u.h.row(run)).problem).toMatchObject({ code: 'mirror.unreadable' })
    expect(await u.profiles()).toHaveLength(2)
    // The next whole file sees to it.
    await mirrored('c1,a@x.at,Wien,1,')
    expect(await u.profiles()).toEqual(['c1 a@x.at city=Wien score=1'])
  })

  test('stays where somebody delivered it later, and is looked at again by every mirror', async () => {
    await mirrored('c1,,Wien,1,', 'c2,,Graz,2,')
    const later = new Date(Date.now() + 12 * 3_600_000).toISOString()
    await u.imported([`c2,,Rom,5,${later}`], { definition, jobName: 'shop' })
    for (let i = 0; i < 2; i++) {
      const { step } = await mirrored('c1,,Wien,1,')
      expect(await u.outcomes(step!)).toEqual({ 'skipped.superseded': 1 })
    }
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1', 'c2 city=Rom score=5'])
  })
})

describe('undo', () => {
  test('of the deletion: everybody is back; of that: gone again', async () => {
    await mirrored('c1,a@x.at,Wien,1,', 'c2,b@x.at,Graz,2,')
    const before = await u.profiles()
    const { step } = await mirrored('c1,a@x.at,Wien,1,')
    const after = await u.profiles()
    const undo = await u.undone(step!)
    expect(await u.profiles()).toEqual(before)
    await u.undone(undo)
    expect(await u.profiles()).toEqual(after)
  })

  test('of an earlier file: its people are not missing from the next one', async () => {
    await mirrored('c1,,Wien,1,')
    const { run } = await mirrored('c1,,Wien,1,', 'c2,,Graz,2,')
    await u.undone(run)
    await u.imported(['c2,,Graz,2,'], { definition, jobName: 'shop' })
    await mirrored('c1,,Wien,1,')
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1', 'c2 city=Graz score=2'])
  })

  test('of a deletion: the people are missing from the next file again', async () => {
    await mirrored('c1,,Wien,1,', 'c2,,Graz,2,')
    const { step } = await mirrored('c1,,Wien,1,')
    await u.undone(step!)
    expect(await u.profiles()).toHaveLength(2)
    await mirrored('c1,,Wien,1,')
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1'])
  })

  test('of a deletion, of somebody who came again since: that profile stays', async () => {
    await u.imported(['c1,,Wien,1,'], { definition, jobName: 'shop' })
    const deleting: ImportDefinition = {
      ...definition,
      policy: { ...definition.policy, mode: 'delete' },
    }
    const run = await u.imported(['c1,,,,'], { definition: deleting, jobName: 'erase' })
    expect(await u.profiles()).toEqual([])
    await u.imported(['c1,,Linz,2,'], { definition, jobName: 'shop' })
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 city=Linz score=2'])
    expect(await u.outcomes(undo)).toMatchObject({ 'skipped.kept': 1 })
  })
})

describe('behind the breaker', () => {
  const careful = { definition: { ...mirror, breaker: breakerSchema.parse({}) }, jobName: 'crm' }

  test('a shrunken file is held before anything is written, and says who would go (P21)', async () => {
    await mirrored('c1,,Wien,1,', 'c2,,Graz,2,', 'c3,,Linz,3,')
    const before = await u.profiles()
    const run = await u.h.start(fileOf(['c1,,Rom,1,']), careful)
    const isHeld = async (): Promise<boolean> => (await runState(u.h.db.pool, run)) === 'held'
    await u.h.whileWorking(() => until(isHeld))
    expect((await u.h.row(run)).problem).toMatchObject({
      code: 'breaker.deletes',
      message: '2 of 3 people (66.7 %) would be deleted, more than the limit of 5 %.',
    })
    expect(await u.profiles()).toEqual(before)
    await moveRun(u.h.db.pool, run, 'release')
    await u.h.runToEnd(run)
    const step = await stepOf(run)
    expect([await runState(u.h.db.pool, step!), await u.profiles()]).toEqual([
      'completed',
      ['c1 city=Rom score=1'],
    ])
  })
})
