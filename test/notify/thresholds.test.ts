// Numbers that are watched, on a clock that is set: each period is judged once, and told in one mail (LY-D09).
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { jobSetupSchema, uploadSetup } from '../../src/core/jobSetup.ts'
import type { Letter } from '../../src/core/notify/letterParts.ts'
import { setupFromFlags } from '../../src/core/setupFlags.ts'
import { definitionHash } from '../../src/db/imports.ts'
import { listMessages, type MessageRow } from '../../src/db/messages.ts'
import { readAttention } from '../../src/db/read/home.ts'
import { chores } from '../../src/engine/chores/list.ts'
import { prepareChores } from '../../src/engine/chores/runner.ts'
import { sendDigest } from '../../src/engine/notify/send.ts'
import { tell } from '../../src/engine/notify/tell.ts'
import { testDatabase } from '../postgres.ts'
import { EngineHarness, SetClock } from '../support/engineHarness.ts'
import { ImportHarness, silentLog } from '../support/importHarness.ts'
import { mailServer, type MailServer } from '../support/mailServer.ts'
import { definition } from '../support/people.ts'

const database = testDatabase()
let h: ImportHarness
let e: EngineHarness
let mails: MailServer
beforeAll(async () => {
  h = await ImportHarness.open(database.connection)
  e = new EngineHarness(h)
  mails = await mailServer()
  await prepareChores({ db: h.db, log: silentLog })
})
beforeEach(async () => {
  await sql('truncate sluice.message, sluice.log')
  await sql('delete from sluice_chores._private_jobs')
  await sql('delete from sluice.threshold_watch')
  await h.empty()
})
afterAll(async () => {
  await mails.close()
  await h.close()
})

const sql = (text: string, values: unknown[] = []): Promise<unknown> => h.db.pool.query(text, values)
const thresholds = (...typed: string[]): unknown =>
  setupFromFlags({ threshold: typed }, uploadSetup).thresholds

/** A job in Vienna that was set up and switched on at an instant. */
async function watched(typed: readonly string[], at = '2026-03-01T12:00:00Z', more = {}): Promise<number> {
  const setup = {
    schedule: { rule: { kind: 'every', minutes: 60 }, zone: 'Europe/Vienna' },
    notify: { emails: ['ops@example.com'] },
    thresholds: thresholds(...typed),
    ...more,
  }
  const job = await e.job({ setup })
  await sql('update sluice.job set state_at = $2 where id = $1', [job, at])
  await sql('update sluice.job_version set created_at = $2 where job_id = $1', [job, at])
  return job
}

/** A new version of a job with other thresholds, at an instant. */
async function edited(job: number, at: string, ...typed: string[]): Promise<void> {
  const setup = jobSetupSchema.parse({ thresholds: thresholds(...typed) })
  await sql('update sluice.job set last_version = last_version + 1 where id = $1', [job])
  await sql(
    `insert into sluice.job_version (job_id, version, definition, definition_hash, setup, created_at)
     select id, last_version, $2, $3, $4, $5 from sluice.job where id = $1`,
    [job, JSON.stringify(definition), definitionHash(definition), JSON.stringify(setup), at],
  )
}

/** A run that added so many people, as if it had ended at an instant. */
async function added(job: number, number: number, at: string): Promise<void> {
  const { runId } = await e.run(job, 1)
  await sql(
    `update sluice.run set state = 'completed', state_from = 'processing', total = $2, totals = $3, ended_at = $4 where id = $1`,
    [runId, number, JSON.stringify({ 'finished.created': number }), at],
  )
}

/** The chore, as the clock would start it. */
function judge(now: string): Promise<void> {
  const chore = chores.find(({ name }) => name === 'thresholds')!
  const none = null as never
  return chore.run(
    { db: h.db, store: h.store, clock: new SetClock(now), log: silentLog, outside: none },
    null,
  )
}

/** What was told, in order. */
async function told(): Promise<string[]> {
  const { rows } = await h.db.pool.query<{ line: string }>(
    `select j.name || ' ' || l.kind || ': ' || coalesce(l.details #>> '{problem,message}', l.details ->> 'when') as line
     from sluice.log l join sluice.job j on j.id = l.job_id where l.kind like 'threshold%' order by l.id`,
  )
  return rows.map(({ line }) => line.replace(/^job\d+ /, ''))
}

const low = (day: string, number = 0): string => `threshold: ${number} added on ${day}, fewer than 10.`

test('LY-D09 told once when a day is outside its limits, once when one is within them again, also without a run', async () => {
  const job = await watched(['added/day=10..20'])
  await added(job, 15, '2026-03-02T12:00:00Z')
  await judge('2026-03-02T23:07:00Z')
  expect(await told()).toEqual([])
  await judge('2026-03-03T22:58:00Z')
  expect(await told()).toEqual([])
  await judge('2026-03-03T23:07:00Z')
  expect(await told()).toEqual([low('2026-03-03')])
  // Two runs of a day are one number; the first moment of a day in Vienna is the evening before in UTC.
  await added(job, 6, '2026-03-03T23:00:00Z')
  await added(job, 15, '2026-03-04T22:59:59Z')
  await judge('2026-03-05T00:07:00Z')
  expect(await told()).toEqual([low('2026-03-03')])
  await added(job, 10, '2026-03-05T12:00:00Z')
  await judge('2026-03-06T00:07:00Z')
  expect(await told()).toEqual([low('2026-03-03'), 'threshold_ok: on 2026-03-05'])
})

test('LY-D09 done twice, or by several at once, it tells nothing twice', async () => {
  const job = await watched(['added/day=10..', 'failed/hour=..0'])
  await added(job, 1, '2026-03-02T12:00:00Z')
  await judge('2026-03-01T13:07:00Z')
  await Promise.all(Array.from({ length: 12 }, () => judge('2026-03-02T23:07:00Z')))
  await judge('2026-03-02T23:07:00Z')
  expect(await told()).toEqual([low('2026-03-02', 1)])
})

test('LY-D09 after days without a server every day is judged, in order', async () => {
  const job = await watched(['added/day=10..'])
  await judge('2026-03-01T13:07:00Z')
  await added(job, 12, '2026-03-03T12:00:00Z')
  await judge('2026-03-05T13:07:00Z')
  expect(await told()).toEqual([low('2026-03-02'), 'threshold_ok: on 2026-03-03', low('2026-03-04')])
})

test('LY-D09 as many in a row as are tolerated are not told', async () => {
  const job = await watched(['added/hour=1.. tolerate 2'])
  await judge('2026-03-01T14:07:00Z')
  await added(job, 1, '2026-03-01T14:30:00Z')
  await judge('2026-03-01T17:07:00Z')
  expect(await told()).toEqual([])
  await judge('2026-03-01T18:07:00Z')
  expect(await told()).toEqual([
    'threshold: 0 added from 18:00 to 19:00 on 2026-03-01 (Europe/Vienna), fewer than 1 (3 hours in a row).',
  ])
})

test('LY-D09 nothing is judged that began before the threshold was set, or before the job was switched on', async () => {
  const job = await watched(['added/day=10..'], '2026-03-01T22:00:00Z')
  await edited(job, '2026-03-02T12:00:00Z', 'added/day=10..', 'added/day=5..')
  await edited(job, '2026-03-03T12:00:00Z', 'added/day=5..')
  // The zone of its schedule is gone with it: days are those of the namespace.
  await judge('2026-03-04T00:07:00Z')
  expect(await told()).toEqual(['threshold: 0 added on 2026-03-03, fewer than 5.'])
  await sql(`update sluice.job set state = 'paused', state_from = 'active' where id = $1`, [job])
  await judge('2026-03-06T00:07:00Z')
  await sql(
    `update sluice.job set state = 'active', state_from = 'paused', state_at = '2026-03-06T12:00:00Z' where id = $1`,
    [job],
  )
  await added(job, 5, '2026-03-07T12:00:00Z')
  await judge('2026-03-08T00:07:00Z')
  expect((await told()).slice(1)).toEqual(['threshold_ok: on 2026-03-07'])
})

test('LY-D09 one that is alone is a mail of its own, with the way to the job', async () => {
  const job = await watched(['added/day=10..'])
  await judge('2026-03-02T23:07:00Z')
  await added(job, 10, '2026-03-03T12:00:00Z')
  await judge('2026-03-03T23:07:00Z')
  await tell({ db: h.db, baseUrl: 'https://sluice.example.com', now: () => Date.UTC(2026, 2, 3) })
  const { rows } = await h.db.pool.query<{ letter: Letter }>(
    `select body -> 'letter' as letter from sluice.message order by id`,
  )
  const name = await h.db.pool.query<{ name: string }>('select name from sluice.job where id = $1', [job])
  const [{ name: called }] = name.rows as [{ name: string }]
  expect(rows.map(({ letter }) => letter)).toMatchObject([
    {
      subject: `Sluice: ${called}: added per day is outside its limits`,
      link: `https://sluice.example.com/n/main/jobs/${called}`,
      command: `sluice job activity "${called}"`,
    },
    {
      subject: `Sluice: ${called}: added per day is within its limits again`,
      paragraphs: ['10 added on 2026-03-03: within its limits again (at least 10).'],
    },
  ])
})

test('LY-D09 one that is edited away is forgotten, and Home shows each job once as long as it is outside', async () => {
  const job = await watched(['added/day=10..', 'added/day=11..'])
  const home = async (): Promise<unknown[]> =>
    (await readAttention(h.db.pool, h.namespace.id, 10)).flatMap(({ kind, job_id: id, problem }) =>
      kind === 'threshold' ? [[id, problem?.code]] : [],
    )
  await judge('2026-03-02T23:07:00Z')
  expect(await home()).toEqual([[job, 'threshold.outside']])
  await edited(job, '2026-03-03T12:00:00Z')
  expect(await home()).toEqual([])
  await judge('2026-03-03T13:07:00Z')
  const { rows } = await h.db.pool.query('select from sluice.threshold_watch')
  expect(rows).toEqual([])
})

const messages = (): Promise<MessageRow[]> =>
  listMessages(h.db.pool, 1, { undelivered: false, before: undefined, limit: 100 })

test('LY-D09 what one evaluation finds reaches a person in one mail, and a webhook at once', async () => {
  const notify = { emails: ['ops@example.com'], webhooks: ['slack'] }
  await watched(['added/day=10..', 'updated/day=5..'], undefined, { notify })
  await watched(['added/day=10..'])
  const once = { emails: ['ops@example.com'], digestAt: '07:00' }
  await watched(['added/day=10..'], undefined, { notify: once })
  await judge('2026-03-02T23:07:00Z')
  const now = Date.parse('2026-03-02T23:07:03Z')
  await tell({ db: h.db, baseUrl: 'https://sluice.example.com', now: () => now })
  const made = await messages()
  expect(new Set(made.map(({ cause }) => cause))).toEqual(new Set(['threshold']))
  const mailed = made
    .filter(({ channel }) => channel === 'email')
    .map(({ not_before: at }) => at.slice(0, 16))
  const together = '2026-03-02T23:09'
  expect(mailed.toSorted((a, b) => (a < b ? -1 : 1))).toEqual([
    together,
    together,
    together,
    '2026-03-03T07:00',
  ])
  expect(made.filter(({ channel }) => channel === 'webhook')).toHaveLength(2)
  expect(await ordered()).toEqual(['send_digest', 'send_digest', 'send_message', 'send_message'])
  await sql(`update sluice.message set not_before = 'infinity' where not_before = '2026-03-03T07:00:00Z'`)
  await sendDigest(
    {
      db: h.db,
      mail: { url: mails.url, from: 'Sluice <sluice@example.com>' },
      secret: async () => '',
      allowed: [],
      now: () => now,
    },
    1,
    'ops@example.com',
  )
  expect(mails.mails.map(({ subject }) => subject)).toEqual(['Sluice: 3 messages'])
  const text = mails.mails[0]!.text!.replaceAll(/\s+/g, ' ')
  expect(text).toContain(
    'updated per day is outside its limits – 0 updated on 2026-03-02, fewer than 5. – Look at',
  )
  expect(text).toContain('--threshold updated/day=100..5000')
})

/** The chores that are ordered to send something. */
async function ordered(): Promise<string[]> {
  const { rows } = await h.db.pool.query<{ name: string }>(
    `select task_identifier as name from sluice_chores.jobs where task_identifier like 'send\\_%' order by 1`,
  )
  return rows.map(({ name }) => name)
}
