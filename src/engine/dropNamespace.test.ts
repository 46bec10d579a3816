// A namespace is dropped without a trace, and never under a worker's hands (issue 3, point 8).
import { access } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { silentLog } from '../../test/support/importHarness.ts'
import { until } from '../../test/until.ts'
import type { NamespaceList, NamespaceView } from '../api/namespaces.ts'
import type { ImportAnswer } from '../api/imports.ts'
import type { Inspection } from '../api/inspect.ts'
import type { UploadView } from '../api/uploadView.ts'
import type { RunView } from '../api/runView.ts'
import { systemClock } from '../core/clock.ts'
import { migrate } from '../db/migrate.ts'
import { dropExpired } from './dropNamespace.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

async function make(): Promise<string> {
  const { body, status } = await api.ask<NamespaceView>('POST', '/v1/namespaces', { json: {} })
  expect(status).toBe(201)
  return body.name
}

/** An import of people in a namespace, with small batches; answers the path of the run. */
async function start(name: string, people: number): Promise<string> {
  const base = `/v1/namespaces/${name}`
  const rows = Array.from({ length: people }, (_, i) => `C${i},p${i}@x.io,City ${i}`)
  const content = ['customer_id,email,city', ...rows, ''].join('\n')
  const upload = await api.ask<UploadView>('POST', `${base}/uploads?file_name=people.csv`, { bytes: content })
  const { id } = upload.body
  const { body } = await api.ask<Inspection>('POST', `${base}/uploads/${id}/inspect`, { json: {} })
  const columns = body.columns.map(({ column }) => column)
  const definition = { dialect: body.dialect, columns, mapping: body.mapping }
  const answer = await api.ask<ImportAnswer>('POST', `${base}/imports`, {
    json: { upload: id, job: 'people.csv', definition },
  })
  return `${base}/runs/${answer.body.run}`
}

const stateOf = async (run: string): Promise<string> => (await api.ask<RunView>('GET', run)).body.run.state
const drop = (name: string) => api.ask<{ code?: string }>('DELETE', `/v1/namespaces/${name}`)

/** Rows of the control schema and files that are not of main. */
async function traces(): Promise<string[]> {
  const { db } = api.harness
  const tables = await db.pool.query<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'sluice' and column_name = 'namespace_id'`,
  )
  const found: string[] = []
  for (const { name } of tables.rows) {
    const { rowCount } = await db.pool.query(`select from sluice.${name} where namespace_id <> 1`)
    if (rowCount !== 0) found.push(name)
  }
  const orphans = await db.pool.query(
    `select from sluice.job_version v where not exists (select from sluice.job j where j.id = v.job_id)`,
  )
  const schemas = await db.pool.query<{ name: string }>(
    `select nspname as name from pg_namespace where nspname like 'sluice_try%'
     union select 'row of ' || name from sluice.namespace where name <> 'main'
     union select 'migrations of ' || schema from sluice.migration where schema like 'sluice_try%'`,
  )
  if (orphans.rowCount !== 0) found.push('job_version')
  for await (const key of api.harness.store.list('landings'))
    if (key.startsWith('landings/try')) found.push(key)
  for await (const key of api.harness.store.list('runs')) if (!key.startsWith('runs/1/')) found.push(key)
  return [...found, ...schemas.rows.map(({ name }) => name)]
}

test('8 a throw-away namespace is used like any other, and dropped without a trace', async () => {
  const name = await make()
  expect(name).toMatch(/^try_[a-z2-9]{6}$/)
  const run = await start(name, 30)
  await api.harness.whileWorking(() => until(async () => (await stateOf(run)) === 'completed'))
  const count = await api.ask('GET', `/v1/namespaces/${name}/profiles/count`)
  expect(count.body).toEqual({ count: 30 })
  expect(await traces()).not.toEqual([])
  expect((await drop(name)).status).toBe(200)
  expect(await traces()).toEqual([])
  await expect(access(join(api.harness.folder, 'landings', name))).rejects.toThrow('ENOENT')
  expect(await api.ask('GET', run)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect((await drop(name)).status).toBe(404)
})

test('8 the list says which go by themselves; main does not, and cannot be dropped', async () => {
  const name = await make()
  const { body } = await api.ask<NamespaceList>('GET', '/v1/namespaces')
  expect(body.namespaces).toMatchObject([
    { name: 'main', expiresAt: null },
    { name, expiresAt: expect.any(String), runs: 0 },
  ])
  expect(await drop('main')).toMatchObject({ status: 409, body: { code: 'namespace.first' } })
  await drop(name)
})

test('8 a run in the middle is stopped first; workers go on with other work', async () => {
  const name = await make()
  const run = await start(name, 12_000)
  let batches = 0
  const dropped = await api.harness.whileWorking(
    async () => {
      await until(async () => batches > 0)
      const [answer, other] = await Promise.all([drop(name), api.import('email\na@x.io\n')])
      expect(other.run.state).toBe('completed')
      return answer
    },
    { at: (point) => void (point === 'applied' && batches++) },
    2,
  )
  expect(dropped.status).toBe(200)
  expect(await traces()).toEqual([])
  expect(await api.ask('GET', run)).toMatchObject({ status: 404 })
  expect(api.faults).toEqual([])
})

test('8 a worker that holds a lease is waited for; while it does, nothing is taken away', async () => {
  const name = await make()
  await start(name, 200)
  const { db } = api.harness
  await db.pool.query(
    `update sluice.run set lease_until = clock_timestamp() + interval '1 hour', leased_by = 'elsewhere'
     where namespace_id <> 1`,
  )
  const dropping = drop(name)
  await until(async () => (await api.ask('GET', `/v1/namespaces/${name}/runs`)).status === 404)
  const upload = await api.ask('POST', `/v1/namespaces/${name}/uploads`, { bytes: 'a\n1\n' })
  expect(upload).toMatchObject({ status: 404 })
  expect(await traces()).toContain('run')
  await db.pool.query(`update sluice.run set lease_until = clock_timestamp() where namespace_id <> 1`)
  expect((await dropping).status).toBe(200)
  expect(await traces()).toEqual([])
})

test('8 what a crash left behind is dropped when its time is over, or when dropping had begun', async () => {
  const [expired, begun, half, kept] = [await make(), await make(), await make(), await make()]
  const { db, store } = api.harness
  await start(begun, 10)
  await db.pool.query(
    `update sluice.namespace set expires_at = now() - interval '1 minute' where name = $1`,
    [expired],
  )
  await db.pool.query(`update sluice.namespace set dropping_at = now() where name = any($1)`, [[begun, half]])
  await db.pool.query(`drop schema sluice_${half} cascade`)
  // A server that starts meanwhile does not trip over what is half gone.
  await db.withClient(migrate)
  await dropExpired({ db, store, clock: systemClock }, silentLog)
  const { body } = await api.ask<NamespaceList>('GET', '/v1/namespaces')
  expect(body.namespaces.map(({ name }) => name)).toEqual(['main', kept])
  await drop(kept)
  expect(await traces()).toEqual([])
})

test('8 a server that starts brings every namespace up to date, also one whose making broke off', async () => {
  const name = await make()
  const { db } = api.harness
  await db.pool.query(`drop schema sluice_${name} cascade`)
  await db.pool.query('delete from sluice.migration where schema = $1', [`sluice_${name}`])
  await db.withClient(migrate)
  const run = await start(name, 3)
  await api.harness.whileWorking(() => until(async () => (await stateOf(run)) === 'completed'))
  expect((await drop(name)).status).toBe(200)
})
