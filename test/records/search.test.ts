// The filters of the record list against a reading of every row; pages while records move; selections as of an instant.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { inTransaction } from '../../src/db/client.ts'
import { buildIdentifierIndexes, identifierStart } from '../../src/db/identifierIndex.ts'
import { skipRecords } from '../../src/db/skipRecords.ts'
import { selectionTime } from '../../src/db/selectRecords.ts'
import type { RecordFilter, RecordRow } from '../../src/db/read/records.ts'
import { searchRecords } from '../../src/db/read/records.ts'
import { testDatabase } from '../postgres.ts'
import { WaitingHarness } from '../support/waitingHarness.ts'
import { header } from '../support/people.ts'

const database = testDatabase()
let h: WaitingHarness
let all: RecordRow[]
let jobs: number[]

const file = (...lines: string[]): string => `${[header, ...lines].join('\n')}\n`

/** Two jobs, five runs, every state a file can leave. */
beforeAll(async () => {
  h = await WaitingHarness.open(database.connection)
  await h.empty()
  const lines = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => {
      const n = from + i
      return `c${n},${n % 7 === 0 ? 'broken' : `c${n}@x.org`},Wien,${n % 11 === 0 ? 'many' : n},`
    })
  await h.import(file(...lines(1, 130)))
  await h.import(file(...lines(100, 60)))
  await h.landBy({ staged: { perRun: 40, everyMinutes: 5 } }, file(...lines(500, 90)))
  await h.process()
  await h.startBy({}, file(...lines(900, 20)), 'one_time', 'other.csv').then((key) => h.runToEnd(key))
  await h.retryToEnd({ choice: { ids: [{ run: 1001, ordinal: 7 }] } })
  const { rows } = await h.db.pool.query<{ id: number }>('select id from sluice.job order by id')
  jobs = rows.map(({ id }) => id)
  all = await everything({})
})
afterAll(() => h.close())

async function everything(filter: RecordFilter, limit = 500): Promise<RecordRow[]> {
  const found: RecordRow[] = []
  for (let after = null as Parameters<typeof searchRecords>[3]; ;) {
    const page = await searchRecords(h.db.pool, h.namespace, filter, after, limit)
    found.push(...page.records)
    if (page.next === null) return found
    after = page.next
  }
}

const nameOf = ({ run, ordinal }: RecordRow): string => `r${run}/${ordinal}`
const names = (rows: readonly RecordRow[]): string[] => rows.map(nameOf)

type Case = readonly [what: string, filter: () => RecordFilter, fits: (row: RecordRow) => boolean]

const at = (row: RecordRow): number => Date.parse(row.updated_at)
const middle = (): number => at(all[Math.floor(all.length / 2)]!)
const iso = (ms: number): string => new Date(ms).toISOString()

const cases: readonly Case[] = [
  ['job (AL-08)', () => ({ jobs: [jobs[1]!] }), (row) => row.job === 'other.csv'],
  ['several jobs (AL-08)', () => ({ jobs }), () => true],
  ['state (AL-09)', () => ({ state: 'failed' }), ({ state }) => state === 5],
  ['new (AL-09)', () => ({ state: 'new' }), ({ state }) => state === 0],
  [
    'several states (AL-09)',
    () => ({ state: ['new', 'skipped', 'failed'] }),
    ({ state }) => [0, 4, 5].includes(state),
  ],
  [
    'created since (AL-10)',
    () => ({ createdSince: all[0]!.created_at }),
    (row) => row.created_at >= all[0]!.created_at,
  ],
  [
    'created until (AL-10)',
    () => ({ createdUntil: all[0]!.created_at }),
    (row) => row.created_at < all[0]!.created_at,
  ],
  ['updated since (AL-11)', () => ({ since: iso(middle()) }), (row) => at(row) >= middle()],
  ['updated until (AL-11)', () => ({ until: iso(middle()) }), (row) => at(row) < middle()],
  ['id (AL-12)', () => ({ id: { run: 1001, ordinal: 17 } }), (row) => nameOf(row) === 'r1001/17'],
  ['id contains 3 (AL-12)', () => ({ idContains: '3' }), (row) => nameOf(row).includes('3')],
  ['id contains 02/1 (AL-12)', () => ({ idContains: '02/1' }), (row) => nameOf(row).includes('02/1')],
  ['id contains 77 (AL-12)', () => ({ idContains: '77' }), (row) => nameOf(row).includes('77')],
  ['id contains nonsense (AL-12)', () => ({ idContains: 'abc' }), () => false],
  ['type (AL-13)', () => ({ type: 'people.csv' }), ({ type }) => type === 'people.csv'],
  ['type, none (AL-13)', () => ({ type: 'people' }), () => false],
  ['type contains (AL-13)', () => ({ typeContains: 'EOPLE' }), () => true],
  ['identifier (AL-14)', () => ({ identifier: 'c105' }), ({ identifier }) => identifier === 'c105'],
  [
    'identifier contains (AL-14)',
    () => ({ contains: 'c10' }),
    ({ identifier }) => identifier?.includes('c10') === true,
  ],
  ['outcome', () => ({ outcome: 'created' }), ({ outcome }) => outcome === 1],
  ['code', () => ({ code: 'email.invalid' }), ({ problem }) => problem?.code === 'email.invalid'],
  [
    'all at once',
    () => ({ jobs: [jobs[0]!], state: 'failed', contains: 'c1', idContains: '1', typeContains: 'people' }),
    (row) => row.state === 5 && row.job === 'people.csv' && row.identifier?.includes('c1') === true,
  ],
]

describe('the filters of the list (AL-01)', () => {
  test('without filters: every record once, newest run first; accounts of processing runs are no records of their own', () => {
    expect(all).toHaveLength(130 + 60 + 90 + 20 + 1)
    expect(new Set(names(all)).size).toBe(all.length)
    expect(names(all).slice(0, 2)).toEqual(['r1006/1', 'r1005/1'])
  })

  test.each(cases)('%s', async (_, filter, fits) => {
    const wanted = names(all.filter(fits))
    expect(names(await everything(filter()))).toEqual(wanted)
    expect(names(await everything(filter(), 7))).toEqual(wanted)
  })

  test('the rows of a processing run are shown when it is asked for', async () => {
    const rows = await everything({ run: 1004 })
    expect(rows).toHaveLength(40)
    expect(rows[0]!.origin).toBe('r1003/1')
  })

  test('while records move, none comes twice and none is lost', async () => {
    const seen: string[] = []
    let after = null as Parameters<typeof searchRecords>[3]
    for (let page = 0; ; page++) {
      const found = await searchRecords(h.db.pool, h.namespace, {}, after, 40)
      seen.push(...names(found.records))
      if (found.next === null) break
      after = found.next
      // Some are skipped, and a run comes in between two pages.
      if (page === 1) await skipRecords(h.db, h.namespace, { ids: [{ run: 1003, ordinal: 80 }] }, false)
      if (page === 2) await h.import(file('c1,a@x.org,Graz,1,'))
    }
    expect(seen).toEqual(names(all))
  })

  test('with the index of identifiers, where a page reads little', async () => {
    const { schema } = h.namespace
    const month = all[0]!.created_at.slice(0, 7).replace('-', '_')
    await h.db.withClient(async (client) => {
      expect(await buildIdentifierIndexes(client, h.namespace)).toEqual([])
      await inTransaction(client, () => client.query('create extension if not exists pg_trgm schema sluice'))
      await client.query(
        `create index record_${month}_ids_1007 on ${schema}.record_${month} using gin (lower(identifier) sluice.gin_trgm_ops)
         where identifier is not null and run <= 1007`,
      )
      await client.query(
        `create index record_${month}_idw_1007 on ${schema}.record_${month} (${identifierStart('identifier')})
         where identifier is not null and run <= 1007`,
      )
      // As many records as a page reads: what comes after is looked up.
      await client.query(`update sluice.run set total = 100000 where id = 1006`)
    })
    for (const filter of [
      { contains: 'c12' },
      { identifier: 'c120' },
      { contains: 'c1', state: 'failed' },
    ] as const)
      expect(names(await everything(filter)).filter((name) => name !== 'r1007/1')).toEqual(
        names(
          all.filter(({ identifier, state }) =>
            'identifier' in filter
              ? identifier === 'c120'
              : identifier?.includes(filter.contains) === true && (!('state' in filter) || state === 5),
          ),
        ),
      )
  })
})

describe('selections are what fitted at one instant (E8, AL-31)', () => {
  test('what landed later is no part of it; what changed later is left and told (E7, AL-30)', async () => {
    const asOf = await selectionTime(h.db.pool)
    const later = await h.landBy({ staged: { perRun: 40, everyMinutes: 5 } }, file('c9000,n@x.org,Wien,1,'))
    const [one] = all.filter(({ state }) => state === 0)
    await skipRecords(h.db, h.namespace, { ids: [one!] }, false)
    const filter = { state: ['new', 'skipped', 'failed'], newest: true, asOf } as const
    const answer = await skipRecords(h.db, h.namespace, { filter }, false)
    const open = all.filter(({ state }) => state === 0).length
    expect(answer.changed).toBe(open - 2)
    expect(answer.left.map(({ why }) => why.replace(/;.*/, ''))).toEqual(
      expect.arrayContaining(['is failed', 'came or changed after the selection was made']),
    )
    expect(await h.counters(later)).toMatchObject({ new: 1 })
    for (const runId of [1001, 1003, later.runId])
      expect(await h.verify({ namespaceId: h.namespace.id, runId })).toMatchObject({
        sound: true,
        faults: [],
      })
  })
})
