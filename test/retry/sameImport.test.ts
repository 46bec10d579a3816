// The same import again (design section 4): what is recognised, what goes on, and what is asked.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { breakerSchema } from '../../src/core/job.ts'
import { mappingSchema } from '../../src/core/mapping.ts'
import type { RunState } from '../../src/core/run.ts'
import { moveRun } from '../../src/db/moves.ts'
import { startImport, type NewImport } from '../../src/db/imports.ts'
import { testDatabase } from '../postgres.ts'
import { until } from '../until.ts'
import { smallCut } from '../support/importHarness.ts'
import { RetryHarness } from '../support/retryHarness.ts'
import { definition, header, mixedFile } from '../support/people.ts'

const database = testDatabase()
let h: RetryHarness

beforeAll(async () => {
  h = await RetryHarness.open(database.connection)
})
afterAll(() => h.close())
beforeEach(() => h.empty())

const content = mixedFile(3, 200)
const other = {
  ...definition,
  policy: { ...definition.policy, mode: 'update_only' as const },
  mapping: mappingSchema.parse({
    ...definition.mapping,
    columns: definition.mapping.columns.map((column) =>
      column.column === 'score' ? { ...column, onBad: 'blank' as const } : column,
    ),
  }),
}

async function start(order: Partial<NewImport> & { content?: string } = {}) {
  const landingId = await h.land(order.content ?? content)
  const whole = { jobName: 'people.csv', landingId, definition, again: false, settings: smallCut, ...order }
  return h.db.transaction((client) => startImport(client, h.namespace, whole))
}

const key = (runId: number) => ({ namespaceId: h.namespace.id, runId })

async function stateOf(runId: number): Promise<RunState> {
  return (await h.row(key(runId))).state
}

/** The first run as it would be after a move that needs more than a test has. */
async function become(state: RunState, from: RunState): Promise<void> {
  await h.db.pool.query('update sluice.run set state = $1, state_from = $2 where id = 1001', [state, from])
}

/** A run that a person stopped after its first batch. */
async function stoppedMidway(order: Partial<NewImport> = {}): Promise<number> {
  const { runId } = await start(order)
  let stopped = false
  await h.runToEnd(key(runId), {
    at: async (point) => {
      if (point === 'committed' && !stopped) stopped = await moveRun(h.db.pool, key(runId), 'stop')
    },
  })
  expect(await stateOf(runId)).toBe('stopped')
  return runId
}

describe('the very same', () => {
  test('settled: skipped, naming the run; --again is a new run (P6)', async () => {
    const { runId } = await start()
    await h.runToEnd(key(runId))
    expect(await start()).toEqual({ runId: 1002, what: 'skipped', by: 1001 })
    expect(await stateOf(1002)).toBe('skipped')
    expect(await start({ again: true })).toEqual({ runId: 1003, what: 'started' })
  })

  test('under way: attached', async () => {
    await start()
    expect(await start()).toEqual({ runId: 1001, what: 'attached' })
  })

  test('only tried, and still at it: the import is a run of its own', async () => {
    await start({ again: true, settings: { ...smallCut, dryRun: true } })
    expect(await start()).toEqual({ runId: 1002, what: 'started' })
  })

  test('only tried, and stopped meanwhile: nothing goes on as an import', async () => {
    const { runId } = await start({ again: true, settings: { ...smallCut, dryRun: true } })
    expect(await moveRun(h.db.pool, key(runId), 'stop')).toBe(true)
    await h.runToEnd(key(runId))
    expect(await start()).toEqual({ runId: 1002, what: 'started' })
  })

  test('stopped midway: goes on where it stopped; --anew starts afresh', async () => {
    await stoppedMidway()
    expect(await start()).toEqual({ runId: 1001, what: 'resumed' })
    await h.runToEnd(key(1001))
    expect(await h.verify(key(1001))).toMatchObject({ sound: true })
    expect((await h.counters(key(1001))).left).toBe(0)
  })

  test('stopped midway, with --anew: a run of its own', async () => {
    await stoppedMidway()
    expect(await start({ unfinished: 'anew' })).toMatchObject({ runId: 1002, what: 'started' })
    expect(await stateOf(1001)).toBe('stopped')
  })

  test.each(['partial', 'halted'] as const)('%s: goes on', async (state) => {
    await stoppedMidway()
    await become(state, 'importing')
    expect(await start()).toEqual({ runId: 1001, what: 'resumed' })
  })

  test.each([
    ['failed', 'queued'],
    ['reverted', 'completed'],
  ] as const)('%s: a new run', async (state, from) => {
    await start()
    await become(state, from)
    expect(await start()).toMatchObject({ runId: 1002, what: 'started' })
  })

  test('held and dropped by a person: looked at afresh, never let in by the back door', async () => {
    const bad = `${header}\n${Array.from({ length: 20 }, (_, i) => `c${i},broken,,,`).join('\n')}\n`
    const breaking = { ...definition, breaker: breakerSchema.parse({ rejectsMin: 1 }) }
    const order = { content: bad, definition: breaking }
    await start(order)
    await h.whileWorking(() => until(async () => (await stateOf(1001)) === 'held'))
    expect(await start(order)).toEqual({ runId: 1001, what: 'attached' })
    await moveRun(h.db.pool, key(1001), 'drop')
    expect(await start(order)).toEqual({ runId: 1002, what: 'started' })
  })
})

describe('the same content with other settings', () => {
  const differs = [expect.stringContaining('score'), expect.stringContaining('mode')]

  test('is a new run that says what differs', async () => {
    const { runId } = await start()
    await h.runToEnd(key(runId))
    const again = await start({ definition: other })
    expect(again).toEqual({ runId: 1002, what: 'started', sameContent: { run: 1001, differs } })
    expect(await start({ definition: other, jobName: 'else.csv' })).toMatchObject({
      runId: 1003,
      sameContent: { run: 1002, differs: ['job people.csv'] },
    })
  })

  test('asks when the earlier one is unfinished, and makes no run', async () => {
    await stoppedMidway()
    await expect(start({ definition: other })).rejects.toMatchObject({
      problem: { code: 'import.unfinished', details: { run: 'r1001', state: 'stopped' } },
    })
    const { rows } = await h.db.pool.query('select id from sluice.run')
    expect(rows).toHaveLength(1)
  })

  test('goes on with the earlier one on request', async () => {
    await stoppedMidway()
    expect(await start({ definition: other, unfinished: 'resume' })).toEqual({ runId: 1001, what: 'resumed' })
  })

  test('stops the earlier one on request, also one that is held, and starts anew', async () => {
    await start()
    expect(await start({ definition: other, unfinished: 'anew' })).toMatchObject({
      runId: 1002,
      what: 'started',
    })
    expect(await stateOf(1001)).toBe('stopping')
  })

  test('does not ask about one that wrote nothing', async () => {
    const { runId } = await start()
    await moveRun(h.db.pool, key(runId), 'stop')
    await h.runToEnd(key(runId))
    expect(await start({ definition: other })).toMatchObject({ runId: 1002, what: 'started' })
  })

  test('a dry run is no import', async () => {
    const { runId } = await start({ settings: { ...smallCut, dryRun: true }, again: true })
    await h.runToEnd(key(runId))
    expect(await start({ definition: other })).toEqual({ runId: 1002, what: 'started' })
  })
})
