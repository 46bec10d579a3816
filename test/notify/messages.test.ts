// From a run to a mail in somebody's inbox: real runs, a real mail server, a real receiver of webhooks (issue 4 point 9).
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { Webhook } from 'standardwebhooks'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { namespaceSettingsSchema } from '../../src/core/namespaceSettings.ts'
import { notifySchema, type Notify } from '../../src/core/setup/policies.ts'
import { writeLog } from '../../src/db/log.ts'
import { findMessage, listMessages, type MessageRow } from '../../src/db/messages.ts'
import { moveRun } from '../../src/db/moves.ts'
import { addWebhook } from '../../src/db/webhooks.ts'
import type { ChoreContext } from '../../src/engine/chores/chore.ts'
import { atStart } from '../../src/engine/chores/list.ts'
import { prepareChores } from '../../src/engine/chores/runner.ts'
import { sendDigest, sendMessage, triesMax, type SendContext } from '../../src/engine/notify/send.ts'
import { nextAt, tell } from '../../src/engine/notify/tell.ts'
import { problem } from '../../src/core/problems.ts'
import { testDatabase } from '../postgres.ts'
import { ImportHarness, silentLog } from '../support/importHarness.ts'
import { mailServer, type MailServer } from '../support/mailServer.ts'
import { definition, fileOf } from '../support/people.ts'

const database = testDatabase()
const secretKey = `whsec_${Buffer.from('canary-signing-key-of-24b').toString('base64')}`
let harness: ImportHarness
let mails: MailServer
let now = Date.UTC(2026, 2, 1, 12)

beforeAll(async () => {
  harness = await ImportHarness.open(database.connection)
  await prepareChores({ db: harness.db, log: silentLog })
})
beforeEach(async () => {
  mails = await mailServer()
  await harness.db.pool.query('delete from sluice.message')
  await harness.db.pool.query('delete from sluice.job_trouble')
  await harness.db.pool.query('update sluice.log set told = true')
})
afterEach(() => mails.close())
afterAll(() => harness.close())

async function settings(notify: Partial<Notify>): Promise<void> {
  const whole = namespaceSettingsSchema.parse({ notify: notifySchema.parse(notify) })
  await harness.db.pool.query('update sluice.namespace set settings = $1 where id = $2', [
    JSON.stringify(whole),
    harness.namespace.id,
  ])
}

const sending = (more: Partial<SendContext> = {}): SendContext => ({
  db: harness.db,
  mail: { url: mails.url, from: 'Sluice <sluice@example.com>' },
  secret: async () => secretKey,
  allowed: ['127.0.0.0/8'],
  now: () => now,
  ...more,
})

const tellAll = (): Promise<number> =>
  tell({ db: harness.db, baseUrl: 'https://sluice.example.com', now: () => now })

async function messages(): Promise<MessageRow[]> {
  return listMessages(harness.db.pool, harness.namespace.id, {
    undelivered: false,
    before: undefined,
    limit: 100,
  })
}

async function sendAll(context = sending()): Promise<void> {
  for (const { id } of await messages()) await sendMessage(context, id).catch(() => {})
}

/** An import that goes well, but for one record. */
async function importPeople(): Promise<string> {
  const content = fileOf(['C1,ada@example.com,,,', 'C2,not an address,,,'])
  const key = await harness.start(content, { definition })
  await harness.runToEnd(key)
  return `r${key.runId}`
}

/** A run that fails before anything is written. */
async function failingRun(): Promise<void> {
  const content = fileOf(['C1,ada@example.com,,,'])
  const key = await harness.start(content, { definition })
  await moveRun(harness.db.pool, key, 'fail', {
    problem: problem('database_unreachable', { detail: 'away' }),
  })
}

describe('BC-01: mail', () => {
  test('BL-24 every run: numbers that add up, a link, and a command, as text and as HTML', async () => {
    await settings({ emails: ['ops@example.com', 'data@example.com'], when: 'each_run' })
    const run = await importPeople()
    expect(await tellAll()).toBe(2)
    await sendAll()
    expect(new Set(mails.mails.map(({ to }) => to?.[0]?.address))).toEqual(
      new Set(['data@example.com', 'ops@example.com']),
    )
    const [mail] = mails.mails
    expect(mail!.subject).toBe(`Sluice: people.csv: completed with errors (${run})`)
    expect(mail!.text).toContain('2 = 1 finished + 0 skipped + 1 failed')
    expect(mail!.text).toContain(`sluice run show ${run}`)
    expect(mail!.html).toContain(`https://sluice.example.com/n/main/runs/${run}`)
    expect(mail!.headers.find(({ key }) => key === 'auto-submitted')?.value).toBe('auto-generated')
  })

  test('BL-24 only failures: a run that goes well is no mail', async () => {
    await settings({ emails: ['ops@example.com'], when: 'failures' })
    await importPeople()
    expect(await tellAll()).toBe(0)
    await failingRun()
    expect(await tellAll()).toBe(1)
    await sendAll()
    expect(mails.mails[0]!.text).toContain('away')
  })

  test('P19 three failures in a row are one mail, and recovery another', async () => {
    await settings({ emails: ['ops@example.com'], when: 'health' })
    for (let i = 0; i < 3; i++) await failingRun()
    await tellAll()
    await importPeople()
    await tellAll()
    expect((await messages()).map(({ cause }) => cause)).toEqual(['recovered', 'trouble'])
  })

  test('nobody is told twice, however many look at the same time', async () => {
    await settings({ emails: ['ops@example.com'], when: 'each_run' })
    await importPeople()
    const made = await Promise.all([tellAll(), tellAll(), tellAll()])
    expect(made.reduce((a, b) => a + b)).toBe(1)
    expect(await messages()).toHaveLength(1)
  })

  test('what was not delivered is tried again, and given up in sight', async () => {
    await settings({ emails: ['ops@example.com'], when: 'each_run' })
    await importPeople()
    await tellAll()
    const [{ id }] = (await messages()) as [MessageRow]
    mails.refuse('greylisted, come back')
    await expect(sendMessage(sending(), id)).rejects.toMatchObject({ problem: { code: 'mail.refused' } })
    expect(await findMessage(harness.db.pool, 1, id)).toMatchObject({
      status: 'waiting',
      attempts: 1,
      last_error: expect.stringContaining('greylisted'),
    })
    for (let n = 1; n < triesMax; n++) await sendMessage(sending(), id).catch(() => {})
    expect(await findMessage(harness.db.pool, 1, id)).toMatchObject({ status: 'failed', attempts: triesMax })
    expect(mails.mails).toHaveLength(0)
  })

  test('without a mail server it waits and says why; the password is in no error', async () => {
    await settings({ emails: ['ops@example.com'], when: 'each_run' })
    await importPeople()
    await tellAll()
    await sendAll(sending({ mail: null }))
    expect((await messages())[0]).toMatchObject({
      status: 'waiting',
      last_error: expect.stringContaining('no mail server'),
    })
    const wrong = mails.url.replace('canary-password', 'canary-wrong')
    await sendAll(sending({ mail: { url: wrong, from: 'a@example.com' } }))
    const [message] = await messages()
    expect(message!.last_error).toMatch(/was not accepted/)
    expect(JSON.stringify(message)).not.toContain('canary')
    await sendAll()
    expect(mails.mails).toHaveLength(1)
  })

  test('names and values of customers are text in HTML, whatever they hold', async () => {
    await settings({ emails: ['ops@example.com'], when: 'failures' })
    await harness.db.pool.query(`update sluice.job set name = '<img src=x onerror=alert(1)>'`)
    await failingRunOf('<img src=x onerror=alert(1)>')
    await tellAll()
    await sendAll()
    expect(mails.mails[0]!.html).toContain('&lt;img src=x onerror=alert(1)&gt;')
    expect(mails.mails[0]!.html).not.toContain('<img')
  })
})

async function failingRunOf(jobName: string): Promise<void> {
  const content = fileOf(['C1,ada@example.com,,,'])
  const key = await harness.start(content, { definition, jobName })
  await moveRun(harness.db.pool, key, 'fail', {
    problem: problem('database_unreachable', { detail: 'away' }),
  })
}

test('a digest collects a day’s messages into one mail at its time', async () => {
  await settings({ emails: ['ops@example.com'], when: 'each_run', digestAt: '18:00' })
  await importPeople()
  await importPeople()
  await tellAll()
  const waiting = await messages()
  expect(waiting.map(({ not_before }) => not_before)).toEqual(
    Array.from({ length: 2 }, () => expect.stringContaining('2026-03-01T18:00:00')),
  )
  await harness.db.pool.query(`update sluice.message set not_before = now() - interval '1 second'`)
  await sendDigest(sending(), 1, 'ops@example.com')
  expect(mails.mails.map(({ subject }) => subject)).toEqual(['Sluice: 2 messages'])
  expect((await messages()).map(({ status }) => status)).toEqual(['sent', 'sent'])
})

test('a digest that was due while no mail server was there is sent by a server with one', async () => {
  await settings({ emails: ['ops@example.com'], when: 'each_run', digestAt: '18:00' })
  await importPeople()
  await importPeople()
  await tellAll()
  const { pool } = harness.db
  await pool.query(`update sluice.message set not_before = now() - interval '1 day'`)
  await sendDigest(sending({ mail: null }), 1, 'ops@example.com')
  await pool.query('delete from sluice_chores._private_jobs')
  const { mail } = sending()
  const again = atStart.find(({ name }) => name === 'send_waiting')!
  const context = { db: harness.db, outside: { mail } } as unknown as ChoreContext
  await again.run(context, null)
  const { rows } = await pool.query<{ name: string }>(
    'select task_identifier as name from sluice_chores.jobs',
  )
  expect(rows).toEqual([{ name: 'send_digest' }])
})

test.each([
  ['2026-03-01T12:00:00Z', '18:00', 'UTC', '2026-03-01T18:00:00Z'],
  ['2026-03-01T18:00:00Z', '18:00', 'UTC', '2026-03-02T18:00:00Z'],
  ['2026-03-28T12:00:00Z', '02:30', 'Europe/Vienna', '2026-03-29T01:30:00Z'],
])('at %s the next %s in %s is %s', (from, time, zone, expected) => {
  expect(nextAt(time, zone, Date.parse(from))).toBe(expected)
})

test('silence is told: what did not run, with why', async () => {
  await settings({ emails: ['ops@example.com'] })
  await importPeople()
  const { rows } = await harness.db.pool.query<{ id: number }>(
    'select id from sluice.job order by id desc limit 1',
  )
  await writeLog(harness.db.pool, {
    namespaceId: 1,
    job: rows[0]!.id,
    kind: 'file_missing',
    details: { by: '06:00' },
  })
  await tellAll()
  expect((await messages()).map(({ cause, subject }) => [cause, subject])).toEqual([
    ['silence', expect.stringContaining('no file arrived')],
  ])
})

interface Received {
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

describe('webhooks', () => {
  let receiver: Server
  let answer = 204
  const received: Received[] = []
  beforeAll(async () => {
    receiver = createServer((request, response) => {
      const parts: Buffer[] = []
      request.on('data', (part: Buffer) => parts.push(part))
      request.on('end', () => {
        received.push({ headers: request.headers, body: Buffer.concat(parts).toString() })
        response.writeHead(answer, { location: 'http://127.0.0.1:1/' }).end()
      })
    })
    receiver.listen(0, '127.0.0.1')
    await once(receiver, 'listening')
    const { port } = receiver.address() as AddressInfo
    for (const name of ['slack', 'pager'])
      await addWebhook(harness.db.pool, 1, {
        name,
        url: `http://127.0.0.1:${port}/in`,
        secret: name,
        by: 'me',
      })
  })
  beforeEach(() => {
    received.length = 0
    answer = 204
    now = Date.now()
  })
  afterAll(() => receiver.close())

  test('are signed so that any library of the standard verifies them', async () => {
    await settings({ webhooks: ['slack'], when: 'each_run' })
    const run = await importPeople()
    await tellAll()
    await sendAll()
    const [{ headers, body }] = received as [Received]
    const verified = new Webhook(secretKey).verify(body, headers as Record<string, string>)
    expect(verified).toMatchObject({
      type: 'run.synced',
      data: {
        cause: 'run',
        run: { id: run, state: 'completed_with_errors' },
        counters: { total: 2, left: 0 },
      },
    })
    expect(() => new Webhook(secretKey).verify(`${body} `, headers as Record<string, string>)).toThrow(
      'No matching signature',
    )
  })

  test.each([
    [500, 'waiting', /answered 500/],
    [302, 'waiting', /answered 302/],
    [410, 'failed', /gone for good/],
  ])('an answer of %i leaves it %s', async (status, state, error) => {
    answer = status
    await settings({ webhooks: ['pager'], when: 'each_run' })
    await importPeople()
    await tellAll()
    await sendAll()
    expect((await messages())[0]).toMatchObject({ status: state, last_error: expect.stringMatching(error) })
    expect(received).toHaveLength(1)
  })

  test('do not reach addresses that are not public unless their network is named', async () => {
    await settings({ webhooks: ['slack'], when: 'each_run' })
    await importPeople()
    await tellAll()
    await sendAll(sending({ allowed: [] }))
    expect((await messages())[0]!.last_error).toMatch(/is not a public address/)
    expect(received).toHaveLength(0)
  })

  test('one that was removed is given up', async () => {
    await settings({ webhooks: ['nowhere'], when: 'each_run' })
    await importPeople()
    await tellAll()
    await sendAll()
    expect((await messages())[0]).toMatchObject({ status: 'failed' })
  })
})
