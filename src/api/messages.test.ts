// Webhooks and messages over HTTP: added once with a secret, tested, listed, removed (issue 4 point 9).
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { silentLog } from '../../test/support/importHarness.ts'
import { prepareChores } from '../engine/chores/runner.ts'
import { choresSchema } from '../db/chores.ts'
import type { MessagePage, MessageView } from './messages.ts'
import type { MadeWebhook, WebhookList } from './webhooks.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await prepareChores({ db: api.harness.db, log: silentLog })
})
afterAll(() => api.close())

const hook = { name: 'slack', url: 'https://example.com/in' }

test('a webhook is added with a secret that is shown once, and kept sealed', async () => {
  const made = await api.ask<MadeWebhook>('POST', '/webhooks', { json: hook })
  expect(made).toMatchObject({
    status: 201,
    body: { ...hook, secret: expect.stringMatching(/^whsec_.{32}$/) },
  })
  const list = await api.ask<WebhookList>('GET', '/webhooks')
  expect(list.body.webhooks).toMatchObject([{ ...hook, createdBy: 'local', goneAt: null }])
  expect(JSON.stringify(list.body)).not.toContain('whsec_')
  const { rows } = await api.harness.db.pool.query('select * from sluice.webhook, sluice.secret')
  expect(JSON.stringify(rows)).not.toContain(made.body.secret.slice(6))
})

test.each([
  [{ name: 'slack', url: 'https://example.com/2' }, 409, 'webhook.exists'],
  [{ name: 'Slack!', url: 'https://example.com' }, 400, 'invalid_request'],
  [{ name: 'a', url: 'ftp://example.com' }, 400, 'invalid_request'],
  [{ name: 'b', url: 'https://user:pass@example.com' }, 400, 'invalid_request'],
])('%j is refused with %i %s', async (json, status, code) => {
  expect(await api.ask('POST', '/webhooks', { json })).toMatchObject({ status, body: { code } })
})

test('BL-24 a test message is kept, ordered to be sent, and found in the list', async () => {
  const sent = await api.ask<MessageView>('POST', '/messages/test', { json: { email: 'ops@example.com' } })
  expect(sent).toMatchObject({ status: 202, body: { channel: 'email', cause: 'test', state: 'waiting' } })
  const { rows } = await api.harness.db.pool.query(`select task_identifier, key from ${choresSchema}.jobs`)
  expect(rows).toEqual([{ task_identifier: 'send_message', key: `message ${sent.body.id}` }])
  const page = await api.ask<MessagePage>('GET', '/messages?undelivered=true&limit=1')
  expect(page.body).toMatchObject({ messages: [{ id: sent.body.id }], next: null })
})

test('BL-24 the messages about one job, by its name', async () => {
  await api.ask('POST', '/jobs', { json: { job: 'nightly' } })
  const { rows } = await api.harness.db.pool.query(
    `insert into sluice.message (namespace_id, job_id, channel, recipient, cause, subject, body)
     select namespace_id, id, 'email', 'ops@example.com', 'trouble', 'nightly failed', '{}' from sluice.job where name = 'nightly' returning id`,
  )
  const page = await api.ask<MessagePage>('GET', '/messages?job=nightly')
  expect(page.body).toMatchObject({ messages: [{ id: rows[0].id, job: 'nightly' }], next: null })
  expect(page.body.messages).toHaveLength(1)
  expect(await api.ask('GET', '/messages?job=nope')).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
})

test.each([
  [{}, 400, 'invalid_request'],
  [{ email: 'nobody' }, 400, 'invalid_request'],
  [{ email: 'a@example.com', webhook: 'slack' }, 400, 'invalid_request'],
  [{ webhook: 'nowhere' }, 404, 'not_found'],
])('a test of %j is refused with %i', async (json, status, code) => {
  expect(await api.ask('POST', '/messages/test', { json })).toMatchObject({ status, body: { code } })
})

test('a removed webhook takes its secret along', async () => {
  expect((await api.ask('DELETE', '/webhooks/slack')).status).toBe(200)
  expect((await api.ask('DELETE', '/webhooks/slack')).status).toBe(404)
  const { rowCount } = await api.harness.db.pool.query('select from sluice.secret')
  expect(rowCount).toBe(0)
})
