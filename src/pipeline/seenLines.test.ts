// Skip what was delivered before (BL-20): what is left out, what never is, and that leaving it out changes nobody.
import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { ImportDefinition } from '../core/job.ts'
import type { RunState } from '../core/run.ts'
import type { RunKey } from '../db/moves.ts'
import { readSeen } from '../db/seen.ts'
import { testDatabase } from '../../test/postgres.ts'
import { ImportHarness, smallCut } from '../../test/support/importHarness.ts'
import { definition } from '../../test/support/people.ts'
import { linesKept, linesKey } from './lineStore.ts'

const timeless: ImportDefinition = {
  ...definition,
  mapping: {
    ...definition.mapping,
    columns: definition.mapping.columns.filter(({ target }) => target.to !== 'as_of'),
  },
}

const database = testDatabase()
let h: ImportHarness
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
})
afterEach(() => h.empty())
afterAll(() => h.close())

const settings = { ...smallCut, batchRecords: 7, chunkBatches: 3, skipSeen: true }
const file = (...lines: readonly string[]): string =>
  `customer_id,email,city,score,seen\n${lines.join('\n')}\n`
const ann = (city: string): string => `ann,ann@example.com,${city},1,`
const ben = (city: string): string => `ben,ben@example.com,${city},2,`
const broken = 'eve,not an address,Rome,3,'

interface Day {
  readonly content: string
  readonly definition?: ImportDefinition
  readonly settings?: Readonly<Record<string, unknown>>
}

async function deliver(day: Day, workers = 1): Promise<RunKey> {
  const key = await h.start(day.content, { definition, settings, ...day })
  await h.runToEnd(key, {}, workers)
  return key
}

async function became(day: Day): Promise<string[]> {
  return outcomes(await deliver(day))
}

/** What became of each record, without who it was. */
async function outcomes(key: RunKey): Promise<string[]> {
  const { rows } = await h.db.pool.query<{ what: string }>(
    `select coalesce(case state when 3 then (array['created','updated','unchanged','merged'])[outcome]
       when 4 then 'reason ' || reason else problem ->> 'code' end, 'open') as what
     from ${h.namespace.schema}.record where run = $1 order by ordinal`,
    [key.runId],
  )
  return rows.map(({ what }) => (what === 'reason 3' ? 'seen' : what))
}

/** As if it had come to that. */
async function setState(key: RunKey, state: RunState, from: RunState): Promise<void> {
  await h.db.pool.query(
    'update sluice.run set state = $2, state_from = $3, state_at = clock_timestamp() where id = $1',
    [key.runId, state, from],
  )
}

const revert = (key: RunKey): Promise<void> => setState(key, 'reverted', 'completed')

async function cities(): Promise<string[]> {
  const { rows } = await h.db.pool.query<{ city: string }>(
    `select coalesce(city, '-') as city from ${h.namespace.schema}.profile order by _id`,
  )
  return rows.map(({ city }) => city)
}

test('BL-20: a line that was delivered before is left out; changed and new ones go in; the numbers add up', async () => {
  expect(await became({ content: file(ann('Rome'), ben('Wien')) })).toEqual(['created', 'created'])
  const key = await deliver({ content: file(ben('Wien'), ann('Milan'), 'cem,,Bern,5,') })
  expect(await outcomes(key)).toEqual(['seen', 'updated', 'created'])
  expect(await cities()).toEqual(['Milan', 'Wien', 'Bern'])
  const { total, read, left, skipped, finished } = await h.counters(key)
  expect({ total, read, left, skipped, finished: finished.total }).toEqual({
    total: 3,
    read: 3,
    left: 0,
    skipped: { total: 1, already_processed: 1 },
    finished: 2,
  })
  expect((await h.verify(key)).sound).toBe(true)
})

test('BL-20: what was left out is still known the day after, and the day after that', async () => {
  const content = file(ann('Rome'), ben('Wien'))
  await deliver({ content })
  for (let day = 0; day < 3; day++) expect(await became({ content })).toEqual(['seen', 'seen'])
})

test('BL-20: the run before need not have been told to leave out anything', async () => {
  const content = file(ann('Rome'), broken, ben('Wien'))
  await deliver({ content, settings: smallCut })
  expect(await became({ content })).toEqual(['seen', 'email.invalid', 'seen'])
})

test('BL-20: without the flag nothing is left out, and no hashes are kept', async () => {
  const content = file(ann('Rome'))
  await deliver({ content })
  const key = await deliver({ content, settings: smallCut })
  expect(await outcomes(key)).toEqual(['unchanged'])
  expect(await linesKept(h.store, linesKey(key.namespaceId, key.runId))).toBe(0)
})

test('BL-20: failed lines and those left out for another reason are tried again', async () => {
  const policy = { ...definition.policy, mode: 'create_only' as const }
  const createOnly = { ...definition, policy }
  await deliver({ content: file(ben('Wien')) })
  const content = file(ann('Rome'), broken, ben('Wien'))
  const day = { content, definition: createOnly, settings: { ...settings } }
  const order = { jobName: 'other', ...day }
  const first = await h.start(content, order)
  await h.runToEnd(first)
  const again = await h.start(content, order)
  await h.runToEnd(again)
  expect(await outcomes(again)).toEqual(['seen', 'email.invalid', 'reason 7'])
})

test('BL-20: a value that changes and changes back is imported each time', async () => {
  for (const city of ['Rome', 'Milan', 'Rome']) {
    await deliver({ content: file(ann(city), ben('Wien')) })
    expect(await cities()).toEqual([city, 'Wien'])
  }
})

test('BL-20: lines of somebody who is on several are never left out: the last of them wins', async () => {
  const twice = { content: file(ann('Rome'), ben('Wien'), ann('Milan')), definition: timeless }
  await deliver(twice)
  expect(await became(twice)).toEqual(['updated', 'seen', 'updated'])
  expect(await became({ ...twice, content: file(ann('Rome'), ben('Wien')) })).toEqual(['updated', 'seen'])
  expect(await cities()).toEqual(['Rome', 'Wien'])
})

test('BL-20: with a time of their own the order of somebody’s lines does not matter: they are left out', async () => {
  const content = file('ann,,Rome,1,2026-03-01T00:00:00Z', 'ann,,Milan,1,2026-03-02T00:00:00Z')
  await deliver({ content })
  expect(await became({ content })).toEqual(['seen', 'seen'])
})

test('BL-20: another mapping or write mode: every line goes in, and the run says why', async () => {
  const content = file(ann('Rome'))
  const first = await deliver({ content })
  const without = definition.mapping.columns.filter(({ column }) => column !== 'score')
  const changes: ImportDefinition[] = [
    { ...definition, mapping: { ...definition.mapping, columns: without } },
    { ...definition, policy: { ...definition.policy, mode: 'update_only' } },
  ]
  let before = first
  for (const changed of changes) {
    const key = await deliver({ content, definition: changed })
    expect(await outcomes(key)).toEqual(['unchanged'])
    expect(await readSeen(h.db.pool, key)).toMatchObject({
      base: null,
      why: 'changed',
      instead: before.runId,
    })
    before = key
  }
  // When a run is held is no part of what becomes of a line.
  const last = changes[1]!
  expect(await became({ content, definition: { ...last, breaker: null } })).toEqual(['seen'])
})

test('BL-20: lines of an undone run are not known, nor those left out because of it', async () => {
  const content = file(ann('Rome'), ben('Wien'))
  const first = await deliver({ content })
  const second = await deliver({ content: file(ann('Rome'), ben('Bern')) })
  await revert(first)
  // Ann's line was left out because the first run had delivered it; Ben's was delivered by the second.
  const third = await deliver({ content: file(ann('Rome'), ben('Bern')) })
  expect(await outcomes(third)).toEqual(['unchanged', 'seen'])
  expect(await readSeen(h.db.pool, third)).toMatchObject({ base: second.runId, carried: false })
  // The newest run undone: the one before it counts again.
  await revert(third)
  const fourth = await deliver({ content: file(ann('Rome'), ben('Bern')) })
  expect(await readSeen(h.db.pool, fourth)).toMatchObject({ base: second.runId })
})

test.each([
  ['stopped', 'stopping', 'unfinished'],
  ['halted', 'importing', 'unfinished'],
  ['held', 'validating', 'under_way'],
] as const)('BL-20: after a run that is %s every line goes in', async (state, from, why) => {
  const content = file(ann('Rome'))
  const first = await deliver({ content })
  await setState(first, state, from)
  const key = await deliver({ content })
  expect(await outcomes(key)).toEqual(['unchanged'])
  expect(await readSeen(h.db.pool, key)).toMatchObject({ base: null, why, instead: first.runId })
})

test('BL-20: the first run of a job imports everything; other jobs do not count', async () => {
  const content = file(ann('Rome'))
  await deliver({ content })
  const other = await h.start(content, { definition, settings, jobName: 'other' })
  await h.runToEnd(other)
  expect(await outcomes(other)).toEqual(['unchanged'])
  expect(await readSeen(h.db.pool, other)).toEqual({
    base: null,
    instead: null,
    why: 'first',
    carried: false,
    oldest: null,
  })
})

const many = (from: number, to: number, city: (i: number) => string): string[] =>
  Array.from({ length: to - from }, (_, i) => `c${from + i},p${from + i}@example.com,${city(from + i)},1,`)

test.each([1_000_000, 50, 7])(
  'BL-20: %i lines compared in one go: the same is left out, with two workers as with one',
  async (compareLines) => {
    const cut = { ...settings, compareLines }
    await deliver({ content: file(...many(0, 200, () => 'Rome')), settings: cut })
    const next = file(...many(20, 220, (i) => (i % 10 === 0 ? 'Wien' : 'Rome')))
    const key = await deliver({ content: next, settings: cut }, 2)
    const expected = Array.from({ length: 200 }, (_, i) =>
      i + 20 >= 200 ? 'created' : i % 10 === 0 ? 'updated' : 'seen',
    )
    expect(await outcomes(key)).toEqual(expected)
    expect((await h.verify(key)).sound).toBe(true)
    expect(await linesKept(h.store, linesKey(key.namespaceId, key.runId))).toBe(200)
  },
)

test('BL-20: the hashes of older runs are let go; after an undo they are taken from the landing again', async () => {
  const content = file(ann('Rome'), ben('Wien'))
  const runs: RunKey[] = []
  for (let day = 0; day < 3; day++) runs.push(await deliver({ content }))
  const kept = await Promise.all(runs.map((key) => linesKept(h.store, linesKey(key.namespaceId, key.runId))))
  expect(kept).toEqual([0, 2, 2])
  await revert(runs[2]!)
  await revert(runs[1]!)
  expect(await became({ content })).toEqual(['seen', 'seen'])
})

test('BL-20: the prepared records are a cache here too: without them the same lines are left out', async () => {
  const content = file(...many(0, 40, () => 'Rome'))
  await deliver({ content })
  const changed = file(...many(0, 40, (i) => (i % 5 === 0 ? 'Wien' : 'Rome')))
  const key = await h.start(changed, { definition, settings })
  const at = async (point: string): Promise<void> => {
    if (point === 'cut') await h.store.remove(`runs/${key.namespaceId}/${key.runId}/prepared`)
  }
  await h.runToEnd(key, { at })
  expect((await outcomes(key)).map((what) => what === 'seen')).toEqual(
    Array.from({ length: 40 }, (_, i) => i % 5 !== 0),
  )
  expect((await h.verify(key)).sound).toBe(true)
})

test.each(['jsonl', 'json'] as const)('BL-20: records of %s are told by their bytes too', async (format) => {
  const read = { ...definition, dialect: { ...definition.dialect, format } }
  const contentOf = (...people: readonly object[]): string => {
    const lines = people.map((person) => JSON.stringify(person))
    return format === 'json' ? `[\n${lines.join(',\n')}\n]` : lines.join('\n')
  }
  const [a, b] = [
    { customer_id: 'ann', city: 'Rome' },
    { customer_id: 'ben', city: 'Wien' },
  ]
  await deliver({ content: contentOf(a, b), definition: read })
  const next = { content: contentOf({ ...a, city: 'Milan' }, b), definition: read }
  expect(await became(next)).toEqual(['updated', 'seen'])
})

test('BL-20: a dry run says what would be left out, and is no delivery', async () => {
  const content = file(ann('Rome'), ben('Wien'))
  await deliver({ content })
  const changed = { content: file(ann('Milan'), ben('Wien')) }
  const dry = await deliver({ ...changed, settings: { ...settings, dryRun: true } })
  const { rows } = await h.db.pool.query<{ counters: unknown }>(
    `select validation -> 'dryRun' -> 'counters' as counters from sluice.run where id = $1`,
    [dry.runId],
  )
  expect(rows[0]!.counters).toEqual({ 'finished.updated': 1, 'skipped.already_processed': 1 })
  expect(await linesKept(h.store, linesKey(dry.namespaceId, dry.runId))).toBe(0)
  expect(await became(changed)).toEqual(['updated', 'seen'])
})

test('BL-20: whatever is delivered day after day, nobody is another than if everything had been imported', async () => {
  const city = fc.constantFrom('Rome', 'Wien', 'Bern', '')
  const person = fc.tuple(fc.integer({ min: 0, max: 11 }), city, fc.constantFrom('', 'x'))
  const day = fc.uniqueArray(person, { selector: ([id]) => id, maxLength: 12 })
  const contentOf = (people: readonly (readonly [number, string, string])[]): string =>
    file(
      ...people.map(([id, where, score]) => `c${id},p${id}@example.com,${where},${score},`),
      'zoe,,Rome,1,',
    )
  await fc.assert(
    fc.asyncProperty(fc.array(day, { minLength: 2, maxLength: 5 }), async (days) => {
      const left: string[][] = []
      for (const skipSeen of [true, false]) {
        for (const people of days) {
          const key = await deliver({ content: contentOf(people), settings: { ...settings, skipSeen } })
          expect((await h.verify(key)).sound).toBe(true)
        }
        left.push(await h.dumpProfiles())
        await h.empty()
      }
      expect(left[0]).toEqual(left[1])
    }),
    { seed: 44, numRuns: Number(process.env['FC_RUNS'] ?? 8) },
  )
})
