// The log of runs and jobs over HTTP: what happened, in order, by page, and as files.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { LogLineView, LogPage } from './log.ts'
import type { UndoAnswer } from './undos.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await api.import('customer_id,email,age\nC1,a@example.com,31\nC2,nobody,32\nC3,c@example.com,44\n')
})
afterAll(() => api.close())

test('LY-21, BL-15, BL-16 a run tells its life line by line', async () => {
  const { body } = await api.ask<LogPage>('GET', '/runs/r1001/log')
  expect(body.lines.map(({ kind, message }) => [kind, message])).toMatchInlineSnapshot(`
    [
      [
        "started",
        "The job runs for the first time.",
      ],
      [
        "queued",
        "The run waits for its lane.",
      ],
      [
        "fetched",
        "The source was read: people.csv.",
      ],
      [
        "type_error",
        "Values of email that do not fit their type: 1.",
      ],
      [
        "validated",
        "Every record was read, mapped and checked: 3 records, 1 of them rejected.",
      ],
      [
        "synced",
        "The run is done: 3 records (2 created, 1 failed).",
      ],
    ]
  `)
})

test('LY-23 in the words of Lytics the end of a run is Synced', async () => {
  const { body } = await api.ask<LogPage>('GET', '/runs/r1001/log?dialect=lytics&order=newest&limit=1')
  expect(body.lines).toMatchObject([{ kind: 'synced', label: 'Synced', run: 'r1001', level: 'info' }])
})

test('pages go on where the one before ended, in both directions', async () => {
  const whole = (await api.ask<LogPage>('GET', '/jobs/people.csv/log')).body.lines
  for (const order of ['oldest', 'newest']) {
    const found: LogLineView[] = []
    for (let cursor: string | null = ''; cursor !== null;) {
      const query: string = `?order=${order}&limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`
      const { body }: { body: LogPage } = await api.ask<LogPage>('GET', `/jobs/people.csv/log${query}`)
      found.push(...body.lines)
      cursor = body.next
    }
    expect(found).toEqual(order === 'oldest' ? whole : whole.toReversed())
  }
})

test('LY-21, LY-D06 only what went wrong: lines of a level and graver ones, by page like all of them', async () => {
  const { body } = await api.ask<LogPage>('GET', '/runs/r1001/log?level=warn')
  expect(body.lines.map(({ kind, level }) => [kind, level])).toEqual([['type_error', 'warn']])
  expect((await api.ask<LogPage>('GET', '/runs/r1001/log?level=error')).body).toEqual({
    lines: [],
    next: null,
  })
  expect(await api.ask('GET', '/runs/r1001/log?level=loud')).toMatchObject({ status: 400 })
})

test('BL-15 the log is downloaded as text and as JSON lines', async () => {
  const text = (await api.ask<string>('GET', '/runs/r1001/log/file')).body
  expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC {2}info/)
  const json = (await api.ask<string>('GET', '/jobs/people.csv/log/file?format=jsonl')).body
  const lines = json
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as LogLineView)
  expect(lines).toEqual((await api.ask<LogPage>('GET', '/jobs/people.csv/log')).body.lines)
})

test('LY-21 an undo is told where it was asked for and where it took effect', async () => {
  const { body } = await api.ask<UndoAnswer>('POST', '/undos', { json: { runs: ['r1001'] } })
  const undo = body.undos[0]!.run
  await api.settled(undo)
  const kinds = async (run: string): Promise<string[]> =>
    (await api.ask<LogPage>('GET', `/runs/${run}/log`)).body.lines.map(({ kind }) => kind)
  expect((await kinds('r1001')).at(-1)).toBe('reverted')
  expect(await kinds(undo)).toEqual(['queued', 'fetch_started', 'fetched', 'validated', 'synced'])
})

test('a job or a run that is not there is not found', async () => {
  expect(await api.ask('GET', '/jobs/nobody/log')).toMatchObject({ status: 404 })
  expect(await api.ask('GET', '/runs/r9/log/file')).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
})
