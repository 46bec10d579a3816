// Four eyes (BC-D01, design 12): who asked for it cannot approve it, in any way one can come; over real HTTP, with real runs.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApprovalDecided, ApprovalList, ApprovalView } from '../../src/api/approvals.ts'
import type { MovedJob } from '../../src/api/jobMoves.ts'
import type { JobDetail } from '../../src/api/jobView.ts'
import type { ApprovalMode } from '../../src/core/approval.ts'
import type { RunView } from '../../src/api/runView.ts'
import type { LogPage } from '../../src/api/log.ts'
import { changeEmail } from '../../src/db/users.ts'
import { testDatabase } from '../postgres.ts'
import { ApiServer } from '../support/apiServer.ts'
import { Browser } from '../support/browser.ts'
import { browserOf, person } from '../support/persons.ts'
import { until } from '../until.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
const main = '/v1/namespaces/main'
/** An operator, an admin, an approver, and another admin. */
let otto: Browser
let anna: Browser
let paul: Browser
let alice: Browser
let ids: Record<'otto' | 'anna' | 'paul' | 'alice', number>

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  port = await api.listenOnTcp()
  ids = {
    otto: await person(api, 'otto', 'operator'),
    anna: await person(api, 'anna', 'admin'),
    paul: await person(api, 'paul', 'approver'),
    alice: await person(api, 'alice', 'admin'),
  }
  ;[otto, anna, paul, alice] = (await Promise.all(
    [ids.otto, ids.anna, ids.paul, ids.alice].map((id) => browserOf(api, port, id)),
  )) as [Browser, Browser, Browser, Browser]
})
afterAll(() => api.close())

const definition = {
  columns: ['id', 'city'],
  mapping: {
    columns: [
      { column: 'id', target: { to: 'identifier', kind: 'customer_id' } },
      { column: 'city', target: { to: 'attribute', key: 'city', type: 'text' } },
    ],
  },
}

/** A draft that reads a folder of its own, set up by somebody. */
async function draft(by: Browser, job: string, approval: ApprovalMode, rows = 2): Promise<void> {
  await mkdir(join(api.root, job), { recursive: true })
  const lines = Array.from({ length: rows }, (_, i) => `${job}${i},Wien`)
  await writeFile(join(api.root, job, 'a.csv'), ['id,city', ...lines].join('\n'))
  const setup = { source: { kind: 'folder', path: job, pattern: '*.csv' }, approval }
  const dialect = { format: 'csv', encoding: 'utf-8' }
  const made = await by.ask('POST', `${main}/jobs`, { job, setup, definition: { ...definition, dialect } })
  expect([made.status, made.body]).toMatchObject([201, { state: 'draft' }])
}

const waiting = async (by: Browser, job: string): Promise<ApprovalView[]> =>
  (await by.ask<ApprovalList>('GET', `${main}/approvals`)).body.approvals.filter((one) => one.job === job)
const jobOf = async (job: string): Promise<JobDetail> =>
  (await alice.ask<JobDetail>('GET', `${main}/jobs/${job}`)).body
const approve = (by: Browser, id: string, note?: string) =>
  by.ask<ApprovalDecided & { code?: string }>('POST', `${main}/approvals/${id}/approve`, { note })
const reject = (by: Browser, id: string, note?: string) =>
  by.ask<ApprovalDecided & { code?: string }>('POST', `${main}/approvals/${id}/reject`, { note })
const activate = (by: Browser, job: string) => by.ask<MovedJob>('POST', `${main}/jobs/${job}/activate`, {})

/** Works until a run has ended, or is held. */
const settled = (run: string): Promise<RunView> =>
  api.harness.whileWorking(
    () =>
      until(async () => {
        const { body } = await api.ask<RunView>('GET', `/runs/${run}`)
        return (body.run.settled || body.run.state === 'held') && body
      }),
    { root: api.root },
  )

/** A job that is switched on: set up by Otto, approved by Paul, its first run done. */
async function active(job: string, approval: ApprovalMode): Promise<void> {
  await draft(otto, job, approval)
  await activate(otto, job)
  const [request] = await waiting(paul, job)
  const { body } = await approve(paul, request!.id)
  const view = await settled(body.run!)
  if (view.run.state === 'held') {
    await approve(paul, view.run.id)
    await settled(view.run.id)
  }
}

describe('BC-D01 four eyes: switching on', () => {
  test('by who set it up is a request; another one with the right approves it, with a note', async () => {
    await draft(otto, 'crm', 'changes')
    const asked = await activate(otto, 'crm')
    expect(asked.body.job).toMatchObject({
      state: 'draft',
      awaiting: { kind: 'activation', requestedBy: 'otto@example.com' },
    })
    expect((await activate(otto, 'crm')).body).toMatchObject({ code: 'approval.open' })

    const [seen] = await waiting(otto, 'crm')
    expect(seen).toMatchObject({
      kind: 'activation',
      requestedBy: ['otto@example.com'],
      mayDecide: false,
      why: 'right',
    })
    expect((await approve(otto, seen!.id)).status, 'an operator has no right to').toBe(403)
    expect((await waiting(paul, 'crm'))[0]).toMatchObject({ mayDecide: true, fourEyes: true })

    const done = await approve(paul, seen!.id, 'looked at the mapping')
    expect(done.body).toMatchObject({
      decision: 'approved',
      job: 'crm',
      run: expect.stringMatching(/^r\d+$/),
    })
    expect(await jobOf('crm')).toMatchObject({ state: 'active', awaiting: null })
    expect((await approve(paul, seen!.id)).body).toMatchObject({ code: 'approval.over' })
    const { body: log } = await paul.ask<LogPage>('GET', `${main}/jobs/crm/log`)
    expect(log.lines.map(({ kind, by, message }) => [kind, by, message])).toContainEqual([
      'approval_given',
      'paul@example.com',
      'Was approved, as otto@example.com had asked: looked at the mapping.',
    ])
    const decided = await paul.ask<ApprovalList>('GET', `${main}/approvals?decided=true`)
    expect(decided.body.approvals[0]).toMatchObject({
      id: seen!.id,
      decision: 'approved',
      note: 'looked at the mapping',
    })
    await settled(done.body.run!)
  })

  test('by somebody else who may approve needs no request; who set it up cannot, whatever they may besides', async () => {
    await draft(anna, 'shop', 'changes')
    expect((await activate(anna, 'shop')).body.job.awaiting).not.toBeNull()
    const [own] = await waiting(anna, 'shop')
    expect(own).toMatchObject({ mayDecide: false, why: 'own' })
    expect((await approve(anna, own!.id)).body).toMatchObject({ code: 'approval.own_request' })
    expect((await reject(anna, own!.id)).body, 'taking it back is one’s own business').toMatchObject({
      decision: 'rejected',
    })
    const moved = await activate(alice, 'shop')
    expect(moved.body.job.state).toBe('active')
    await settled(moved.body.run!)
  })

  test('asked for by another one than who set it up needs a third', async () => {
    await draft(anna, 'third', 'changes')
    await activate(otto, 'third')
    const [request] = await waiting(anna, 'third')
    expect(request!.requestedBy).toEqual(['otto@example.com', 'anna@example.com'])
    expect((await approve(anna, request!.id)).body).toMatchObject({ code: 'approval.own_request' })
    expect((await approve(paul, request!.id)).status).toBe(200)
  })
})

describe('BC-D01 four eyes: changing', () => {
  const city = (key: string) => ({
    definition: {
      mapping: {
        columns: [
          definition.mapping.columns[0],
          { column: 'city', target: { to: 'attribute', key, type: 'text' } },
        ],
      },
    },
  })

  test('a job that was switched on is as it was until somebody else approves; the flag itself too', async () => {
    await active('erp', 'changes')
    const before = await jobOf('erp')
    const asked = await anna.ask<JobDetail>('PATCH', `${main}/jobs/erp`, city('town'))
    expect(asked.body).toMatchObject({
      version: before.version,
      awaiting: { kind: 'edit', requestedBy: 'anna@example.com' },
    })
    expect(asked.body.awaiting!.says.join('\n')).toContain('town')
    const off = await anna.ask('PATCH', `${main}/jobs/erp`, { setup: { approval: 'none' } })
    expect(off.body, 'one at a time').toMatchObject({ code: 'approval.open' })
    const { id } = asked.body.awaiting!
    expect((await approve(anna, id)).body).toMatchObject({ code: 'approval.own_request' })
    expect((await approve(paul, id)).status).toBe(200)
    const after = await jobOf('erp')
    expect(after).toMatchObject({ version: before.version + 1, awaiting: null })
    expect(after.definition.mapping.columns[1]!.target).toMatchObject({ key: 'town' })

    const weaker = await anna.ask<JobDetail>('PATCH', `${main}/jobs/erp`, { setup: { approval: 'none' } })
    expect(weaker.body.setup.approval).toBe('changes')
    await reject(paul, weaker.body.awaiting!.id, 'no')
    expect((await jobOf('erp')).setup.approval).toBe('changes')
  })

  test('name and description are remarks; an operator takes back their own request, and nobody else’s', async () => {
    await active('hr', 'changes')
    const said = await otto.ask<JobDetail>('PATCH', `${main}/jobs/hr`, { setup: { description: 'people' } })
    expect(said.body).toMatchObject({ description: 'people', awaiting: null })
    const asked = await otto.ask<JobDetail>('PATCH', `${main}/jobs/hr`, city('place'))
    const path = `${main}/approvals/${asked.body.awaiting!.id}`
    expect((await anna.ask('DELETE', path)).status).toBe(403)
    expect((await otto.ask('DELETE', path)).body).toMatchObject({ decision: 'rejected' })
    expect((await jobOf('hr')).awaiting).toBeNull()
  })

  test('an import cannot change by a side door what needs somebody else', async () => {
    const dialect = { format: 'csv', encoding: 'utf-8' }
    const setup = { approval: 'changes' }
    await otto.ask('POST', `${main}/jobs`, { job: 'hand.csv', setup, definition: { ...definition, dialect } })
    const { id: upload } = await api.upload('id,city\nhand1,Wien\n', 'hand.csv')
    await otto.ask('POST', `${main}/jobs/hand.csv/activate`, { upload })
    const [request] = await waiting(paul, 'hand.csv')
    const { body } = await approve(paul, request!.id)
    expect((await settled(body.run!)).run.state).toBe('completed')

    const { definition: kept, version } = await jobOf('hand.csv')
    const order = { upload, job: 'hand.csv', definition: kept, again: true }
    const same = await otto.ask<{ run: string }>('POST', `${main}/imports`, order)
    expect(same.status, 'as it is, it may be imported into').toBe(201)
    await settled(same.body.run)
    const other = { ...order, definition: { ...kept, ...city('quarter').definition } }
    expect((await otto.ask('POST', `${main}/imports`, other)).body).toMatchObject({
      code: 'approval.by_import',
    })
    expect((await jobOf('hand.csv')).version).toBe(version)
  })

  test('a request for a version that is gone by then is over', async () => {
    await draft(otto, 'gone', 'changes')
    await activate(otto, 'gone')
    const [request] = await waiting(paul, 'gone')
    await otto.ask('PATCH', `${main}/jobs/gone`, { setup: { lane: 'other' } })
    expect((await approve(paul, request!.id)).body).toMatchObject({ code: 'approval.over' })
    expect(await waiting(paul, 'gone')).toEqual([])
    expect((await jobOf('gone')).state).toBe('draft')
  })
})

describe('BC-D01 four eyes: runs', () => {
  const runNow = async (by: Browser, job: string): Promise<RunView> => {
    const { body } = await by.ask<MovedJob>('POST', `${main}/jobs/${job}/run`, { again: true })
    return settled(body.run!)
  }

  test('every run is held with its counts, and released by somebody else only: over the route and over approvals', async () => {
    await active('all', 'every_run')
    await writeFile(join(api.root, 'all', 'b.csv'), 'id,city\nall7,Graz\n')
    const { run } = await runNow(anna, 'all')
    expect([run.state, run.problem?.code]).toEqual(['held', 'approval.every_run'])
    const [seen] = await waiting(anna, 'all')
    expect(seen).toMatchObject({
      id: run.id,
      kind: 'run',
      total: 1,
      why: 'own',
      requestedBy: ['anna@example.com', 'otto@example.com'],
    })
    expect(seen!.counts).toMatchObject({ 'finished.created': 1 })
    expect((await anna.ask('POST', `${main}/runs/${run.id}/release`, {})).body).toMatchObject({
      code: 'approval.own_request',
    })
    expect((await approve(anna, run.id)).body).toMatchObject({ code: 'approval.own_request' })
    expect((await approve(alice, run.id, 'counts are right')).body).toMatchObject({
      decision: 'approved',
      run: run.id,
    })
    expect((await settled(run.id)).run.state).toBe('completed')
    const { body: log } = await paul.ask<LogPage>('GET', `${main}/runs/${run.id}/log`)
    expect(log.lines.map(({ message }) => message)).toContain('The held run was released: counts are right.')
    const { rows } = await api.harness.db.pool.query<{ result: string; who: string }>(
      `select who, result from sluice.audit where what = $1 and action like 'approvals.%' or what = $1 and action = 'runs.release' order by id`,
      [run.id],
    )
    expect(rows.map(({ who, result }) => `${who} ${result}`)).toEqual([
      'anna@example.com approval.own_request',
      'anna@example.com approval.own_request',
      'alice@example.com done',
    ])
  })

  test('another address, or a token, makes nobody another person', async () => {
    await active('same', 'every_run')
    await writeFile(join(api.root, 'same', 'b.csv'), 'id,city\nsame7,Graz\n')
    const { run } = await runNow(anna, 'same')
    const token = await anna.ask<{ token: string }>('POST', `${main}/tokens`, {
      name: 'robot',
      rights: ['view', 'approve'],
    })
    const robot = new Browser(port, { authorization: `Bearer ${token.body.token}` })
    expect((await approve(robot, run.id)).body).toMatchObject({ code: 'approval.own_request' })
    await api.harness.db.transaction((client) =>
      changeEmail(client, ids.anna, 'anna2@example.com', '2026-03-01T00:00:00Z'),
    )
    expect((await approve(anna, run.id)).body).toMatchObject({ code: 'approval.own_request' })
    expect((await reject(anna, run.id, 'wrong file')).body).toMatchObject({ decision: 'rejected' })
  })

  test('this machine is a person too, where there is somebody else to ask', async () => {
    await active('machine', 'every_run')
    await writeFile(join(api.root, 'machine', 'b.csv'), 'id,city\nmachine7,Graz\n')
    const { body } = await api.ask<MovedJob>('POST', '/jobs/machine/run', { json: {} })
    const { run } = await settled(body.run!)
    expect((await api.ask('POST', `/runs/${run.id}/release`)).body).toMatchObject({
      code: 'approval.own_request',
    })
    const { pool } = api.harness.db
    await pool.query('update sluice.user set disabled_at = now()')
    expect((await api.ask('POST', `/runs/${run.id}/release`)).status, 'nobody else can sign in').toBe(200)
    await pool.query('update sluice.user set disabled_at = null')
    await settled(run.id)
  })

  test('a job without the flag is released by whoever has the right, as before', async () => {
    await draft(otto, 'free', 'none', 0)
    const { body } = await activate(otto, 'free')
    const view = await settled(body.run!)
    expect([view.run.state, view.run.problem?.code]).toEqual(['held', 'breaker.empty'])
    expect((await waiting(anna, 'free'))[0]).toMatchObject({ fourEyes: false, mayDecide: true })
    expect((await approve(otto, view.run.id)).status).toBe(403)
    expect((await reject(paul, view.run.id)).status).toBe(200)
  })
})

describe('BC-D01 four eyes for a whole namespace', () => {
  const settings = (approval: ApprovalMode) => anna.ask('PATCH', `${main}/settings`, { approval })
  afterAll(() => settings('none'))

  test('holds for jobs that say nothing themselves: switching on, changing, and an import that maps otherwise', async () => {
    await draft(otto, 'quiet', 'none')
    expect((await settings('changes')).status).toBe(200)
    expect((await jobOf('quiet')).approval).toBe('changes')
    expect((await activate(otto, 'quiet')).body.job.awaiting).toMatchObject({ kind: 'activation' })
    const [request] = await waiting(paul, 'quiet')
    await settled((await approve(paul, request!.id)).body.run!)
    const asked = await otto.ask<JobDetail>('PATCH', `${main}/jobs/quiet`, { setup: { lane: 'other' } })
    expect(asked.body.awaiting).toMatchObject({ kind: 'edit' })
    await reject(otto, asked.body.awaiting!.id)
    // What nobody has imported yet is no change of anything.
    expect((await api.import('id,city\nnew1,Wien\n', {}, 'new.csv')).run.state).toBe('completed')
  })

  test('a job that asks for more keeps that; every run of any job is held, also one that is imported by hand', async () => {
    await settings('none')
    await active('more', 'every_run')
    await settings('changes')
    expect((await jobOf('more')).approval).toBe('every_run')
    await settings('every_run')
    const { run } = await api.import('id,city\nhand7,Wien\n', {}, 'by-hand.csv')
    expect([run.state, run.problem?.code]).toEqual(['held', 'approval.every_run'])
    expect((await api.ask('POST', `/runs/${run.id}/release`)).body).toMatchObject({
      code: 'approval.own_request',
    })
    // Whoever changes the setting now does not get it through.
    await settings('none')
    expect((await api.ask('POST', `/runs/${run.id}/release`)).body).toMatchObject({
      code: 'approval.own_request',
    })
    expect((await anna.ask('POST', `${main}/runs/${run.id}/release`, {})).status).toBe(200)
    expect((await settled(run.id)).run.state).toBe('completed')
  })
})
