// Four eyes by mail and webhook: approvers hear of what waits, who asked hears of the decision; real server, real mail (BC-D01).
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { JobDetail } from '../../src/api/jobView.ts'
import type { MovedJob } from '../../src/api/jobMoves.ts'
import { listMessages, type MessageRow } from '../../src/db/messages.ts'
import { changeEmail } from '../../src/db/users.ts'
import { addWebhook } from '../../src/db/webhooks.ts'
import { prepareChores } from '../../src/engine/chores/runner.ts'
import { sendMessage } from '../../src/engine/notify/send.ts'
import { tell } from '../../src/engine/notify/tell.ts'
import { testDatabase } from '../postgres.ts'
import { ApiServer } from '../support/apiServer.ts'
import type { Browser } from '../support/browser.ts'
import { silentLog } from '../support/importHarness.ts'
import { mailServer, type MailServer } from '../support/mailServer.ts'
import { browserOf, person } from '../support/persons.ts'

const database = testDatabase()
const main = '/v1/namespaces/main'
let api: ApiServer
let mails: MailServer
/** An operator, an approver, an admin, a viewer. */
let otto: Browser
let paul: Browser
let ottoId = 0

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  mails = await mailServer()
  await prepareChores({ db: api.harness.db, log: silentLog })
  const port = await api.listenOnTcp()
  ottoId = await person(api, 'otto', 'operator')
  otto = await browserOf(api, port, ottoId)
  paul = await browserOf(api, port, await person(api, 'paul', 'approver'))
  await person(api, 'anna', 'admin')
  await person(api, 'vera', 'viewer')
  const hook = { name: 'chat', url: 'https://example.com/hook', secret: 'chat', by: 'me' }
  await addWebhook(api.harness.db.pool, 1, hook)
})
beforeEach(async () => {
  await api.harness.db.pool.query('delete from sluice.message')
  await api.harness.db.pool.query('update sluice.log set told = true')
})
afterAll(async () => {
  await mails.close()
  await api.close()
})

const definition = {
  dialect: { format: 'csv', encoding: 'utf-8' },
  columns: ['id', 'city'],
  mapping: {
    columns: [
      { column: 'id', target: { to: 'identifier', kind: 'customer_id' } },
      { column: 'city', target: { to: 'attribute', key: 'city', type: 'text' } },
    ],
  },
}

async function draft(job: string, setup: object): Promise<void> {
  await mkdir(join(api.root, job), { recursive: true })
  await writeFile(join(api.root, job, 'a.csv'), `id,city\n${job}1,Wien\n`)
  const source = { kind: 'folder', path: job, pattern: '*.csv' }
  const made = await otto.ask('POST', `${main}/jobs`, { job, setup: { source, ...setup }, definition })
  expect(made.status).toBe(201)
}

const activate = (by: Browser, job: string) => by.ask<MovedJob>('POST', `${main}/jobs/${job}/activate`, {})
const awaiting = async (job: string): Promise<string> =>
  (await otto.ask<JobDetail>('GET', `${main}/jobs/${job}`)).body.awaiting!.id

/** What is told now, newest first. */
async function told(): Promise<MessageRow[]> {
  await tell({ db: api.harness.db, baseUrl: 'https://sluice.example.com', now: () => Date.now() })
  return listMessages(api.harness.db.pool, 1, { undelivered: false, before: undefined, limit: 100 })
}

const heard = (messages: readonly MessageRow[]): string[] =>
  messages.map(({ cause, recipient }) => `${cause} ${recipient}`).sort()

describe('a change', () => {
  test('BC-D01 approvers are asked, but not who asked; the mail says what to do', async () => {
    await draft('crm', { approval: 'changes' })
    await activate(otto, 'crm')
    const messages = await told()
    expect(heard(messages)).toEqual(['approval anna@example.com', 'approval paul@example.com'])
    expect(await told(), 'once').toHaveLength(2)
    await sendMessage(
      {
        db: api.harness.db,
        mail: { url: mails.url, from: 'sluice@example.com' },
        secret: async () => '',
        allowed: [],
        now: () => Date.now(),
      },
      messages[0]!.id,
    )
    const [mail] = mails.mails
    const id = await awaiting('crm')
    expect(mail!.subject).toBe(`Sluice: switching on of crm waits for approval (${id})`)
    expect(mail!.text).toContain('otto@example.com')
    expect(mail!.text).toContain('sluice approval list')
    expect(mail!.html).toMatch(/https:\/\/sluice\.example\.com\/n\/main\/jobs\/j\d+">Open the job</)
  })

  test('BC-D01 who asked hears of the decision, at the address they have by then', async () => {
    const id = await awaiting('crm')
    await api.harness.db.transaction((client) =>
      changeEmail(client, ottoId, 'otto2@example.com', '2026-03-01T00:00:00Z'),
    )
    await paul.ask('POST', `${main}/approvals/${id}/approve`, { note: 'looked at it' })
    const decisions = (await told()).filter(({ cause }) => cause === 'decision')
    expect(heard(decisions)).toEqual(['decision otto2@example.com'])
    expect(decisions[0]!.subject).toBe(`Sluice: switching on of crm was approved (${id})`)
  })

  test('who takes back what they asked for is told nothing; what was decided before the mail asks nobody', async () => {
    await draft('erp', { approval: 'changes' })
    await activate(otto, 'erp')
    await otto.ask('DELETE', `${main}/approvals/${await awaiting('erp')}`)
    expect(heard(await told())).toEqual([])
  })

  test('programs are told as well: the webhooks of the job, or of the namespace', async () => {
    await draft('shop', { approval: 'changes', notify: { webhooks: ['chat'] } })
    await activate(otto, 'shop')
    const messages = await told()
    expect(heard(messages)).toContain('approval chat')
    await paul.ask('POST', `${main}/approvals/${await awaiting('shop')}/reject`, {})
    expect(heard(await told())).toEqual(
      expect.arrayContaining(['decision chat', 'decision otto2@example.com']),
    )
  })
})

describe('a held run', () => {
  test('BC-D01 approvers are asked once, also where they are told of trouble; who started it hears of the release', async () => {
    await draft('all', { approval: 'every_run', notify: { emails: ['paul@example.com', 'ops@example.com'] } })
    await activate(otto, 'all')
    await paul.ask('POST', `${main}/approvals/${await awaiting('all')}/approve`, {})
    const { rows } = await api.harness.db.pool.query<{ id: number }>(
      `select r.id from sluice.run r join sluice.job j on j.id = r.job_id where j.name = 'all'`,
    )
    const run = `r${rows[0]!.id}`
    expect((await api.settled(run)).run.state).toBe('held')
    const messages = (await told()).filter(({ run_id: id }) => id === rows[0]!.id)
    expect(heard(messages)).toEqual([
      'approval anna@example.com',
      'approval paul@example.com',
      'trouble ops@example.com',
    ])
    await paul.ask('POST', `${main}/runs/${run}/release`, { note: 'fine' })
    const decisions = (await told()).filter(({ cause, run_id: id }) => cause === 'decision' && id !== null)
    expect(heard(decisions)).toEqual(['decision otto2@example.com'])
    expect(decisions[0]!.subject).toBe(`Sluice: a run of all was approved (${run})`)
  })

  test('without four eyes it is trouble like any other, and approvers are not asked', async () => {
    await draft('free', { notify: { emails: ['ops@example.com'] } })
    await writeFile(join(api.root, 'free', 'a.csv'), 'id,city\n')
    const { body } = await activate(otto, 'free')
    expect((await api.settled(body.run!)).run.problem?.code).toBe('breaker.empty')
    const about = (await told()).filter(({ job }) => job === 'free')
    expect(heard(about)).toEqual(['trouble ops@example.com'])
  })
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
