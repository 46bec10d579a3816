// What an undo gives back, what it keeps and why (design section 10): one import after the other, one undo, what is there then.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { runName } from '../../src/core/names.ts'
import type { RunKey } from '../../src/db/moves.ts'
import type { ImportDefinition } from '../../src/core/job.ts'
import { definition } from '../support/people.ts'
import { testDatabase } from '../postgres.ts'
import { UndoHarness } from '../support/undoHarness.ts'

/** Without timestamps of their own, records are as of their run: whoever confirms something later shows. */
const undated: ImportDefinition = {
  ...definition,
  mapping: {
    ...definition.mapping,
    columns: definition.mapping.columns.map((column) =>
      column.column === 'seen' ? { ...column, target: { to: 'ignore' } } : column,
    ),
  },
}

const database = testDatabase()
let u: UndoHarness

beforeAll(async () => {
  u = await UndoHarness.open(database.connection)
})
afterAll(() => u.h.close())
beforeEach(() => u.h.empty())

/** Whatever happened, the numbers of every run add up. */
afterEach(async () => {
  const faults = await u.faults()
  if (faults.length > 0) throw new Error(faults.join('; '))
})

/** Imports and answers the run, and its name. */
function take(...rows: string[]): Promise<RunKey> {
  return u.imported(rows, { definition: undated })
}

describe('values', () => {
  test('come back with the stamps they had (issue 3, point 3)', async () => {
    await take('c1,a@x.at,Wien,1,', 'c2,,Graz,2,')
    const [before, stamps] = [await u.profiles(), await u.stamps()]
    const run = await take('c1,,Linz,1,', 'c2,,Graz,7,', 'c3,,Bonn,3,')
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(before)
    expect(await u.stamps()).toEqual(stamps)
    expect([await u.state(run), await u.state(undo)]).toEqual(['reverted', 'completed'])
    expect(await u.outcomes(undo)).toEqual({ 'finished.updated': 2, 'finished.deleted': 1 })
  })

  test('stay where a later run replaced or confirmed them', async () => {
    await take('c1,,Wien,1,', 'c2,,Wien,1,')
    const run = await take('c1,,Linz,2,', 'c2,,Linz,2,')
    const later = await take('c1,,Graz,,', 'c2,,Linz,,')
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 city=Graz score=1', 'c2 city=Linz score=1'])
    expect(await u.kept(undo)).toEqual([
      `c1 undo.value_newer ${runName(later.runId)}`,
      `c2 undo.value_newer ${runName(later.runId)}`,
    ])
  })

  test('somebody twice in one file: both changes go', async () => {
    await take('c1,,Wien,1,')
    const before = await u.profiles()
    const run = await take('c1,,Linz,2,', 'c1,,Graz,2,', 'c1,,Graz,2,')
    await u.undone(run)
    expect(await u.profiles()).toEqual(before)
  })

  test('a cleared value comes back', async () => {
    await take('c1,,Wien,1,')
    const run = await take('c1,,Linz,,')
    await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1'])
  })
})

describe('profiles', () => {
  test('that the run made go, with their identifiers', async () => {
    await take('c1,,Wien,1,')
    const run = await take('c2,b@x.at,Linz,2,', ',c@x.at,Graz,3,')
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1'])
    expect(await u.outcomes(undo)).toEqual({ 'finished.deleted': 2 })
    const again = await take('c2,b@x.at,Linz,2,')
    expect(await u.outcomes(again)).toEqual({ 'finished.created': 1 })
  })

  test('that another run delivered too stay, without what only the run gave them', async () => {
    const run = await take('c1,a@x.at,Wien,1,', 'c2,,Wien,1,')
    const later = await take('c1,,Graz,,')
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 city=Graz'])
    expect(await u.kept(undo)).toEqual([`c1 undo.delivered ${runName(later.runId)}`])
  })

  test('keep an address by which a dated record may have found them', async () => {
    const run = await take('c1,a@x.at,Wien,1,')
    const later = await u.imported(['c1,,Graz,,'])
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 a@x.at city=Graz'])
    expect(await u.kept(undo)).toEqual([
      `c1 undo.identifier_used ${runName(later.runId)}`,
      `c1 undo.delivered ${runName(later.runId)}`,
    ])
  })

  test('that a later run only confirmed stay', async () => {
    const run = await take('c1,a@x.at,Wien,1,')
    const later = await take('c1,a@x.at,Wien,1,')
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 a@x.at city=Wien score=1'])
    expect(await u.kept(undo)).toEqual([`c1 undo.delivered ${runName(later.runId)}`])
    // And when that run is undone as well, nobody is left who delivered it.
    await u.undone(later)
    expect(await u.profiles()).toEqual([])
  })
})

describe('identifiers', () => {
  test('that were added go, that were replaced come back', async () => {
    await take('c1,a@x.at,Wien,1,', 'c2,,Wien,1,')
    const before = await u.profiles()
    const run = await take('c1,a2@x.at,,,', 'c2,b@x.at,,,')
    expect(await u.profiles()).toEqual(['c1 a2@x.at city=Wien score=1', 'c2 b@x.at city=Wien score=1'])
    await u.undone(run)
    expect(await u.profiles()).toEqual(before)
  })

  test('stay with whoever has them now', async () => {
    await take('c1,a@x.at,Wien,1,')
    const run = await take('c1,a2@x.at,,,')
    await take('c2,a@x.at,Linz,2,')
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 city=Wien score=1', 'c2 a@x.at city=Linz score=2'])
    expect(await u.kept(undo)).toContain('c1 undo.identifier_taken')
  })

  test('by which a later run may have found the person stay', async () => {
    await take('c1,,Wien,1,')
    const run = await take('c1,a@x.at,,,')
    const later = await take(',a@x.at,Linz,,')
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 a@x.at city=Linz score=1'])
    expect(await u.kept(undo)).toEqual([`c1 undo.identifier_used ${runName(later.runId)}`])
  })

  test('an address that moved to a new person within the run goes back', async () => {
    await take('c1,a@x.at,Wien,1,')
    const before = await u.profiles()
    const run = await take('c1,a2@x.at,,,', 'c2,a@x.at,Linz,2,')
    await u.undone(run)
    expect(await u.profiles()).toEqual(before)
  })
})

describe('merges', () => {
  const two = ['c1,,Wien,1,', ',a@x.at,Linz,2,']

  test('are taken apart: both people are whole again', async () => {
    await take(...two)
    const [before, stamps] = [await u.profiles(), await u.stamps()]
    const run = await take('c1,a@x.at,Graz,,')
    expect(await u.profiles()).toEqual(['c1 a@x.at city=Graz score=2'])
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(before)
    expect(await u.stamps()).toEqual(stamps)
    expect(await u.outcomes(undo)).toEqual({ 'finished.updated': 1, 'finished.restored': 1 })
  })

  test('stay where a later run delivered to the one person; undone in turn, all comes back', async () => {
    await take(...two)
    const before = await u.profiles()
    const run = await take('c1,a@x.at,Graz,,')
    const later = await take('c1,,Bonn,,')
    const undo = await u.undone(run)
    expect(await u.profiles()).toEqual(['c1 a@x.at city=Bonn score=2'])
    expect((await u.kept(undo)).map((line) => line.split(' ').slice(-2).join(' '))).toEqual([
      `undo.merge_used ${runName(later.runId)}`,
      `undo.merge_used ${runName(later.runId)}`,
    ])
    await u.undone(later)
    // What had to stay can go now: the same run is undone once more.
    await u.undone(run)
    expect(await u.profiles()).toEqual(before)
  })

  test('of three, one after the other in one batch', async () => {
    await take('c1,,Wien,1,', ',a@x.at,Linz,2,')
    const before = await u.profiles()
    const run = await take(',b@x.at,Bonn,3,', 'c1,a@x.at,,,', 'c1,b@x.at,,,')
    await u.undone(run)
    expect(await u.profiles()).toEqual(before)
  })
})

describe('undoing an undo', () => {
  test('gives the run back everything: values, stamps, people, merges', async () => {
    await take('c1,,Wien,1,', ',a@x.at,Linz,2,', 'c3,d@x.at,Wien,1,', 'c4,,Ulm,4,')
    const run = await take('c1,a@x.at,Graz,,', 'c3,d3@x.at,Bonn,1,', 'c4,,Ulm,5,', 'c5,e@x.at,Rom,5,')
    const [after, stamps] = [await u.profiles(), await u.stamps()]
    const undo = await u.undone(run)
    const redo = await u.undone(undo)
    expect(await u.profiles()).toEqual(after)
    expect(await u.stamps()).toEqual(stamps)
    expect([await u.state(run), await u.state(undo), await u.state(redo)]).toEqual([
      'completed',
      'reverted',
      'completed',
    ])
    // And once more, the other way.
    await u.undone(run)
    expect(await u.state(run)).toBe('reverted')
    expect(await u.profiles()).toHaveLength(4)
  })
})
