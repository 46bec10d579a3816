// The audit as people read it: who did what, when, from where, before and after; nothing secret, nothing changed later.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, token } from '../../test/support/apiServer.ts'
import { Browser } from '../../test/support/browser.ts'
import { mailServer } from '../../test/support/mailServer.ts'
import { silentLog } from '../../test/support/importHarness.ts'
import { until } from '../../test/until.ts'
import type { Clock } from '../core/clock.ts'
import { readAudit, removeAudit } from '../db/audit.ts'
import { putMember } from '../db/members.ts'
import { createUser, startSession } from '../db/users.ts'
import { auditRetention } from '../engine/chores/auditRetention.ts'
import { prepareChores, startChores } from '../engine/chores/runner.ts'
import { sendLink } from '../engine/chores/sendLink.ts'
import type { AuditPage } from './audit.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
let ada: Browser
const now = '2026-03-01T00:00:00Z'

beforeAll(async () => {
  const access = { baseUrl: 'https://sluice.example', mail: true }
  api = await ApiServer.open(database.connection, access)
  port = await api.listenOnTcp()
  const { pool } = api.harness.db
  const { id } = await createUser(pool, {
    email: 'ada@example.com',
    name: 'Ada',
    password: null,
    admin: true,
    now,
  })
  await putMember(pool, 1, { userId: id, role: 'owner', by: 'local', now })
  ada = new Browser(port)
  ada.cookie = `sluice=${await startSession(pool, id, { now, address: null, browser: null })}`
})
afterAll(() => api.close())

/** A clock that stands. */
const at = (day: string): Clock => ({
  now: () => Date.parse(`${day}T00:00:00Z`),
  pause: () => Promise.resolve(),
})

const lines = async (query = ''): Promise<AuditPage['lines']> =>
  (await ada.ask<AuditPage>('GET', `/v1/namespaces/main/audit${query}`)).body.lines

describe('#56 the audit', () => {
  test('keeps who, what, when, from where, before and after', async () => {
    await ada.ask('PATCH', '/v1/namespaces/main/settings', { zone: 'Europe/Vienna' })
    expect((await lines())[0]).toMatchObject({
      at: expect.stringContaining('2026-03-01T00:00:00'),
      namespace: 'main',
      who: 'ada@example.com',
      via: 'session',
      address: '127.0.0.1',
      action: 'settings.change',
      did: 'Change settings of the namespace',
      result: 'done',
      asked: { zone: 'Europe/Vienna' },
      before: { zone: 'UTC' },
      after: { zone: 'Europe/Vienna' },
    })
  })

  test('keeps both sides of another role', async () => {
    const { pool } = api.harness.db
    const bob = { email: 'bob@example.com', name: 'Bob', password: null, admin: false, now }
    await putMember(pool, 1, { userId: (await createUser(pool, bob)).id, role: 'viewer', by: 'local', now })
    await ada.ask('PATCH', '/v1/namespaces/main/members/bob@example.com', { role: 'operator' })
    expect((await lines())[0]).toMatchObject({
      action: 'members.change',
      what: 'bob@example.com',
      before: { role: 'viewer' },
      after: { role: 'operator' },
    })
    await ada.ask('DELETE', '/v1/namespaces/main/members/bob@example.com')
    expect((await lines())[0]).toMatchObject({ before: { role: 'operator' }, after: null })
  })

  test('says from where, behind a proxy too; nobody can say so for themselves', async () => {
    const from = async (headers: Record<string, string>): Promise<string | null> => {
      const program = new Browser(port, { authorization: `Bearer ${token}`, ...headers })
      await program.ask('PATCH', '/v1/namespaces/main/settings', { zone: 'UTC' })
      return (await lines())[0]!.address
    }
    const told = { 'x-forwarded-for': '6.6.6.6, 203.0.113.9' }
    expect(await from(told)).toBe('127.0.0.1')
    const proxied = { host: 'sluice.example', origin: 'https://sluice.example' }
    expect(await from({ ...told, ...proxied })).toBe('203.0.113.9')
  })

  test('BL-D14 keeps what was done at the machine itself, and names the run an import made', async () => {
    const { run } = await api.start('customer_id,city\nC1,Wien\n')
    expect((await lines('?action=imports'))[0]).toMatchObject({
      who: 'local',
      via: 'socket',
      address: null,
      what: run,
    })
    await api.settled(run)
  })

  test('keeps downloads of personal data, and no looking', async () => {
    const before = (await lines()).length
    await ada.ask('GET', '/v1/namespaces/main/runs/r1001')
    await ada.ask('GET', '/v1/namespaces/main/runs/r1001/processed')
    const after = await lines()
    expect(after.length - before).toBe(1)
    expect(after[0]).toMatchObject({ action: 'runs.download', what: 'r1001', result: 'done' })
  })

  test('keeps refusals of those we know, and of signing in', async () => {
    const { pool } = api.harness.db
    const eve = { email: 'eve@example.com', name: 'Eve', password: null, admin: false, now }
    const { id } = await createUser(pool, eve)
    await putMember(pool, 1, { userId: id, role: 'viewer', by: 'local', now })
    const browser = new Browser(port)
    browser.cookie = `sluice=${await startSession(pool, id, { now, address: null, browser: null })}`
    await browser.ask('POST', '/v1/namespaces/main/runs/r1001/stop', {})
    expect((await lines('?result=refused'))[0]).toMatchObject({
      who: 'eve@example.com',
      action: 'runs.stop',
      what: 'r1001',
      result: 'access.no_right',
    })
    await new Browser(port).ask('POST', '/v1/sign-in', {
      email: 'eve@example.com',
      password: 'canary-password',
    })
    await new Browser(port).ask('POST', '/v1/namespaces/main/runs/r1001/stop', {})
    const { body } = await ada.ask<AuditPage>('GET', '/v1/audit')
    expect(body.lines).toMatchObject([
      { namespace: null, who: 'eve@example.com', via: 'none', action: 'sign_in', result: 'access.refused' },
    ])
  })

  test('holds no secret', async () => {
    await ada.ask('PUT', '/v1/namespaces/main/secrets/warehouse', { value: 'canary-value' })
    const order = { name: 'robot', rights: ['view'] }
    const { body } = await ada.ask<{ token: string }>('POST', '/v1/namespaces/main/tokens', order)
    const { rows } = await api.harness.db.pool.query<{ text: string }>(
      'select a::text as text from sluice.audit a',
    )
    const whole = rows.map(({ text }) => text).join('\n')
    expect(whole).toContain('warehouse')
    for (const secret of ['canary-value', 'canary-password', body.token]) expect(whole).not.toContain(secret)
  })

  test('goes on page by page, and is filtered', async () => {
    const first = (await ada.ask<AuditPage>('GET', '/v1/namespaces/main/audit?limit=2')).body
    const rest = (await ada.ask<AuditPage>('GET', `/v1/namespaces/main/audit?cursor=${first.next}`)).body
    expect([...first.lines, ...rest.lines]).toEqual(await lines())
    expect(await lines('?who=nobody')).toEqual([])
    expect((await lines('?action=settings')).length).toBe(3)
    expect((await lines('?action=setting')).length).toBe(0)
    expect(await lines('?to=2026-02-28')).toEqual([])
    expect((await lines('?address=127.0.0.1&what=r1001')).length).toBe(2)
  })

  test('is a file for spreadsheets and for programs', async () => {
    await ada.ask('PUT', '/v1/namespaces/main/secrets/-formula', { value: 'x' })
    await ada.ask('POST', '/v1/namespaces/main/members', { email: '=cmd@example.com', role: 'viewer' })
    const csv = await ada.ask<string>('GET', '/v1/namespaces/main/audit/file')
    expect(csv.headers['content-disposition']).toBe('attachment; filename="audit.csv"')
    expect(csv.body.split('\n')[0]).toBe('at,who,via,address,action,what,did,result,asked,before,after')
    expect(csv.body).toContain(`,'=cmd@example.com,`)
    const jsonl = await ada.ask<string>(
      'GET',
      '/v1/namespaces/main/audit/file?format=jsonl&action=members.create',
    )
    expect(
      jsonl.body
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as object),
    ).toMatchObject([{ action: 'members.create', what: '=cmd@example.com' }])
  })

  test('is only added to; only retention removes what is old', async () => {
    const { db } = api.harness
    for (const statement of [
      `update sluice.audit set who = 'nobody'`,
      'delete from sluice.audit',
      'truncate sluice.audit',
    ])
      await expect(db.pool.query(statement)).rejects.toThrow('only added to')
    const before = (await lines()).length
    expect(await removeAudit(db, 'main', '2026-02-01')).toBe(0)
    const chore = { db, store: api.harness.store, log: silentLog, outside: {} as never }
    await auditRetention.run({ ...chore, clock: at('2027-04-04') }, {})
    expect((await lines()).length).toBe(before)
    await auditRetention.run({ ...chore, clock: at('2027-04-06') }, {})
    expect(await readAudit(db.pool, 'main', {}, { before: undefined, limit: 10 })).toEqual([])
    expect(await readAudit(db.pool, null, {}, { before: undefined, limit: 10 })).toEqual([])
  })
})

test('#55 a link to choose another password is mailed to who exists, and to nobody else', async () => {
  const { db, store } = api.harness
  const mail = await mailServer()
  const outside = {
    mail: { url: mail.url, from: 'sluice@example.com' },
    baseUrl: 'https://sluice.example',
    allowed: [],
    secret: async () => '',
  }
  const context = { db, store, log: silentLog, outside, clock: at('2026-03-01') }
  await prepareChores(context)
  const stop = await startChores(context, [sendLink])
  const nobody = new Browser(port)
  const ask = (email: string) => nobody.ask('POST', '/v1/password-reset', { email })
  const answers = [await ask('stranger@example.com'), await ask('ada@example.com')]
  expect(answers.map(({ status, body }) => [status, body])).toEqual([
    [202, {}],
    [202, {}],
  ])
  await ada.ask('POST', '/v1/namespaces/main/members', {
    email: 'zoe@example.com',
    role: 'viewer',
    mail: true,
  })
  await until(async () => mail.mails.length === 2)
  const [reset, invitation] = ['another password', 'invited to main'].map((subject) =>
    mail.mails.find((one) => one.subject?.includes(subject)),
  )
  expect(reset?.to?.[0]?.address).toBe('ada@example.com')
  expect(invitation?.text).toContain('ada@example.com invites you to main as a viewer')
  const key = /welcome#([\w-]{43})/.exec(reset!.text!)![1]!
  const used = await nobody.ask('POST', '/v1/links/use', { key, password: 'chosen by way of a mail' })
  expect(used.body).toMatchObject({ email: 'ada@example.com', signedIn: true })
  const { rows } = await db.pool.query<{ text: string }>('select j::text as text from sluice_chores.jobs j')
  expect(rows.map(({ text }) => text).join()).not.toContain(key)
  await stop()
  await mail.close()
})
