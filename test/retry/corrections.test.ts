// Correct and re-run: an error file that comes back becomes retry rows with the stamps of their first appearance.
import iconv from 'iconv-lite'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { searchRecords } from '../../src/db/read/records.ts'
import { csvLine } from '../../src/formats/writeCsv.ts'
import { testDatabase } from '../postgres.ts'
import { RetryHarness } from '../support/retryHarness.ts'

const database = testDatabase()
let h: RetryHarness

beforeAll(async () => {
  h = await RetryHarness.open(database.connection)
})
afterAll(() => h.close())
beforeEach(() => h.empty())

const people = `${[
  'customer_id,email,city,score,seen',
  'c1,a@example.com,Wien,1,',
  'c2,not an address,Graz,2,',
  'c3,c@example.com,Linz,many,',
  'c4,d@example.com',
  'c5,e@example.com,"a\nb",x,',
].join('\n')}\n`

type Row = Record<string, string>

const rowsOf = (file: string): Row[] => parse(file, { columns: true }) as Row[]

function fileOf(rows: readonly Row[], columns = Object.keys(rows[0]!)): string {
  return [columns, ...rows.map((row) => columns.map((column) => row[column]))]
    .map((cells) => csvLine(cells))
    .join('')
}

/** The error file with some records changed, by number. */
function corrected(file: string, changes: Record<number, Row>): string {
  return fileOf(rowsOf(file).map((row) => ({ ...row, ...changes[Number(row['_record'])] })))
}

const mendTwo = { 2: { email: 'b@example.com' }, 3: { score: '3' } }

describe('a corrected error file (P7, LY-24)', () => {
  test('only what was changed is tried again; parent and child say what became of it', async () => {
    const parent = await h.import(people)
    const child = await h.correct(corrected(await h.errorFile(parent), mendTwo))
    expect(await h.lines(child)).toEqual([
      'finished created c2 origin r1001/2',
      'finished created c3 origin r1001/3',
      'skipped unchanged_correction - origin r1001/4',
      'skipped unchanged_correction c5 origin r1001/5',
    ])
    expect(await h.lines(parent)).toEqual([
      'finished created c1',
      'failed email.invalid c2 retried r1002/1',
      'failed integer.invalid c3 retried r1002/2',
      'failed read.field_count -',
      'failed integer.invalid c5',
    ])
    expect(await h.row(child)).toMatchObject({ state: 'completed' })
    for (const key of [parent, child]) expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
  })

  test('a profile made by a correction names the child as its maker, and the first stamp', async () => {
    const parent = await h.import(people)
    await h.correct(corrected(await h.errorFile(parent), mendTwo))
    const { rows } = await h.db.pool.query(
      `select p._created_run as run, p._created_ordinal as ordinal, s.run as stamp_run, s.ordinal as stamp_ordinal,
         p._created_as_of = r.as_of as first_as_of
       from sluice_main.profile p join sluice_main.stamp s on s.profile_id = p._id join sluice.run r on r.id = 1001
       join sluice_main.identifier i on i.profile_id = p._id and i.value = 'c3'`,
    )
    expect(rows).toEqual([{ run: 1002, ordinal: 2, stamp_run: 1001, stamp_ordinal: 3, first_as_of: true }])
  })

  test('a record that could not be read is filled in by hand', async () => {
    const parent = await h.import(people)
    const filled = { 4: { customer_id: 'c4', email: 'd@example.com', city: 'base64:Wien', score: '4' } }
    const child = await h.correct(corrected(await h.errorFile(parent), filled))
    expect(await h.lines(child)).toContain('finished created c4 origin r1001/4')
    expect((await h.dumpProfiles()).join('\n')).toContain('"city":"base64:Wien"')
  })

  test('it keeps its first stamp: what came later in its own file, or since, wins', async () => {
    const parent = await h.import(`${people}c2,b@example.com,Later,7,\n`)
    await h.import('customer_id,email,city,score,seen\nc3,,Since,,\n')
    const child = await h.correct(corrected(await h.errorFile(parent), mendTwo))
    expect(await h.lines(child)).toEqual([
      'skipped superseded c2 origin r1001/2',
      'finished updated c3 origin r1001/3',
      'skipped unchanged_correction - origin r1001/4',
      'skipped unchanged_correction c5 origin r1001/5',
    ])
    const profiles = (await h.dumpProfiles()).join('\n')
    expect(profiles).toContain('"city":"Later"')
    expect(profiles).toContain('"city":"Since","score":3')
    const { rows } = await h.db.pool.query(
      `select before -> 'w' as w, run, ordinal from sluice_main.change where run = 1003`,
    )
    expect(rows).toEqual([{ w: [expect.any(Number), 1001, 3], run: 1003, ordinal: 2 }])
  })

  test('a second correction of the same record replaces the first, and nothing else', async () => {
    const parent = await h.import(people)
    const file = await h.errorFile(parent)
    await h.correct(corrected(file, { 3: { score: '3', city: 'First' } }))
    const again = await h.correct(corrected(file, { 3: { score: '4', city: 'Second' } }))
    expect((await h.lines(again))[1]).toBe('finished updated c3 origin r1001/3')
    expect((await h.lines({ ...parent, runId: 1002 }))[1]).toBe(
      'finished created c3 origin r1001/3 retried r1003/2',
    )
    expect((await h.dumpProfiles()).join('\n')).toContain('"city":"Second","score":4')
  })

  test('what fails again is corrected from the error file of the child, and goes back to the first record', async () => {
    const parent = await h.import(people)
    const child = await h.correct(corrected(await h.errorFile(parent), { 2: { email: 'still wrong' } }))
    expect(await h.lines(child)).toContain('failed email.invalid c2 origin r1001/2')
    const file = await h.errorFile(child)
    expect(Object.keys(rowsOf(file)[0]!)).toEqual(Object.keys(rowsOf(await h.errorFile(parent))[0]!))
    const last = await h.correct(corrected(file, { 1: { email: 'b@example.com' } }))
    expect(await h.lines(last)).toEqual(['finished created c2 origin r1001/2'])
    expect((await h.lines(child))[0]).toBe('failed email.invalid c2 origin r1001/2 retried r1003/1')
  })

  test('two people who correct the same records at once: one chain, no record lost', async () => {
    const wrong = Array.from({ length: 120 }, (_, i) => `c${i},broken,Wien,${i},`)
    const parent = await h.import(`customer_id,email,city,score,seen\n${wrong.join('\n')}\n`)
    const rows = rowsOf(await h.errorFile(parent))
    const mended = (city: string) =>
      fileOf(rows.map((row) => ({ ...row, city, email: `${row['customer_id']}@example.com` })))
    const one = await h.startCorrections(mended('One'))
    const two = await h.startCorrections(mended('Two'))
    await h.whileWorking(() => Promise.all([h.settled(one), h.settled(two)]), {}, 2)
    for (const key of [one, two]) expect(await h.verify(key)).toMatchObject({ sound: true, faults: [] })
    const { rows: ends } = await h.db.pool.query(
      `select (count(*) filter (where run = 1001 and retried_in is null))::int as never,
         (count(*) filter (where run > 1001 and retried_in is null))::int as newest,
         count(distinct retried_in)::int as chained
       from sluice_main.record`,
    )
    expect(ends).toEqual([{ never: 0, newest: 120, chained: 240 }])
    expect(await h.dumpProfiles()).toHaveLength(120)
  })

  test('the same corrections again are skipped, naming the run', async () => {
    const parent = await h.import(people)
    const file = corrected(await h.errorFile(parent), mendTwo)
    const first = await h.correct(file)
    const second = await h.startCorrections(file)
    const { rows } = await h.db.pool.query('select state, skipped_for from sluice.run where id = $1', [
      second.runId,
    ])
    expect(rows).toEqual([{ state: 'skipped', skipped_for: first.runId }])
  })
})

describe('rows that cannot be used say why', () => {
  test.each<[string, (rows: Row[]) => Row[], string]>([
    [
      'no names',
      (rows) => [rows[1]!, { ...rows[0]!, _run: '', _record: '' }],
      'failed correction.unnamed c2',
    ],
    ['no such record', (rows) => [{ ...rows[0]!, _record: '99' }], 'failed correction.unknown c2'],
    ['no such run', (rows) => [rows[0]!, { ...rows[1]!, _run: 'r77' }], 'failed correction.unknown c3'],
    ['nonsense', (rows) => [{ ...rows[0]!, _record: 'two' }], 'failed correction.unknown c2'],
    ['a record that is in', (rows) => [{ ...rows[0]!, _record: '1' }], 'failed correction.not_failed c2'],
    [
      'twice',
      (rows) => [
        { ...rows[0]!, city: 'A' },
        { ...rows[0]!, city: 'B' },
      ],
      'failed correction.twice c2',
    ],
  ])('%s', async (_, change, line) => {
    const parent = await h.import(people)
    const child = await h.correct(fileOf(change(rowsOf(await h.errorFile(parent)))))
    expect((await h.lines(child)).at(-1)).toBe(line)
    expect(await h.verify(child)).toMatchObject({ sound: true })
  })

  test('corrections of several runs of one job are one file; of several jobs they are refused', async () => {
    const one = await h.import(people)
    const two = await h.import(people.replace('not an address', 'wrong'))
    const other = await h.import(people, { jobName: 'other.csv' })
    const rows = async (key: typeof one) => rowsOf(corrected(await h.errorFile(key), mendTwo))
    const child = await h.correct(
      fileOf([...(await rows(one)).slice(0, 1), ...(await rows(two)).slice(0, 1)]),
    )
    expect(await h.lines(child)).toEqual([
      'finished created c2 origin r1001/2',
      'finished unchanged c2 origin r1002/2',
    ])
    const mixed = fileOf([...(await rows(one)), ...(await rows(other))])
    await expect(h.correct(mixed)).rejects.toMatchObject({ problem: { code: 'corrections.several_jobs' } })
    await expect(h.correct(fileOf([{ _run: 'x', _record: '1', email: 'a' }]))).rejects.toMatchObject({
      problem: { code: 'corrections.none' },
    })
  })

  test('an import that was undone takes no corrections, and its records are not retried', async () => {
    const parent = await h.import(people)
    const file = corrected(await h.errorFile(parent), mendTwo)
    await h.db.pool.query(`update sluice.run set state = 'reverted', state_from = 'completed_with_errors'`)
    await expect(h.correct(file)).rejects.toMatchObject({
      problem: { code: 'corrections.undone', details: { run: 'r1001' } },
    })
    expect(await h.retry({ choice: { filter: { run: 1001 } } })).toMatchObject({
      changed: 0,
      left: [{ count: 5, why: expect.stringContaining('undone') }],
    })
  })

  test('once the corrections are undone, their records are as failed as before', async () => {
    const failed = async (): Promise<number[]> => {
      const filter = { state: 'failed', newest: true } as const
      const page = await searchRecords(h.db.pool, h.namespace, filter, null, 50)
      return page.records.map(({ ordinal }) => ordinal)
    }
    const parent = await h.import(people)
    const before = await failed()
    const child = await h.correct(corrected(await h.errorFile(parent), mendTwo))
    expect((await failed()).length).toBeLessThan(before.length)
    await h.db.pool.query(
      `update sluice.run set state = 'reverted', state_from = 'completed' where id = ${child.runId}`,
    )
    expect((await failed()).filter((ordinal) => before.includes(ordinal))).toEqual(before)
  })

  test('a column that the mapping needs must be there', async () => {
    const parent = await h.import(people)
    const rows = rowsOf(corrected(await h.errorFile(parent), mendTwo))
    const without = fileOf(
      rows,
      Object.keys(rows[0]!).filter((column) => column !== 'email'),
    )
    await expect(h.correct(without)).rejects.toMatchObject({
      problem: { code: 'corrections.columns_missing', details: { columns: 'email' } },
    })
  })
})

describe('saved by a spreadsheet', () => {
  const german = people.replace('Graz', 'Köln; Süd').replace('Linz', 'Straße')
  const lines = (file: string, delimiter: string): string =>
    parse(file)
      .map((cells: string[]) =>
        cells
          .map((cell) => (/[;\t"\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell))
          .join(delimiter),
      )
      .join('\r\n')
      .concat('\r\n')

  test.each<[string, (file: string) => Buffer]>([
    ['semicolons, Windows-1252', (file) => iconv.encode(lines(file, ';'), 'windows-1252')],
    ['semicolons, UTF-8 with a mark', (file) => Buffer.from(`\ufeff${lines(file, ';')}`)],
    ['tabs, UTF-16', (file) => iconv.encode(lines(file, '\t'), 'utf-16le', { addBOM: true })],
    ['a sep= line', (file) => Buffer.from(`sep=;\r\n${lines(file, ';')}`)],
    [
      'columns in another order',
      (file) => Buffer.from(fileOf(rowsOf(file), Object.keys(rowsOf(file)[0]!).reverse())),
    ],
    [
      'only the columns that name the record left',
      (file) => {
        const keep = ['score', '_record', 'email', 'customer_id', '_run', 'city', 'seen']
        return Buffer.from(fileOf(rowsOf(file), keep))
      },
    ],
  ])('%s', async (_, save) => {
    const parent = await h.import(german)
    const child = await h.correct(save(corrected(await h.errorFile(parent), mendTwo)))
    expect(await h.lines(child)).toEqual([
      'finished created c2 origin r1001/2',
      'finished created c3 origin r1001/3',
      'skipped unchanged_correction - origin r1001/4',
      'skipped unchanged_correction c5 origin r1001/5',
    ])
    expect((await h.dumpProfiles()).join('\n')).toContain('Köln; Süd')
  })

  test('what it changed besides is told before the import', async () => {
    const rows = Array.from({ length: 6 }, (_, i) => `c${i},broken,0${i}01,${i},`)
    const parent = await h.import(`customer_id,email,city,score,seen\n${rows.join('\n')}\n`)
    const file = rowsOf(await h.errorFile(parent)).map((row) => ({
      ...row,
      email: `${row['customer_id']}@example.com`,
      city: String(Number(row['city'])),
    }))
    const found = await h.look(fileOf(file))
    expect(found).toMatchObject({
      runs: [{ id: 'r1001', file: 'people.csv' }],
      records: 6,
      changed: 6,
      mangled: [{ column: 'city', rows: 6, of: 6, before: '0001', after: '1' }],
    })
    const careful = file.map((row, i) => ({ ...row, city: `0${i}01` }))
    expect(await h.look(fileOf(careful))).toMatchObject({ mangled: [] })
  })

  test('an ordinary file is none', async () => {
    expect(await h.look(people)).toBeNull()
  })
})
