// `verify` names every kind of planted damage, with the first record that shows it (design section 6).
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Fault } from '../../src/db/faults.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { testDatabase } from '../postgres.ts'
import { ImportHarness } from '../support/importHarness.ts'
import { definition, fileOf } from '../support/people.ts'

const database = testDatabase()
let h: ImportHarness
let s: string
let key: RunKey

beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
  s = h.namespace.schema
})
afterAll(() => h.close())

/** A run with every outcome. Its records: 1 updated, 2 created, 3 merged, 4 unchanged, 5 failed, 6 created. */
beforeEach(async () => {
  await h.empty()
  const before = ['c1,,Berlin,1,', 'c2,,Wien,1,', ',p2@example.com,Wien,1,', 'c4,,Wien,1,']
  await h.runToEnd(await h.start(fileOf(before), { definition, jobName: 'before.csv' }))
  const rows = [
    'c1,,Bonn,1,',
    'c10,,Bonn,1,',
    'c2,p2@example.com,Bonn,1,',
    'c4,,Wien,1,',
    'c5,nobody,,,',
    'c11,,Bonn,2,',
  ]
  key = await h.start(fileOf(rows), { definition })
  await h.runToEnd(key)
})

test('an undamaged run is sound', async () => {
  const report = await h.verify(key)
  expect([report.sound, report.faults, report.law!.faults]).toEqual([true, [], []])
})

interface Damage {
  readonly what: string
  /** `s` stands for the schema, $1 for the run. */
  readonly plant: string
  /** What is named record by record. */
  readonly kinds: readonly (readonly [kind: Fault['kind'], ordinal: number])[]
  /** What the law says, in its order. */
  readonly law: readonly RegExp[]
}

const damages: readonly Damage[] = [
  {
    what: 'a lost row',
    plant: 'delete from s.record where run = $1 and ordinal = 4',
    kinds: [['lost_row', 4]],
    law: [
      /^finished.unchanged: counted 1 while importing, the ledger has 0$/,
      /^1 of 6 records have no ledger row$/,
    ],
  },
  {
    what: 'a row doubled in the partition of another month',
    plant: `insert into s.record (run_month, run, ordinal, state, outcome, profile_id)
      select run_month + interval '1 month', run, ordinal, state, outcome, profile_id from s.record where run = $1 and ordinal = 2`,
    kinds: [['doubled_row', 2]],
    law: [],
  },
  {
    what: 'a row too many',
    plant: `insert into s.record (run_month, run, ordinal, state, outcome, profile_id)
      select run_month, run, 7, state, outcome, profile_id from s.record where run = $1 and ordinal = 4`,
    kinds: [],
    law: [
      /^finished.unchanged: counted 1 while importing, the ledger has 2$/,
      /1 rows more/,
      /names record 7, the landing has 6/,
    ],
  },
  {
    what: 'a wrong counter',
    plant: `update sluice.chunk set counters = sluice.add_counters(counters, '{"finished.updated": 1}') where run_id = $1`,
    kinds: [],
    law: [/^finished.updated: counted 2 while importing, the ledger has 1$/],
  },
  {
    what: 'a wrong outcome',
    plant: 'update s.record set outcome = 3 where run = $1 and ordinal = 2',
    kinds: [['unclaimed_profile', 2]],
    law: [
      /^finished.created: counted 2/,
      /^finished.unchanged: counted 1/,
      /^1 records created a profile, 2 profiles name the run/,
    ],
  },
  {
    what: 'a missing profile',
    plant: 'delete from s.profile where _created_run = $1 and _created_ordinal = 2',
    kinds: [['missing_profile', 2]],
    law: [/^2 records created a profile, 1 profiles name the run as their maker$/],
  },
  {
    what: 'a profile nobody made',
    plant:
      'insert into s.profile (_id, _created_as_of, _created_run, _created_ordinal) values (999999, now(), $1, 99)',
    kinds: [['unclaimed_profile', 99]],
    law: [/^2 records created a profile, 3 profiles name the run as their maker$/],
  },
  {
    what: 'a missing change of an update',
    plant: 'delete from s.change where run = $1 and ordinal = 1',
    kinds: [['missing_change', 1]],
    law: [],
  },
  {
    what: 'a missing change of a merge',
    plant: 'delete from s.change where run = $1 and ordinal = 3',
    kinds: [['missing_change', 3]],
    law: [],
  },
  {
    what: 'a stray change',
    plant: `insert into s.change select run, 4, profile_id, before from s.change where run = $1 and ordinal = 1`,
    kinds: [['stray_change', 4]],
    law: [],
  },
  {
    what: 'a missing stamp',
    plant:
      'delete from s.stamp where profile_id = (select profile_id from s.record where run = $1 and ordinal = 6)',
    kinds: [['missing_stamp', 6]],
    law: [],
  },
  {
    what: 'a record of the landing nobody counted',
    plant: 'update sluice.run set total = total + 1 where id = $1',
    kinds: [['lost_row', 7]],
    law: [/^1 of 7 records have no ledger row$/],
  },
]

test.each(damages)('names $what', async ({ plant, kinds, law }) => {
  await h.db.pool.query(plant.replaceAll(/\bs\./g, `${s}.`), [key.runId])
  const report = await h.verify(key)
  expect(report.sound).toBe(false)
  expect(report.faults.map(({ kind, ordinal, count }) => [kind, ordinal, count])).toEqual(
    kinds.map((kind) => [...kind, 1]),
  )
  for (const { ordinal, sentence } of report.faults)
    expect(sentence).toMatch(new RegExp(`^record ${ordinal} \\w+`))
  expect(report.law!.faults).toEqual(law.map((says) => expect.stringMatching(says) as string))
})

test('several records with the same damage: how many, and the first of them', async () => {
  await h.db.pool.query(`delete from ${s}.profile where _created_run = $1`, [key.runId])
  const { faults } = await h.verify(key)
  expect(faults.map(({ kind, count, ordinal }) => [kind, count, ordinal])).toEqual([
    ['missing_profile', 2, 2],
  ])
  expect(faults[0]!.sentence).toBe('record 2 names a profile that is not there (and 1 more)')
})

test('a run whose numbers do not add up is halted, and says so', async () => {
  const sick = await h.start(fileOf(['c20,,Bonn,1,', 'c21,,Bonn,1,']), { definition })
  const at = async (point: string): Promise<void> => {
    if (point === 'committed')
      await h.db.pool.query(`delete from ${s}.record where run = $1 and ordinal = 1`, [sick.runId])
  }
  expect(await h.runToEnd(sick, { at })).toBe('halted')
  const { problem } = await h.row(sick)
  expect(problem!.code).toBe('law.broken')
  expect(problem!.message).toContain('finished.created: counted 2 while importing, the ledger has 1')
})
