// The API as a caller meets it: on a socket, with a real database and real runs.
import { readdir } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, breakOff, send, token } from '../../test/support/apiServer.ts'
import { until } from '../../test/until.ts'
import type { ProblemAnswer } from './answers.ts'
import type { RunErrors } from './errors.ts'
import { makeOpenApi } from './openapi.ts'
import type { ProfileDetailView, ProfilePage } from './profileViews.ts'
import type { RecordPageView } from './records.ts'
import type { RunPage } from './runs.ts'
import type { RunView } from './runView.ts'
import type { VerifyView } from './verify.ts'

const database = testDatabase()
let api: ApiServer

const people = [
  'customer_id,email,first_name,city,lifetime_value,opt_in',
  'C1,ada@example.com,Ada,London,120.50,true',
  'C2,bob@example.com,Bob,Wien,8,false',
  'C3,not-an-address,Cleo,Wien,15,true',
  'C4,dora@example.com,Dora,,1000,false',
].join('\n')

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
})
afterAll(() => api.close())

describe('an import', () => {
  test('goes from upload to profiles, and its numbers add up', async () => {
    const view = await api.import(people)
    expect(view.run).toMatchObject({
      id: 'r1001',
      state: 'completed_with_errors',
      settled: true,
      moves: [],
      skippedFor: null,
    })
    expect(view.run.file).toMatchObject({ name: 'people.csv', bytes: people.length })
    expect(view.counters).toEqual({
      total: 4,
      read: 4,
      left: 0,
      finished: { total: 3, created: 3, updated: 0, unchanged: 0, merged: 0 },
      skipped: { total: 0 },
      failed: { total: 1, 'email.invalid': 1 },
      retry: 0,
      waiting: 0,
      new: 0,
    })
    expect(view.artifacts['errors']).toMatchObject({
      records: 1,
      href: '/v1/namespaces/main/runs/r1001/artifacts/errors',
    })
    expect(view.seconds.all).toBeCloseTo(
      view.seconds.fetching + view.seconds.validating + view.seconds.importing + view.seconds.processing,
      2,
    )
  })

  test('a second time is skipped and names the first', async () => {
    expect(await api.start(people)).toEqual({
      run: 'r1002',
      what: 'skipped',
      by: 'r1001',
      sameContent: null,
    })
    const { body } = await api.ask<RunView>('GET', '/runs/r1002')
    expect(body.run).toMatchObject({ state: 'skipped', skippedFor: 'r1001' })
  })

  test('as a dry run writes nothing and says what it would do', async () => {
    const view = await api.import('customer_id,city\nC1,Paris\nC9,Rome\n', { dryRun: true }, 'more.csv')
    expect(view.run).toMatchObject({ state: 'skipped', dryRun: true })
    expect(view.run.validation).toMatchObject({
      dryRun: { counters: { 'finished.updated': 1, 'finished.created': 1 } },
    })
    expect((await api.ask('GET', '/profiles/count')).body).toEqual({ count: 3 })
  })

  test('that breaks off while uploading leaves nothing behind', async () => {
    const kept = async (): Promise<string[]> => {
      const files = await readdir(api.harness.folder, { recursive: true, withFileTypes: true })
      const { rowCount } = await api.harness.db.pool.query('select from sluice.landing')
      return [`${rowCount} rows`, ...files.filter((file) => file.isFile()).map(({ name }) => name)].sort()
    }
    const before = await kept()
    const options = {
      socketPath: api.socket,
      method: 'POST',
      path: '/v1/namespaces/main/uploads',
      headers: { 'content-length': '1000000', 'content-type': 'text/csv' },
    }
    await breakOff(options, 'email\nada@example.com\n')
    await until(async () => (await kept()).join() === before.join())
    expect(await kept()).toEqual(before)
  })
})

describe('a run', () => {
  test('groups what went wrong, with line, column and value', async () => {
    const { body } = await api.ask<RunErrors>('GET', '/runs/r1001/errors')
    expect(body).toMatchObject({
      run: 'r1001',
      failed: 1,
      causes: [
        {
          code: 'email.invalid',
          count: 1,
          examples: [{ record: 3, line: 4, column: 'email', value: 'not-an-address' }],
        },
      ],
    })
    expect(body.causes[0]?.advice).toContain('--on-bad-value')
  })

  test('serves its error file as a stream', async () => {
    const { status, type, body } = await api.ask('GET', '/runs/r1001/artifacts/errors')
    expect({ status, type }).toEqual({ status: 200, type: 'text/csv; charset=utf-8' })
    expect(body).toContain('not-an-address')
    expect(await api.ask('GET', '/runs/r1001/artifacts/constructor')).toMatchObject({
      status: 404,
      body: { code: 'run.no_artifact' },
    })
  })

  test('refuses a move its state does not allow, and says which are', async () => {
    const { status, type, body } = await api.ask('POST', '/runs/r1001/stop')
    expect({ status, type }).toEqual({ status: 409, type: 'application/problem+json' })
    expect(body).toMatchInlineSnapshot(`
      {
        "advice": "What it can do now: nothing. Type sluice run show r1001 to see it.",
        "code": "run.move_illegal",
        "detail": "Run r1001 is completed with errors, so it cannot stop.",
        "details": {
          "move": "stop",
          "moves": "nothing",
          "run": "r1001",
          "state": "completed with errors",
        },
        "status": 409,
        "title": "The run cannot do that now",
        "type": "/v1/problems/run.move_illegal",
      }
    `)
  })

  test('is stopped before it begins, and goes on', async () => {
    const { run } = await api.start('email\nzoe@example.com\n', {}, 'zoe.csv')
    expect((await api.ask<RunView>('POST', `/runs/${run}/stop`)).body.run).toMatchObject({
      state: 'stopping',
    })
    expect((await api.settled(run)).run).toMatchObject({ state: 'stopped', moves: ['resume'] })
    expect((await api.ask<RunView>('POST', `/runs/${run}/resume`)).body.run).toMatchObject({
      state: 'queued',
    })
    expect((await api.settled(run)).run).toMatchObject({ state: 'completed' })
  })

  test('is verified, and planted damage is named', async () => {
    const { run } = await api.import('email\nyan@example.com\nyul@example.com\n', {}, 'y.csv')
    expect((await api.ask('POST', `/runs/${run.id}/verify`)).body).toMatchObject({ sound: true, faults: [] })
    await api.harness.db.pool.query('delete from sluice_main.record where run = $1 and ordinal = 2', [
      Number(run.id.slice(1)),
    ])
    const { body } = await api.ask<VerifyView>('POST', `/runs/${run.id}/verify`)
    expect(body.sound).toBe(false)
    expect(body.faults).toContainEqual(expect.objectContaining({ kind: 'lost_row', ordinal: 2 }))
  })

  test('BL-13: is found in the list, newest first, page by page', async () => {
    const first = (await api.ask<RunPage>('GET', '/runs?limit=2')).body
    const second = (await api.ask<RunPage>('GET', `/runs?limit=2&cursor=${first.next}`)).body
    const ids = [...first.runs, ...second.runs].map(({ run }) => Number(run.id.slice(1)))
    expect(ids).toEqual([...ids].sort((a, b) => b - a))
    expect(new Set(ids).size).toBe(4)
    expect((await api.ask<RunPage>('GET', '/runs?state=skipped')).body.runs).toHaveLength(2)
  })
})

describe('records', () => {
  test.each([
    ['run=r1001', ['r1001/1', 'r1001/2', 'r1001/3', 'r1001/4']],
    ['run=1001&state=failed', ['r1001/3']],
    ['run=r1001&outcome=created&limit=2', ['r1001/1', 'r1001/2']],
    ['run=r1001&code=email.invalid', ['r1001/3']],
    ['run=r1001&code=phone.invalid', []],
    ['identifier=C2', ['r1001/2']],
    ['contains=yan@', ['r1005/1']],
    ['contains=C2&run=r1001', ['r1001/2']],
    ['run=r1001&since=2020-01-01&until=2020-02-01', []],
    ['run=r1001&cursor=r1001/3', ['r1001/4']],
  ])('%s', async (query, ids) => {
    const { body } = await api.ask<RecordPageView>('GET', `/records?${query}`)
    const found = body.records.map(({ id }) => id)
    expect(found).toEqual(ids)
  })

  test('every page together is everything, once', async () => {
    const seen: string[] = []
    for (let cursor = ''; ;) {
      const { body } = await api.ask<RecordPageView>('GET', `/records?limit=2${cursor}`)
      seen.push(...body.records.map(({ id }) => id))
      if (body.next === null) break
      cursor = `&cursor=${body.next}`
    }
    const { rows } = await api.harness.db.pool.query(
      `select 'r' || run || '/' || ordinal as id from sluice_main.record order by run desc, ordinal`,
    )
    expect(seen).toEqual(rows.map(({ id }: { id: string }) => id))
  })
})

describe('profiles', () => {
  test.each([
    ['', 6],
    ['identifier=ADA@example.com', 1],
    ['identifier=C2', 1],
    ['where=city=Wien', 1],
    ['where=city=', 4],
    ['where=city!=', 2],
    ['where=lifetime_value>=100', 2],
    ['where=lifetime_value<100&where=opt_in=false', 1],
    ['where=first_name~D', 2],
    ['where=email~example', 6],
    ['where=email=BOB@example.com', 1],
    ['where=customer_id=', 3],
  ])('%s finds %i', async (query, count) => {
    const escaped = query.replace(
      /where=([^&]*)/g,
      (_, condition: string) => `where=${encodeURIComponent(condition)}`,
    )
    expect((await api.ask('GET', `/profiles/count?${escaped}`)).body).toEqual({ count })
    expect((await api.ask<ProfilePage>('GET', `/profiles?${escaped}`)).body.profiles).toHaveLength(count)
  })

  test('one profile says where each value came from', async () => {
    const { profiles } = (await api.ask<ProfilePage>('GET', '/profiles?identifier=C1')).body
    const { body } = await api.ask<ProfileDetailView>('GET', `/profiles/${profiles[0]?.id}`)
    const source = { record: 'r1001/1', run: 'r1001', file: 'people.csv', line: 2 }
    expect(body.identifiers).toMatchObject([
      { kind: 'customer_id', value: 'C1', source },
      { kind: 'email', value: 'ada@example.com', source },
    ])
    expect(body.attributes).toContainEqual(
      expect.objectContaining({
        key: 'lifetime_value',
        value: 120.5,
        source: expect.objectContaining(source),
      }),
    )
    expect(body.attributes).toContainEqual(expect.objectContaining({ key: 'opt_in', value: true }))
  })
})

describe('what goes wrong', () => {
  test.each([
    ['GET', '/runs/r99', 404, 'not_found'],
    ['GET', '/runs/abc', 400, 'invalid_request'],
    ['GET', '/v1/namespaces/nowhere/runs', 404, 'not_found'],
    ['GET', '/v1/nothing', 404, 'route.unknown'],
    ['POST', '/imports', 400, 'invalid_request'],
    ['GET', '/records?contains=ab', 400, 'search.too_short'],
    ['GET', '/records?since=yesterday', 400, 'invalid_request'],
    ['GET', '/profiles?where=city', 400, 'filter.invalid'],
    ['GET', '/profiles?where=cty%3DWien', 400, 'filter.invalid'],
    ['GET', '/profiles?where=lifetime_value%3Eabc', 400, 'filter.invalid'],
    ['GET', '/profiles/999999', 404, 'not_found'],
    ['GET', '/v1/problems/nothing', 404, 'not_found'],
  ])('%s %s → %i %s', async (method, path, status, code) => {
    const answer = await api.ask<ProblemAnswer>(method, path, method === 'POST' ? { json: {} } : {})
    expect(answer).toMatchObject({
      status,
      type: 'application/problem+json',
      body: { status, code, type: `/v1/problems/${code}` },
    })
    expect(answer.body.detail).not.toMatch(/\{\w+\}/)
    expect(answer.body.advice).not.toMatch(/\{\w+\}/)
  })

  test('never reaches the log of faults as our own', () => {
    expect(api.faults).toEqual([])
  })
})

describe('the TCP port (design 12)', () => {
  let port = 0
  beforeAll(async () => {
    port = await api.listenOnTcp()
  })

  const bearer = { authorization: `Bearer ${token}` }
  test.each([
    ['no token', {}, 401],
    ['a wrong token', { authorization: 'Bearer wrong' }, 401],
    ['the token', bearer, 200],
    ['another host name', { ...bearer, host: 'evil.example' }, 403],
    ['another site', { ...bearer, origin: 'http://evil.example' }, 403],
  ])('%s', async (_, headers, status) => {
    const answer = await send({ host: '127.0.0.1', port, path: '/v1/health', headers })
    expect(answer.status).toBe(status)
  })
})

test('OpenAPI 3.1 is made from the routes', async () => {
  const document = (await makeOpenApi('1.2.3')) as { openapi: string; paths: Record<string, object> }
  expect(document.openapi).toBe('3.1.0')
  // Which routes there are is held by src/api/rights.test.ts.
  const elsewhere = Object.keys(document.paths).filter((path) => !path.startsWith('/v1/'))
  expect(elsewhere).toEqual(['/healthz', '/readyz'])
})
