// Retrying and skipping any selection of records: child runs that read them from where they were landed.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mappingSchema } from '../../src/core/mapping.ts'
import { skipRecords } from '../../src/db/skipRecords.ts'
import { preparedKey } from '../../src/pipeline/recordIndex.ts'
import { testDatabase } from '../postgres.ts'
import { RetryHarness } from '../support/retryHarness.ts'
import { definition, header, mixedFile } from '../support/people.ts'

const database = testDatabase()
let h: RetryHarness

beforeAll(async () => {
  h = await RetryHarness.open(database.connection)
})
afterAll(() => h.close())
beforeEach(() => h.empty())

const file = (...lines: string[]): string => `${[header, ...lines].join('\n')}\n`

/** With the e-mail address left out where it does not fit. */
const lenient = mappingSchema.parse({
  ...definition.mapping,
  columns: definition.mapping.columns.map((column) => ({ ...column, onBad: 'blank' as const })),
})

describe('retry (AL-12, AL-13)', () => {
  test('failed records with another mapping, from where they were landed', async () => {
    const parent = await h.import(
      file('c1,a@x.org,Wien,1,', 'c2,broken,Graz,2,', 'c3,c@x.org,Linz,many,', 'c4,short'),
    )
    const [child] = await h.retryToEnd({
      choice: { filter: { run: 1001, state: 'failed' } },
      mapping: lenient,
    })
    expect(await h.lines(child!)).toEqual([
      'finished created c2 origin r1001/2',
      'finished created c3 origin r1001/3',
      'failed read.field_count - origin r1001/4',
    ])
    expect(await h.lines(parent)).toEqual([
      'finished created c1',
      'failed email.invalid c2 retried r1002/1',
      'failed integer.invalid c3 retried r1002/2',
      'failed read.field_count - retried r1002/3',
    ])
    expect(await h.errorFile(child!)).toContain('r1002,,,,,,5,')
    expect(await h.verify(child!)).toMatchObject({ sound: true, faults: [] })
  })

  test('by name, also a record that was retried before: it goes back to the first', async () => {
    await h.import(file('c1,broken,Wien,1,', 'c2,a@x.org,Graz,2,'))
    await h.retryToEnd({ choice: { ids: [{ run: 1001, ordinal: 1 }] } })
    const [third] = await h.retryToEnd({ choice: { ids: [{ run: 1002, ordinal: 1 }] }, mapping: lenient })
    expect(await h.lines(third!)).toEqual(['finished created c1 origin r1001/1'])
    const { rows } = await h.db.pool.query(
      `select run || '/' || ordinal as row, retried_in from sluice_main.record where retried_in is not null order by 1`,
    )
    expect(rows).toEqual([
      { row: '1001/1', retried_in: 'r1002/1' },
      { row: '1002/1', retried_in: 'r1003/1' },
    ])
  })

  test('records of several runs make one child each; what is left is told by reason', async () => {
    await h.import(file('c1,broken,Wien,1,'))
    await h.import(file('c2,broken,Graz,2,'))
    const ids = [
      { run: 1001, ordinal: 1 },
      { run: 1002, ordinal: 1 },
      { run: 1002, ordinal: 9 },
    ]
    const answer = await h.retry({ choice: { ids }, mapping: lenient })
    expect(answer).toMatchObject({
      changed: 2,
      left: [{ why: 'is not there', count: 1, record: 'r1002/9' }],
      runs: [
        { run: 'r1003', parent: 'r1001', records: 1, version: 2, parentVersion: 1 },
        { run: 'r1004', parent: 'r1002', records: 1, version: 2, parentVersion: 1 },
      ],
    })
    for (const runId of [1003, 1004]) await h.runToEnd({ namespaceId: h.namespace.id, runId })
    expect(await h.retry({ choice: { ids } })).toMatchObject({
      changed: 0,
      runs: [],
      left: [
        { why: 'is not there', count: 1 },
        { why: expect.stringContaining('was retried already'), count: 2, record: 'r1001/1' },
      ],
    })
  })

  test('superseded records win nothing they had lost, and records that were in are unchanged', async () => {
    const seen = '2026-03-05T00:00:00Z'
    await h.import(file(`c1,a@x.org,New,1,${seen}`))
    const older = await h.import(file('c1,a@x.org,Old,2,2026-03-01T00:00:00Z', 'c2,b@x.org,Graz,,'))
    expect((await h.lines(older))[0]).toBe('skipped superseded c1')
    const before = await h.dumpProfiles()
    const [child] = await h.retryToEnd({ choice: { filter: { run: older.runId } } })
    expect(await h.lines(child!)).toEqual([
      'skipped superseded c1 origin r1002/1',
      'finished unchanged c2 origin r1002/2',
    ])
    expect(await h.dumpProfiles()).toEqual(before)
  })

  test('the run’s own version of the job is used, and the newest on request, where it fits the file', async () => {
    await h.import(file('c1,broken,Wien,1,'))
    await h.import(file('c9,z@x.org,Wien,1,'), { definition: { ...definition, mapping: lenient } })
    const choice = { ids: [{ run: 1001, ordinal: 1 }] }
    expect((await h.retry({ choice, dryRun: true })).runs).toMatchObject([{ version: 1, latest: 2 }])
    const [child] = await h.retryToEnd({ choice, version: 'latest' })
    expect(await h.lines(child!)).toEqual(['finished created c1 origin r1001/1'])
    const [other] = definition.mapping.columns
    const columns = [{ ...other!, column: 'kundennummer' }]
    const foreign = { ...definition, columns: ['kundennummer'], mapping: { ...definition.mapping, columns } }
    await h.import('kundennummer\nc7\n', { definition: foreign })
    const answer = await h.retry({ choice: { filter: { run: 1002 } }, dryRun: true, version: 'latest' })
    expect(answer.runs).toMatchObject([
      { version: 2, latest: 3, note: expect.stringContaining('version 3 does not fit this file') },
    ])
  })

  test('nothing chosen is no choice', async () => {
    await expect(h.retry({ choice: { filter: { newest: true } } })).rejects.toMatchObject({
      problem: { code: 'retry.nothing' },
    })
  })

  test('many records over many batches, and again when the prepared ones are gone', async () => {
    const parent = await h.import(mixedFile(5, 700))
    const failed = (await h.lines(parent)).filter((line) => line.startsWith('failed')).length
    const answer = await h.retry({
      choice: { filter: { run: parent.runId, state: 'failed' } },
      mapping: lenient,
    })
    expect(answer.changed).toBe(failed)
    const key = { namespaceId: h.namespace.id, runId: 1002 }
    let lost = false
    await h.runToEnd(key, {
      at: async (point) => {
        if (point === 'cut' && !lost) await h.store.remove(preparedKey(key.namespaceId, key.runId))
        lost = true
      },
    })
    const lines = await h.lines(key)
    expect(lines).toHaveLength(failed)
    expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
    const origins = lines.map((line) => Number(/origin r1001\/(\d+)/.exec(line)![1]))
    expect(origins).toEqual([...origins].sort((a, b) => a - b))
  })
})

describe('skip (AL-14)', () => {
  const s = 'sluice_main.record'

  test('only what is still to be processed, and the run adds up at every moment', async () => {
    const key = await h.import(file('c1,a@x.org,Wien,1,', 'c2,b@x.org,Graz,2,', 'c3,c@x.org,Linz,3,'))
    // No source leaves records open yet, so two are put back by hand: as new, as waiting to be tried again.
    await h.db.pool.query(
      `update ${s} set state = case ordinal when 1 then 0 else 2 end, outcome = null where ordinal < 3`,
    )
    await h.db.pool.query(
      `update sluice.chunk set counters = '{"new": 1, "retry": 1, "finished.created": 1}'`,
    )
    const ids = [1, 2, 3].map((ordinal) => ({ run: key.runId, ordinal }))
    expect(await skipRecords(h.db, h.namespace, { ids }, true)).toMatchObject({ changed: 2 })
    const { changed, left } = await skipRecords(h.db, h.namespace, { ids }, false)
    expect({ changed, left }).toEqual({
      changed: 2,
      left: [{ why: 'is finished; skip is possible from new, retry', count: 1, record: 'r1001/3' }],
    })
    expect(await h.lines(key)).toEqual(['skipped manual c1', 'skipped manual c2', 'finished created c3'])
    const { rows } = await h.db.pool.query('select counters from sluice.chunk')
    expect(rows).toEqual([{ counters: { new: 0, retry: 0, 'finished.created': 1, 'skipped.manual': 2 } }])
    const { law } = await h.verify(key)
    expect(law!.faults.filter((fault) => !fault.includes('profile'))).toEqual([])
  })

  test('by filter', async () => {
    const key = await h.import(file('c1,a@x.org,Wien,1,', 'c2,broken,Graz,2,'))
    const answer = await skipRecords(h.db, h.namespace, { filter: { run: key.runId } }, false)
    expect(answer).toMatchObject({ changed: 0, left: [{ count: 1 }, { count: 1 }] })
  })
})
