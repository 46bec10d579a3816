// Jobs over HTTP: set up, switched on and off, and what is answered when something is not possible (BS-03 to BS-10, BS-22 to BS-25, BC-02 to BC-10, LY-16 to LY-20).
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, type Answer } from '../../test/support/apiServer.ts'
import { bring } from '../../test/support/scheduledJobs.ts'
import { jobMachine, type JobState } from '../core/jobState.ts'
import { jobVerbs, whyNot, type JobVerb } from '../core/jobVerbs.ts'
import { statesOf } from '../core/machine.ts'
import { previewLane } from '../core/run.ts'
import type { MovedJob } from './jobMoves.ts'
import type { JobPage } from './jobs.ts'
import type { JobDetail } from './jobView.ts'
import type { RunView } from './runView.ts'
import type { ProblemAnswer } from './answers.ts'

const database = testDatabase()
let api: ApiServer
beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await mkdir(join(api.root, 'in'))
  await writeFile(join(api.root, 'in', 'people.csv'), 'customer_id,city\nC1,Wien\n')
})
afterAll(() => api.close())

const folder = { kind: 'folder', path: 'in', pattern: '*.csv' }
const schedule = { rule: { kind: 'every', minutes: 15 } }
const mapping = {
  columns: [
    { column: 'customer_id', target: { to: 'identifier', kind: 'customer_id' } },
    { column: 'city', target: { to: 'attribute', key: 'city', type: 'text' } },
  ],
}
const recurring = { setup: { source: folder, schedule }, definition: { mapping } }
const byHand = { definition: { mapping } }

let made = 0
async function make(order: object = recurring): Promise<JobDetail> {
  const { body, status } = await api.ask<JobDetail>('POST', '/jobs', {
    json: { job: `job ${++made}`, ...order },
  })
  expect([status, body]).toMatchObject([201, { state: 'draft' }])
  return body
}

const path = (job: string): string => `/jobs/${encodeURIComponent(job)}`
const move = <T = MovedJob>(job: string, verb: string, json: object = {}): Promise<Answer<T>> =>
  api.ask<T>('POST', `${path(job)}/${verb}`, { json })
const look = async (job: string): Promise<JobDetail> => (await api.ask<JobDetail>('GET', path(job))).body

/** Puts a job into a state as the system would, without its moves. */
async function put(id: string, state: JobState): Promise<void> {
  const from = Object.values(jobMachine.moves).find(({ to }) => to === state)?.from[0] ?? null
  await api.harness.db.pool.query('update sluice.job set state = $2, state_from = $3 where id = $1', [
    Number(id.slice(1)),
    state,
    state === 'draft' ? null : from,
  ])
}

const stateAfter: Partial<Record<JobVerb, JobState>> = {
  sample: 'draft',
  activate: 'active',
  pause: 'paused',
  resume: 'active',
  run: 'active',
  archive: 'archived',
  restore: 'draft',
}
const routed: readonly JobVerb[] = ['sample', 'activate', 'pause', 'resume', 'run', 'archive', 'restore']

describe('BC-10, BS-D14, E18: what is not possible answers 409 with what is', () => {
  const pairs = statesOf(jobMachine).flatMap((state) => routed.map((verb) => [state, verb] as const))
  const facts = { kind: 'recurring', source: 'folder', editableWhileActive: true, open: [] } as const
  const isPossible = ([state, verb]: (typeof pairs)[number]): boolean =>
    whyNot(verb, { ...facts, state }) === null

  test.each(pairs.filter(isPossible))('%s: %s is possible', async (state, verb) => {
    const { id } = await make()
    await put(id, state)
    expect(await move(id, verb)).toMatchObject({ status: 200 })
    expect((await look(id)).state).toBe(stateAfter[verb])
  })

  test.each(pairs.filter((pair) => !isPossible(pair)))('%s: %s is not', async (state, verb) => {
    const { id } = await make()
    await put(id, state)
    const before = await look(id)
    const answer = await move<ProblemAnswer>(id, verb)
    expect(answer).toMatchObject({ status: 409, body: { code: 'job.move_illegal' } })
    expect(answer.body.advice).toContain(before.moves.join(', '))
    // Nothing has happened.
    expect((await look(id)).stateAt).toBe(before.stateAt)
  })

  test('what is possible and what is not are all there is', async () => {
    const { moves, cannot } = await make()
    expect([...moves, ...cannot.map((one) => one.move)].sort()).toEqual([...jobVerbs].sort())
  })
})

test('BS-08, BS-09, BS-29, BL-05, E18, LY-D03, LY-D04: the life of a recurring job', async () => {
  const { job } = await make()
  const active = await move(job, 'activate')
  expect(active.body).toMatchObject({
    run: expect.stringMatching(/^r\d+$/) as string,
    job: { state: 'active', kind: 'recurring' },
  })
  expect(active.body.job.lastRuns).toMatchObject([{ run: active.body.run, state: 'queued' }])
  // BL-28: one run may wait, not two.
  expect(await move(job, 'run')).toMatchObject({ status: 409 })
  const paused = await move(job, 'pause')
  expect(paused.body.job).toMatchObject({
    state: 'paused',
    lastRuns: [{ state: 'skipped', reason: 'The job was paused before the run began.' }],
  })
  expect(await move(job, 'resume')).toMatchObject({ body: { run: null, job: { state: 'active' } } })
  expect(await move(job, 'run')).toMatchObject({ status: 200, body: { job: { runs: 2 } } })
  await move(job, 'pause')
  expect(await move(job, 'archive')).toMatchObject({ body: { job: { state: 'archived' } } })
  const shown = async (query: string): Promise<string[]> =>
    (await api.ask<JobPage>('GET', `/jobs?limit=500${query}`)).body.jobs.map((one) => one.job)
  expect(await shown('')).not.toContain(job)
  expect(await shown('&state=archived')).toContain(job)
  expect(await move(job, 'restore')).toMatchObject({ body: { job: { state: 'paused' } } })
})

describe('BS-D07, BC-08: activation says what is missing', () => {
  const noIdentifier = {
    columns: [{ column: 'city', target: { to: 'attribute', key: 'city', type: 'text' } }],
  }
  test.each<[string, object, string]>([
    ['no mapping', { setup: { source: folder } }, 'job.no_mapping'],
    [
      'no identifier',
      { setup: { source: folder }, definition: { mapping: noIdentifier } },
      'mapping.no_identifier',
    ],
    [
      'no such folder',
      { ...recurring, setup: { source: { ...folder, path: 'gone' } } },
      'source.folder_missing',
    ],
    ['no file by hand', byHand, 'job.no_file'],
  ])('%s', async (_, order, code) => {
    const { job } = await make(order)
    const answer = await move<ProblemAnswer>(job, 'activate')
    expect(answer.body.code).toBe(code)
    expect(answer.body.advice.length).toBeGreaterThan(10)
    expect(await look(job)).toMatchObject({ state: 'draft' })
  })
})

test('BS-06, BS-23, BS-24: a job for files given by hand runs, is done, and can run again', async () => {
  const { job } = await make(byHand)
  const upload = await api.upload('customer_id,city\nC7,Graz\n')
  const { body } = await move(job, 'activate', { upload: upload.id })
  expect(body.job).toMatchObject({ state: 'active', kind: 'one_time' })
  expect(await move(job, 'pause')).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('only once') as string },
  })
  expect(await api.settled(body.run!)).toMatchObject({
    run: { state: 'completed' },
    counters: { finished: { created: 1 } },
  })
  expect(await look(job)).toMatchObject({ state: 'completed', moves: ['rename', 'run', 'archive'] })
  expect(await move(job, 'run')).toMatchObject({ body: { code: 'job.no_file' } })
  const second = await api.upload('customer_id,city\nC8,Linz\n')
  const again = await move(job, 'run', { upload: second.id })
  expect(again.body).toMatchObject({
    job: { state: 'active', lastRuns: [{ state: 'queued' }, { state: 'completed' }] },
  })
  await api.settled(again.body.run!)
  expect(await look(job)).toMatchObject({ state: 'completed' })
  const edit = await api.ask<ProblemAnswer>('PATCH', path(job), { json: { setup: { lane: 'slow' } } })
  expect(edit).toMatchObject({ status: 409, body: { code: 'job.move_illegal' } })
})

test('E9, LY-18: an edit is a version, a name and a description are not', async () => {
  const { job, id } = await make()
  const patch = (json: object, headers: Record<string, string> = {}): Promise<Answer<JobDetail>> =>
    api.ask<JobDetail>('PATCH', path(id), { json, headers })
  expect((await patch({ setup: { description: 'From the CRM' } })).body).toMatchObject({
    version: 1,
    description: 'From the CRM',
  })
  expect((await patch({ name: `${job} renamed` })).body).toMatchObject({ version: 1, job: `${job} renamed` })
  expect((await patch({ setup: { lane: 'slow' } })).body).toMatchObject({
    version: 2,
    lane: 'slow',
    description: 'From the CRM',
  })
  expect((await patch({ setup: { lane: 'slow' } })).body).toMatchObject({ version: 2 })
  const { body } = await patch({
    setup: { lane: 'x', description: 'Two' },
    definition: { policy: { mode: 'update_only' } },
  })
  expect(body).toMatchObject({
    version: 3,
    description: 'Two',
    definition: { policy: { mode: 'update_only' } },
  })
  expect(body.definition.mapping.columns).toHaveLength(2)
})

test('E9: who comes second is told that the job has changed', async () => {
  const { id } = await make()
  const patch = (lane: string, etag: string): Promise<Answer<ProblemAnswer>> =>
    api.ask('PATCH', path(id), { json: { setup: { lane } }, headers: { 'if-match': etag } })
  expect(await patch('one', '"v1"')).toMatchObject({ status: 200 })
  expect(await patch('two', '"v1"')).toMatchObject({
    status: 412,
    body: { code: 'job.changed', details: { version: 2 } },
  })
  expect(await look(id)).toMatchObject({ lane: 'one' })
})

test('LY-18: a name is taken once; an archived job gives its name free', async () => {
  const { job, id } = await make()
  expect(await api.ask('POST', '/jobs', { json: { job, ...recurring } })).toMatchObject({
    status: 409,
    body: { code: 'job.name_taken' },
  })
  await move(id, 'archive')
  const second = await api.ask<JobDetail>('POST', '/jobs', { json: { job, ...recurring } })
  expect(second.status).toBe(201)
  expect(await look(job)).toMatchObject({ id: second.body.id })
  expect(await move(id, 'restore')).toMatchObject({ status: 409, body: { code: 'job.name_taken' } })
})

test('a file is not imported into a job that has a source of its own', async () => {
  const { job } = await make()
  const upload = await api.upload('customer_id,city\nC1,Wien\n')
  const definition = {
    dialect: { format: 'csv', encoding: 'utf-8' },
    columns: ['customer_id', 'city'],
    mapping,
  }
  const answer = await api.ask('POST', '/imports', { json: { upload: upload.id, job, definition } })
  expect(answer).toMatchObject({ status: 409, body: { code: 'job.name_taken' } })
})

describe('BS-10: what cannot be set up', () => {
  test.each<[string, object, string]>([
    ['a schedule for files given by hand', { schedule }, 'job.setup_invalid'],
    [
      'a zone nobody knows',
      { source: folder, schedule: { ...schedule, zone: 'Europe/Wien' } },
      'schedule.zone_unknown',
    ],
    ['a path out of the root', { source: { ...folder, path: '../etc' } }, 'invalid_request'],
    ['a source nobody knows', { source: { kind: 'ftp' } }, 'invalid_request'],
  ])('%s', async (_, setup, code) => {
    const answer = await api.ask<ProblemAnswer>('POST', '/jobs', { json: { job: 'never', setup } })
    expect(answer.body.code).toBe(code)
  })

  test('jobs that run after each other in a circle', async () => {
    const source = { setup: { source: folder } }
    const [one, two] = [await make(source), await make(source)]
    const after = (job: string, name: string): Promise<Answer<ProblemAnswer>> =>
      api.ask('PATCH', path(job), { json: { setup: { after: name } } })
    expect(await after(one.job, two.job)).toMatchObject({ status: 200 })
    expect(await after(two.job, one.job)).toMatchObject({ body: { code: 'job.setup_invalid' } })
    expect(await after(one.job, one.job)).toMatchObject({ body: { code: 'job.setup_invalid' } })
  })

  test('nor by two edits at the same moment', async () => {
    const source = { setup: { source: folder } }
    for (let round = 0; round < 10; round++) {
      const [one, two] = [await make(source), await make(source)]
      const after = (job: string, name: string): Promise<Answer<ProblemAnswer>> =>
        api.ask('PATCH', path(job), { json: { setup: { after: name } } })
      const answers = await Promise.all([after(one.job, two.job), after(two.job, one.job)])
      expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
      expect(answers.find(({ status }) => status !== 200)?.body.code).toBe('job.setup_invalid')
    }
  })

  test('nor by another name', async () => {
    const first = await make({ setup: { source: folder, after: 'to come' } })
    const second = await make({ setup: { source: folder, after: first.job } })
    const renamed = await api.ask<ProblemAnswer>('PATCH', path(second.job), { json: { name: 'to come' } })
    expect(renamed.body.code).toBe('job.setup_invalid')
    expect((await look(second.job)).job).toBe(second.job)
  })
})

test('BC-06, E14: what ended while a job that follows was paused is made up when it is resumed', async () => {
  const { db, namespace } = api.harness
  const parent = await make()
  const child = await make({ setup: { source: folder, after: parent.job }, definition: { mapping } })
  const started = await move(parent.id, 'activate')
  await move(child.id, 'activate')
  // As the scheduler notes it.
  await db.pool.query('update sluice.job set runs_after = $2 where id = $1', [
    Number(child.id.slice(1)),
    parent.job,
  ])
  await move(child.id, 'pause')
  const run = Number(started.body.run!.slice(1))
  await bring(db, namespace, run, 'completed')
  await db.pool.query('update sluice.run set followed = true where id = $1', [run])
  const { body } = await move(child.id, 'resume')
  const made = await api.ask<RunView>('GET', `/runs/${body.run}`)
  expect(made.body.run).toMatchObject({ trigger: 'after', state: 'queued' })
})

test('P5: a draft, and a job that is switched off, can be tried without writing; one that is archived cannot', async () => {
  const { id } = await make()
  const tried = await move(id, 'run', { dryRun: true })
  expect(tried).toMatchObject({ status: 200, body: { job: { state: 'draft', lastRuns: [] } } })
  const { body } = await api.ask<RunView>('GET', `/runs/${tried.body.run}`)
  expect(body.run).toMatchObject({ dryRun: true, lane: previewLane })
  await put(id, 'paused')
  expect((await move(id, 'run', { dryRun: true })).status).toBe(200)
  await put(id, 'archived')
  const refused = await move<ProblemAnswer>(id, 'run', { dryRun: true })
  expect(refused).toMatchObject({ status: 409, body: { code: 'job.move_illegal' } })
  const unmapped = await make({ setup: { source: folder } })
  expect((await move<ProblemAnswer>(unmapped.id, 'run', { dryRun: true })).body.code).toBe('job.no_mapping')
})

test('BC-14, BS-02: lists are filtered and sorted, and pages go on', async () => {
  for (const name of ['zeta list', 'Alpha list', 'mid list'])
    await api.ask('POST', '/jobs', { json: { job: name, ...recurring } })
  const names = async (query: string): Promise<string[]> => {
    const { body } = await api.ask<JobPage>('GET', `/jobs?text=LIST&${query}`)
    return body.jobs.map(({ job }) => job)
  }
  expect(await names('sort=name')).toEqual(['Alpha list', 'mid list', 'zeta list'])
  expect(await names('sort=created')).toEqual(['mid list', 'Alpha list', 'zeta list'])
  expect(await names('kind=one_time')).toEqual([])
  expect(await names('source=folder&state=draft&state=active')).toHaveLength(3)
  for (const sort of ['name', 'created', 'updated', 'next', 'ran', 'name&order=desc', 'ran&order=asc']) {
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await api.ask<JobPage>('GET', `/jobs?text=list&sort=${sort}&limit=1${cursor}`)
      seen.push(...body.jobs.map(({ job }) => job))
      cursor = body.next === null ? '' : `&cursor=${body.next}`
    } while (cursor !== '')
    expect(seen).toEqual(await names(`sort=${sort}`))
  }
  expect(await api.ask('GET', '/jobs?cursor=nonsense')).toMatchObject({ status: 400 })
})

test('LY-16, LY-17, LY-20: one job tells all about itself', async () => {
  const { job } = await make()
  expect(await look(job)).toMatchObject({
    label: 'Draft',
    provider: { kind: 'folder', title: 'Files in a folder' },
    type: 'import',
    authorization: null,
    createdBy: 'local',
    next: jobMachine.states.draft.next,
    setup: { source: folder, failure: { reruns: 5, rerunMinutes: 15 } },
    definition: { mapping: { columns: [{ column: 'customer_id' }, { column: 'city' }] } },
  })
  expect(await api.ask('GET', '/jobs/nobody')).toMatchObject({ status: 404, body: { code: 'not_found' } })
})
