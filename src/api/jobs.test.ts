// Jobs over HTTP: versions with what each changed, and the definition any run was made with (requirements P9, BC-09).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import type { JobPage } from './jobs.ts'
import type { JobDiff, JobVersion, JobVersions, RunDefinitionView } from './jobVersions.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  const people = 'customer_id,city\nC1,Wien\n'
  const definition = async (mode: string, more: object = {}): Promise<void> => {
    const upload = await api.upload(people)
    const { body } = await api.ask<{ dialect: object; mapping: { columns: object[] } }>(
      'POST',
      `/uploads/${upload.id}/inspect`,
      { json: {} },
    )
    const { dialect, mapping } = body
    const columns = ['customer_id', 'city']
    const mapped = {
      ...mapping,
      columns: mapping.columns.map((one, i) => (i === 1 ? { ...one, ...more } : one)),
    }
    const json = {
      upload: upload.id,
      job: 'a/b c',
      again: true,
      definition: { dialect, columns, mapping: mapped, policy: { mode } },
    }
    expect(await api.ask('POST', '/imports', { json })).toMatchObject({ status: 201 })
  }
  await definition('upsert')
  await definition('upsert', { blank: 'clear' })
  await definition('upsert', { blank: 'clear' })
  await definition('update_only')
})
afterAll(() => api.close())

const path = `/jobs/${encodeURIComponent('a/b c')}`

test('P9 the list names every job with its newest run', async () => {
  const { body } = await api.ask<JobPage>('GET', '/jobs')
  expect(body).toMatchObject({ jobs: [{ job: 'a/b c', versions: 3, runs: 4, lastRun: 'r1004' }], next: null })
})

test('P9 every version says what it changed, and pages go on', async () => {
  const { body } = await api.ask<JobVersions>('GET', `${path}/versions?limit=2`)
  expect(body.versions).toMatchObject([
    { version: 3, firstRun: 'r1004', lastRun: 'r1004', changes: 2 },
    { version: 2, firstRun: 'r1002', lastRun: 'r1003', examples: ['~ city: empty cell ignore → clear'] },
  ])
  const rest = await api.ask<JobVersions>('GET', `${path}/versions?limit=2&cursor=${body.next}`)
  expect(rest.body).toMatchObject({ versions: [{ version: 1, changes: 0 }], next: null })
})

test('P9 a difference of two versions, by default the last two', async () => {
  const last = await api.ask<JobDiff>('GET', `${path}/diff`)
  expect(last.body).toMatchObject({ from: 2, to: 3 })
  expect(last.body.changes.map(({ text }) => text)).toEqual([
    '~ city: empty cell clear → ignore',
    '~ policy: mode upsert → update_only',
  ])
  const back = await api.ask<JobDiff>('GET', `${path}/diff?from=3&to=1`)
  expect(back.body.changes.map(({ text }) => text)).toEqual(['~ policy: mode update_only → upsert'])
})

test('BC-09 what an old version said, setup and definition', async () => {
  const { body } = await api.ask<JobVersion>('GET', `${path}/versions/2`)
  expect(body).toMatchObject({ job: 'a/b c', version: 2, setup: { source: { kind: 'upload' } } })
  expect(body.definition.mapping.columns[1]).toMatchObject({ column: 'city', blank: 'clear' })
  expect(body.definition.policy.mode).toBe('upsert')
})

test('BC-09 the definition of any run', async () => {
  const { body } = await api.ask<RunDefinitionView>('GET', '/runs/r1002/definition')
  expect(body).toMatchObject({ run: 'r1002', job: 'a/b c', version: 2, file: 'people.csv' })
  expect(body.definition.mapping.columns[1]).toMatchObject({ column: 'city', blank: 'clear' })
})

test.each([
  ['no such job', '/jobs/nope/versions'],
  ['no such version', `${path}/diff?to=9`],
  ['no such old version', `${path}/versions/9`],
  ['no such run', '/runs/r77/definition'],
])('%s', async (_, where) => {
  expect(await api.ask('GET', where)).toMatchObject({ status: 404, body: { code: 'not_found' } })
})
