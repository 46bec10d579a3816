// What lies in the source of a job, over HTTP.
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { until } from '../../test/until.ts'
import type { SourceView } from './sources.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

async function put(path: string, content: string, minute: number): Promise<void> {
  await mkdir(dirname(join(api.root, path)), { recursive: true })
  await writeFile(join(api.root, path), content)
  await utimes(join(api.root, path), minute * 60, minute * 60)
}

const source = async (job: string, query = ''): Promise<SourceView> =>
  (await api.ask<SourceView>('GET', `/jobs/${job}/source${query}`)).body

test('the kinds of sources are listed with the options forms are made from', async () => {
  const { body } = await api.ask<{ connectors: { kind: string; options: { properties: object } }[] }>(
    'GET',
    '/connectors',
  )
  expect(body.connectors.map(({ kind }) => kind)).toEqual(['upload', 'folder', 'profiles'])
  expect(body.connectors[1]).toMatchObject({
    capabilities: { editableWhileActive: true, canSample: true, canArrive: true },
    options: { properties: { pattern: { title: 'File names' }, take: { enum: ['newest', 'all'] } } },
  })
})

test('expectation 7 every file with what became of it: new, taken by a run, passed over; by page', async () => {
  await put('in/a.csv', 'customer_id,email\n1,a@x.io\n', 1)
  const setup = { source: { kind: 'folder', path: 'in', pattern: '*.csv' } }
  expect((await api.ask('POST', '/jobs', { json: { job: 'watched', setup } })).status).toBe(201)
  expect(await source('watched')).toMatchObject({
    kind: 'folder',
    root: api.root,
    path: 'in',
    take: 'all',
    problem: null,
    files: [{ path: 'in/a.csv', bytes: 27, modified: '1970-01-01T00:01:00.000Z', state: 'new', run: null }],
  })
  await api.ask('POST', '/jobs/watched/sample', { json: {} })
  await api.ask('POST', '/jobs/watched/activate', { json: {} })
  const taken = await api.harness.whileWorking(
    () =>
      until(async () => (await source('watched')).files[0]!.runState === 'Completed' && source('watched')),
    { root: api.root },
  )
  expect(taken.files).toMatchObject([{ state: 'taken', run: 'r1001', takenAt: expect.any(String) }])

  await put('in/b.csv', 'customer_id,email\n2,b@x.io\n', 2)
  await put('in/empty.csv', '', 3)
  await symlink('/etc/hosts', join(api.root, 'in', 'out.csv'))
  const { files } = await source('watched')
  expect(files.map(({ path, state, why }) => [path, state, why])).toEqual([
    ['in/b.csv', 'new', null],
    ['in/a.csv', 'taken', null],
    ['in/empty.csv', 'passed_over', 'empty'],
    ['in/out.csv', 'passed_over', 'a link that leads outside of the root'],
  ])
  const first = await source('watched', '?limit=3')
  expect(first.files).toHaveLength(3)
  const rest = await source('watched', `?limit=3&cursor=${encodeURIComponent(first.next!)}`)
  expect(rest).toMatchObject({ files: [{ path: 'in/out.csv' }], next: null })
})

test('a folder that is not there is told with what to do', async () => {
  const setup = { source: { kind: 'folder', path: 'nowhere' } }
  await api.ask('POST', '/jobs', { json: { job: 'lost', setup } })
  expect(await source('lost')).toMatchObject({ files: [], problem: { code: 'source.folder_missing' } })
  expect(await api.ask('GET', '/jobs/unknown/source')).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
})

test('12 a path out of the root cannot be set up', async () => {
  for (const path of ['..', '/etc', 'in/../../etc']) {
    const setup = { source: { kind: 'folder', path } }
    const { status } = await api.ask('POST', '/jobs', { json: { job: 'out', setup } })
    expect(status).toBeGreaterThanOrEqual(400)
  }
})

test('expectation 8 a person who says again gets the newest file once more', async () => {
  await put('again/a.csv', 'customer_id,email\n9,z@x.io\n', 1)
  const setup = {
    source: { kind: 'folder', path: 'again' },
    schedule: { rule: { kind: 'every', minutes: 60 } },
  }
  const path = '/jobs/again'
  await api.ask('POST', '/jobs', { json: { job: 'again', setup } })
  await api.ask('POST', `${path}/sample`, { json: {} })
  const ended = (run: string) =>
    api.harness.whileWorking(
      () =>
        until(async () => {
          const { body } = await api.ask<{ run: { state: string; settled: boolean } }>('GET', `/runs/${run}`)
          return body.run.settled && body.run.state
        }),
      { root: api.root },
    )
  const begin = async (verb: string, json: object = {}): Promise<string> => {
    const { body } = await api.ask<{ run: string }>('POST', `${path}/${verb}`, { json })
    return ended(body.run)
  }
  expect(await begin('activate')).toBe('completed')
  expect(await begin('run')).toBe('skipped')
  expect(await begin('run', { again: true })).toBe('completed')
})
