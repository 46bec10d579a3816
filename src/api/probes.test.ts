// What a load balancer is told, under whatever name it asks.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ApiServer, send } from '../../test/support/apiServer.ts'
import { until } from '../../test/until.ts'
import { OwnPostgres } from '../../test/support/ownPostgres.ts'

let postgres: OwnPostgres
let api: ApiServer
let port = 0

beforeAll(async () => {
  postgres = await OwnPostgres.make()
  api = await ApiServer.open(postgres.connection, { perMinute: 3 })
  port = await api.listenOnTcp()
})
afterAll(async () => {
  await api.close()
  await postgres.remove()
})

const ask = (path: string, method = 'GET') =>
  send<string>({ host: '127.0.0.1', port, path, method, headers: { host: 'balancer.example' } })

test('the server lives, works, and stops working with its database', async () => {
  for (let k = 0; k < 5; k++) expect(await ask('/healthz')).toMatchObject({ status: 200, body: 'ok' })
  expect(await ask('/readyz')).toMatchObject({ status: 200, body: 'ok' })
  expect(await ask('/readyz', 'HEAD')).toMatchObject({ status: 200, body: '' })
  await postgres.end('SIGKILL')
  await until(async () => (await ask('/readyz')).status === 503)
  expect(await ask('/readyz')).toMatchObject({ body: 'not ready' })
  expect(await ask('/healthz')).toMatchObject({ status: 200 })
  await postgres.start()
  await until(async () => (await ask('/readyz')).status === 200)
})

test('no other route answers under any name', async () => {
  expect(await ask('/v1/me')).toMatchObject({ status: 403 })
})
