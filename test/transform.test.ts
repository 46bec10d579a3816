// Steps and filters in whole runs: the law holds, a dry run says the same, and a batch prepared again is the same batch.
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ImportDefinition } from '../src/core/job.ts'
import { importDefinitionSchema } from '../src/core/job.ts'
import { notesOf } from '../src/core/law.ts'
import { preparedKey } from '../src/pipeline/recordIndex.ts'
import { testDatabase } from './postgres.ts'
import { ImportHarness, smallCut } from './support/importHarness.ts'
import { definition as plain, mixedFile } from './support/people.ts'

const database = testDatabase()
let h: ImportHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
})
afterEach(() => h.empty())
afterAll(() => h.close())

const { columns } = plain.mapping
const definition: ImportDefinition = importDefinitionSchema.parse({
  ...plain,
  mapping: {
    ...plain.mapping,
    columns: [
      ...columns.map((one) =>
        one.column === 'city' ? { ...one, steps: [{ case: 'upper' }, { default: 'NOWHERE' }] } : one,
      ),
      {
        column: 'who',
        compute: { join: { from: ['customer_id', 'email'], with: '/' } },
        target: { to: 'attribute', key: 'who', type: 'text' },
      },
    ],
    filters: [
      { name: 'no scores of ten', keep: '!record.score.endsWith("0")' },
      { name: 'not Wien', keep: 'profile.city != "WIEN"' },
      { name: 'a number', keep: 'int(record.score) >= 0', onError: 'skip' },
    ],
  },
})
const file = mixedFile(5, 300)

async function imported(settings: object = smallCut) {
  const key = await h.start(file, { definition, settings: { ...settings } })
  await h.runToEnd(key)
  return key
}

test('a filtered record is skipped with the filter named, and the numbers add up (AL-06)', async () => {
  const key = await imported()
  const counters = await h.counters(key)
  const notes = notesOf((await h.row(key)).totals ?? {})['filtered']!
  expect([counters.total, counters.left]).toEqual([300, 0])
  expect(Object.values(notes).reduce((sum, n) => sum + n, 0)).toBe(counters.skipped['filtered'])
  expect(Object.keys(notes).sort()).toEqual(['a number', 'no scores of ten', 'not Wien'])
  expect((await h.verify(key)).sound).toBe(true)
  const ledger = await h.dumpLedger(key)
  expect(ledger.filter((row) => row.includes('"by": "not Wien"')).length).toBe(notes['not Wien'])
  const profiles = await h.dumpProfiles()
  expect(profiles.filter((one) => /"city":\s*"WIEN"/.test(one))).toEqual([])
  expect(
    profiles.filter((one) => /"city":\s*"(?:BERLIN|ZÜRICH|SANKT GALLEN|NOWHERE)"/.test(one)).length,
  ).toBe(profiles.length)
})

test('a batch whose prepared records are gone is prepared again, with the same result (AL-20)', async () => {
  const before = await h.dumpLedger(await imported())
  const profiles = await h.dumpProfiles()
  await h.empty()
  const again = await h.start(file, { definition })
  await h.runToEnd(again, {
    at: async (point) => {
      if (point === 'cut') await h.store.remove(preparedKey(h.namespace.id, again.runId))
    },
  })
  expect(await h.dumpLedger(again)).toEqual(before)
  expect(await h.dumpProfiles()).toEqual(profiles)
})

test('a dry run counts what the import then does (AL-06)', async () => {
  const tried = await imported({ ...smallCut, dryRun: true })
  const { rows } = await h.db.pool.query<{
    validation: { dryRun: { counters: Record<string, number> }; skipped: number }
  }>('select validation from sluice.run where id = $1', [tried.runId])
  const { dryRun, skipped } = rows[0]!.validation
  expect(await h.dumpProfiles()).toEqual([])
  const totals = (await h.row(await imported())).totals!
  const noted = (from: Record<string, number>): [string, number][] =>
    Object.entries(from)
      .filter(([key]) => /^(?:noted|skipped|failed)\./.test(key))
      .sort(([a], [b]) => (a < b ? -1 : 1))
  expect(noted(dryRun.counters)).toEqual(noted(totals))
  expect(skipped).toBe(totals['skipped.filtered'])
})
