// Streams outlive a PostgreSQL that goes away and comes back, and end with the server.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiServer } from '../../test/support/apiServer.ts'
import { NewsReader } from '../../test/support/newsReader.ts'
import { until } from '../../test/until.ts'
import { OwnPostgres } from '../../test/support/ownPostgres.ts'
import { writeLog } from '../db/log.ts'

let postgres: OwnPostgres
let api: ApiServer

beforeAll(async () => {
  postgres = await OwnPostgres.make()
  api = await ApiServer.open(postgres.connection, { streams: { beatSeconds: 0.1 } })
})
afterAll(async () => {
  await api.close()
  await postgres.remove()
})

const follow = (path: string): Promise<NewsReader> =>
  NewsReader.open({ socketPath: api.socket, path: `/v1/namespaces/main${path}` })

test('a stream stays open while PostgreSQL is away, and tells what happened', async () => {
  const { run } = await api.start('customer_id,email\n1,a@example.com\n')
  const [all, one] = [await follow('/live'), await follow(`/runs/${run}/live`)]
  await one.wait(({ name }) => name === 'run')
  await all.wait(({ name }) => name === 'ready')
  await postgres.end('SIGKILL')
  const heard = all.comments.length
  await until(async () => all.comments.length > heard)
  await postgres.start()
  const namespaceId = api.harness.namespace.id
  await postgres.session((client) =>
    writeLog(client, { namespaceId, run: Number(run.slice(1)), kind: 'purged', details: { what: 'A file' } }),
  )
  await all.wait(({ name }) => name === 'run')
  expect(all.status).toBe(200)
  await until(async () => one.all.filter(({ name }) => name === 'run').length > 1)
  one.close()
  all.close()
})

test('a server that stops ends its streams properly', async () => {
  const reader = await follow('/live')
  await reader.wait(({ name }) => name === 'ready')
  await api.app.close()
  await reader.end()
  expect(reader.whole).toBe(true)
})
