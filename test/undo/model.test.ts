// Undo against a model: what is left must be what a replay from nothing without the undone runs gives (design section 10).
import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Settlement, Shape } from '../../src/core/changeSet.ts'
import { writePolicySchema } from '../../src/core/mapping.ts'
import type { PreparedRecord } from '../../src/core/prepared.ts'
import { ensureAttributes } from '../../src/db/attributes.ts'
import { openDatabase, type Database } from '../../src/db/client.ts'
import { findNamespace } from '../../src/db/imports.ts'
import { testDatabase } from '../postgres.ts'
import { campaign } from '../support/campaign.ts'
import { MemoryProfiles } from '../support/memoryProfiles.ts'
import { UndoModel } from '../support/undoModel.ts'

const shape: Shape = {
  attributes: [
    { key: 'a', write: 'set' },
    { key: 'b', write: 'set' },
    { key: 'c', write: 'set_if_empty' },
  ],
  rest: [],
  slots: [
    { kindId: 1, kind: 'customer_id', rank: 1, single: true },
    { kindId: 2, kind: 'email', rank: 2, single: true },
    { kindId: 4, kind: 'device_id', rank: 4, single: false },
  ],
}
const policy = writePolicySchema.parse({})
const deleting = writePolicySchema.parse({ mode: 'delete' })

const database = testDatabase()
let db: Database
let model: UndoModel

beforeAll(async () => {
  db = openDatabase(database.connection, 'test')
  const namespace = await findNamespace(db.pool, 'main')
  const wanted = shape.attributes.map(({ key }) => ({ key, type: 'text' as const }))
  await db.withClient((client) => ensureAttributes(client, namespace, wanted, 1, async () => {}))
  const { rows } = await db.pool.query<{ month: string }>(
    `select date_trunc('month', now() at time zone 'utc')::date::text as month`,
  )
  model = new UndoModel(db, namespace.schema, shape, rows[0]!.month)
})
afterAll(() => db.end())

interface Fact {
  readonly cid: number | null
  readonly email: number | null
  readonly device: number | null
  readonly cells: readonly (string | null)[]
  readonly clears: boolean
  readonly asOf: number
}

const some = (max: number): fc.Arbitrary<number | null> =>
  fc.option(fc.integer({ min: 1, max }), { nil: null })
const fact: fc.Arbitrary<Fact> = fc
  .record({
    cid: some(3),
    email: some(3),
    device: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: some(2) }),
    cells: fc.array(fc.option(fc.constantFrom('x', 'y', 'z'), { nil: null }), { minLength: 3, maxLength: 3 }),
    clears: fc.boolean(),
    asOf: fc.integer({ min: 1, max: 9_000 }),
  })
  .filter(({ cid, email, device }) => cid !== null || email !== null || device !== null)

const named = (letter: string, n: number | null): string | null => (n === null ? null : `${letter}${n}`)

const plain: Fact = { cid: null, email: null, device: 1, cells: [null, null, null], clears: false, asOf: 1 }

interface Import {
  /** Its records delete (BL-D08). */
  readonly deletes?: boolean
  readonly dated: boolean
  readonly facts: readonly Fact[]
}

const imported = (dated: fc.Arbitrary<boolean>): fc.Arbitrary<Import> =>
  fc.record({
    dated,
    deletes: fc.oneof(
      { weight: 3, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
    facts: fc.array(fact, { minLength: 1, maxLength: 4 }),
  })

const policyOf = ({ deletes }: Import) => (deletes === true ? deleting : policy)

function toRecords({ dated, facts }: Import, weak: boolean): PreparedRecord[] {
  return facts.map(({ cid, email, device, cells, clears, asOf }, i) => ({
    ordinal: i + 1,
    at: [0, 0, 0],
    failed: null,
    skipped: null,
    origin: null,
    warnings: null,
    identifiers: [named('c', cid), named('e', email), named('d', device)],
    given: [null, null, null],
    asOf: dated ? asOf : null,
    row: cells.map((cell, at) => (cell === null || (at === 2 && !weak) ? '\\N' : cell)).join('\t'),
    cleared: clears && cells[1] === null ? [1] : null,
  }))
}

/** Profiles after these imports alone; runs keep their numbers. */
function replay(imports: readonly Import[], without: ReadonlySet<number>, weak: boolean): string[] {
  const store = new MemoryProfiles(shape)
  imports.forEach((one, i) => {
    if (!without.has(i + 1)) store.deliver(i + 1, model.asOf(i + 1), policyOf(one), toRecords(one, weak))
  })
  return store.dump()
}

async function deliverAll(imports: readonly Import[], weak: boolean): Promise<Settlement[]> {
  await model.empty()
  const settlements: Settlement[] = []
  for (const one of imports)
    settlements.push(...(await model.deliver(policyOf(one), toRecords(one, weak), one.dated)).settlements)
  return settlements
}

const trials = campaign.undos

test(
  'the newest runs, undone newest first: as if they had never been, and nothing is kept',
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(imported(fc.boolean()), { minLength: 2, maxLength: 5 }),
        fc.integer({ min: 1, max: 3 }),
        async (imports, undone) => {
          await deliverAll(imports, true)
          const without = new Set<number>()
          for (let run = imports.length; run > Math.max(0, imports.length - undone); run--) {
            expect((await model.undo(run)).notes).toEqual([])
            without.add(run)
          }
          expect(await model.damage()).toEqual([])
          expect(await model.dump()).toEqual(replay(imports, without, true))
        },
      ),
      { numRuns: trials, seed: campaign.seed },
    )
  },
)

/** Somebody lost, failed or was left aside because of what was there: a replay would treat it otherwise. */
function isPlain(settlements: readonly Settlement[]): boolean {
  return settlements.every((settled) => settled.state === 'finished' && settled.warnings === null)
}

/** Kept because a later run said so itself: a replay says the same. */
const asReplayed = new Set(['undo.value_newer', 'undo.delivered'])

async function undoSome(imports: readonly Import[], picks: readonly number[]) {
  const settlements = await deliverAll(imports, false)
  const without = new Set<number>()
  const notes: string[] = []
  for (const pick of picks) {
    const run = ((pick - 1) % imports.length) + 1
    if (without.has(run)) continue
    without.add(run)
    notes.push(...(await model.undo(run)).notes)
  }
  return {
    damage: await model.damage(),
    without,
    promised: isPlain(settlements) && notes.every((note) => asReplayed.has(note)),
  }
}

const picked = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 })

test(
  'any runs, in any order, of people who always give their id: equal to the replay',
  { timeout: 600_000 },
  async () => {
    // Addresses come and go, but nobody has somebody else's.
    const known = fact.map((one) => ({
      ...one,
      cid: one.cid ?? 1,
      email: one.email === 3 ? null : one.email === null ? null : (one.cid ?? 1) * 10 + one.email,
      device: null,
    }))
    const people = fc.record({
      dated: fc.constant(false),
      facts: fc.array(known, { minLength: 1, maxLength: 4 }),
    })
    let compared = 0
    await fc.assert(
      fc.asyncProperty(fc.array(people, { minLength: 2, maxLength: 5 }), picked, async (imports, picks) => {
        const { damage, without, promised } = await undoSome(imports, picks)
        expect(damage).toEqual([])
        if (!promised) return
        compared++
        expect(await model.dump()).toEqual(replay(imports, without, false))
      }),
      { numRuns: trials, seed: campaign.seed },
    )
    // The comparison must be the rule.
    expect(compared).toBeGreaterThan(trials / 2)
  },
)

test(
  'any runs of any people: what differs from the replay is named, and nothing is damaged',
  { timeout: 600_000 },
  async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(imported(fc.boolean()), { minLength: 2, maxLength: 5 }),
        picked,
        async (imports, picks) => {
          expect((await undoSome(imports, picks)).damage).toEqual([])
        },
      ),
      { numRuns: trials, seed: campaign.seed + 1 },
    )
  },
)

test('an undo of an undo: exactly what was there, stamps included', { timeout: 600_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(imported(fc.boolean()), { minLength: 1, maxLength: 4 }),
      fc.integer({ min: 1, max: 4 }),
      async (imports, pick) => {
        await deliverAll(imports, true)
        const [before, stamps] = [await model.dump(), await model.stamps()]
        const undo = await model.undo(((pick - 1) % imports.length) + 1)
        const redo = await model.undo(undo.run)
        expect(redo.notes).toEqual([])
        expect(await model.damage()).toEqual([])
        expect(await model.dump()).toEqual(before)
        expect(await model.stamps()).toEqual(stamps)
      },
    ),
    { numRuns: trials, seed: campaign.seed },
  )
})

test('an identifier that links nothing any more links its person again (BS-D09)', async () => {
  const one = (cid: string | null, device: string, a: string): PreparedRecord => ({
    ...toRecords({ dated: false, facts: [plain] }, false)[0]!,
    identifiers: [cid, null, device],
    row: `${a}\t\\N\t\\N`,
  })
  await model.empty()
  const devices = Array.from({ length: 50 }, (_, i) => ({ ...one('c1', `d${i}`, 'x'), ordinal: i + 1 }))
  await model.deliver(policy, devices, false)
  await model.deliver(policy, [one(null, 'shared', 'kiosk')], false)
  const before = await model.dump()
  const { run, settlements } = await model.deliver(policy, [one('c1', 'shared', 'y')], false)
  expect(settlements).toMatchObject([{ state: 'failed', problem: { code: 'identifier.too_many' } }])
  const blocked = await model.dump()
  expect(blocked).not.toEqual(before)
  const undo = await model.undo(run)
  expect([await model.dump(), await model.damage()]).toEqual([before, []])
  await model.undo(undo.run)
  expect(await model.dump()).toEqual(blocked)
})
