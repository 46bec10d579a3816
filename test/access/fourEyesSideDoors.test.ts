// Four eyes (BC-D01): what nobody may get done alone in a roundabout way, by dropping, resuming, retrying or correcting.
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ApprovalDecided, ApprovalList } from '../../src/api/approvals.ts'
import type { ImportAnswer } from '../../src/api/imports.ts'
import type { MovedJob } from '../../src/api/jobMoves.ts'
import type { JobDetail } from '../../src/api/jobView.ts'
import type { RetryAnswerView } from '../../src/api/recordMoveViews.ts'
import type { RunView } from '../../src/api/runView.ts'
import type { UndoAnswer } from '../../src/api/undos.ts'
import { testDatabase } from '../postgres.ts'
import { ApiServer } from '../support/apiServer.ts'
import { Browser } from '../support/browser.ts'
import { browserOf, person } from '../support/persons.ts'
import { until } from '../until.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
const main = '/v1/namespaces/main'
/** An operator who sets jobs up, and two admins, who may both do everything there is to do with them. */
let otto: Browser
let anna: Browser
let alice: Browser

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  port = await api.listenOnTcp()
  const made = async (name: string, role: 'operator' | 'admin') =>
    browserOf(api, port, await person(api, name, role))
  otto = await made('otto', 'operator')
  anna = await made('anna', 'admin')
  alice = await made('alice', 'admin')
})
afterAll(() => api.close())

const definition = {
  dialect: { format: 'csv', encoding: 'utf-8' },
  columns: ['id', 'age'],
  mapping: {
    columns: [
      { column: 'id', target: { to: 'identifier', kind: 'customer_id' } },
      { column: 'age', target: { to: 'attribute', key: 'age', type: 'integer' } },
    ],
  },
}
const otherMapping = {
  columns: [
    definition.mapping.columns[0],
    { column: 'age', target: { to: 'attribute', key: 'quarter', type: 'text' } },
  ],
}

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

const approve = (by: Browser, id: string) =>
  by.ask<ApprovalDecided & { code?: string }>('POST', `${main}/approvals/${id}/approve`, {})

/** Approves what waits of a job until a run of it has ended; answers the run. */
async function letThrough(job: string): Promise<RunView> {
  const { body } = await alice.ask<ApprovalList>('GET', `${main}/approvals`)
  const { id } = body.approvals.find((one) => one.job === job)!
  const run = (await approve(alice, id)).body.run!
  const view = await settled(run)
  return view.run.state === 'held' ? letThrough(job) : view
}

/** A job that Otto set up and Alice let through, with everything that has run of it so far; one record of it failed. */
async function active(job: string, approval: 'changes' | 'every_run'): Promise<RunView> {
  await mkdir(join(api.root, job), { recursive: true })
  await writeFile(join(api.root, job, 'a.csv'), `id,age\n${job}1,31\n${job}2,old\n`)
  const setup = { source: { kind: 'folder', path: job, pattern: '*.csv' }, approval }
  const made = await otto.ask('POST', `${main}/jobs`, { job, setup, definition })
  expect(made.status).toBe(201)
  await otto.ask('POST', `${main}/jobs/${job}/activate`, {})
  return letThrough(job)
}

async function runNow(by: Browser, job: string): Promise<RunView> {
  const { body } = await by.ask<MovedJob>('POST', `${main}/jobs/${job}/run`, { again: true })
  return settled(body.run!)
}

const move = (by: Browser, run: string, name: string) => by.ask('POST', `${main}/runs/${run}/${name}`, {})

describe('BC-D01 four eyes: a run that was dropped', () => {
  test('is held again when it is resumed: dropping and resuming release nothing', async () => {
    await active('dropped', 'every_run')
    const { run } = await runNow(anna, 'dropped')
    expect(run.state).toBe('held')
    expect((await move(anna, run.id, 'release')).body.code).toBe('approval.own_request')
    for (const by of [anna, otto]) {
      expect((await move(anna, run.id, 'drop')).status).toBe(200)
      expect((await move(by, run.id, 'resume')).status).toBe(200)
      const again = await settled(run.id)
      expect([again.run.state, again.run.problem?.code]).toEqual(['held', 'approval.every_run'])
      expect((await move(anna, run.id, 'release')).body.code).toBe('approval.own_request')
    }
    expect((await approve(alice, run.id)).status).toBe(200)
    expect((await settled(run.id)).run.state).toBe('completed_with_errors')
  })

  test('of an undo is looked at again, too', async () => {
    const first = await active('undone', 'changes')
    const order = { runs: [first.run.id], preview: true }
    const { body } = await anna.ask<UndoAnswer>('POST', `${main}/undos`, order)
    const undo = body.undos[0]!.run
    expect((await settled(undo)).run.state).toBe('held')
    await move(anna, undo, 'drop')
    await move(otto, undo, 'resume')
    expect((await settled(undo)).run.state).toBe('held')
    await move(anna, undo, 'drop')
  })
})

describe('BC-D01 four eyes: records once more', () => {
  test('a retry is released by somebody else than who asked for it', async () => {
    const first = await active('again', 'every_run')
    const order = { ids: [`${first.run.id}/2`] }
    const { body } = await anna.ask<RetryAnswerView>('POST', `${main}/records/retry`, order)
    const child = await settled(body.runs[0]!.run!)
    expect([child.run.state, child.run.by]).toEqual(['held', 'anna@example.com'])
    expect((await move(anna, child.run.id, 'release')).body.code).toBe('approval.own_request')
    expect((await approve(anna, child.run.id)).body.code).toBe('approval.own_request')
    expect((await move(alice, child.run.id, 'release')).status).toBe(200)
  })

  test('so are corrections, sent as a file or typed in the browser', async () => {
    const first = await active('mended', 'every_run')
    const errors = await api.ask<string>('GET', `/runs/${first.run.id}/artifacts/errors`)
    const { id: upload } = await api.upload(errors.body.replace('old', '41'), 'mended.csv')
    const sent = await anna.ask<ImportAnswer>('POST', `${main}/corrections`, { upload })
    const fixes = { edits: [{ record: 2, column: 'age', value: '42' }] }
    const typed = await anna.ask<ImportAnswer>('POST', `${main}/runs/${first.run.id}/fixes`, fixes)
    for (const { body } of [sent, typed]) {
      const child = await settled(body.run)
      expect([child.run.state, child.run.by]).toEqual(['held', 'anna@example.com'])
      expect((await move(anna, child.run.id, 'release')).body.code).toBe('approval.own_request')
      await move(alice, child.run.id, 'drop')
    }
  })

  test('another mapping is for who may change jobs, and changes no job that needs somebody else', async () => {
    const first = await active('mapped', 'changes')
    const { body: made } = await otto.ask<{ token: string }>('POST', `${main}/tokens`, {
      name: 'runner',
      rights: ['view', 'run'],
    })
    const runner = new Browser(port, { authorization: `Bearer ${made.token}` })
    const order = { ids: [`${first.run.id}/2`], mapping: otherMapping }
    const refused = await runner.ask('POST', `${main}/records/retry`, order)
    expect(refused).toMatchObject({ status: 403, body: { code: 'access.no_right' } })
    const before = (await anna.ask<JobDetail>('GET', `${main}/jobs/mapped`)).body
    const { body } = await otto.ask<RetryAnswerView>('POST', `${main}/records/retry`, order)
    expect((await settled(body.runs[0]!.run!)).run.state).toBe('completed')
    const after = (await anna.ask<JobDetail>('GET', `${main}/jobs/mapped`)).body
    expect(after.definition).toEqual(before.definition)
  })
})
