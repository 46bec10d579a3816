// What stands behind the ?: sorting and filtering by what is known, and a refusal that names it (issue 5).
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { Browser } from '../../test/support/browser.ts'
import type { ProblemAnswer } from './answers.ts'
import type { JobPage } from './jobs.ts'

const database = testDatabase()
let api: ApiServer

beforeAll(async () => {
  api = await ApiServer.open(database.connection, { perMinute: 5 })
  for (const job of ['beta', 'alpha']) await api.ask('POST', '/jobs', { json: { job } })
})
afterAll(() => api.close())

const refused = async (path: string): Promise<ProblemAnswer> => {
  const { status, body } = await api.ask<ProblemAnswer>('GET', path)
  expect(status).toBe(400)
  return body
}

describe('a filter or an order that is not known is refused, naming those that are', () => {
  test.each([
    ['/runs?stat=held', 'state, job', ' Perhaps you meant state.'],
    ['/jobs?sorting=name', 'state, kind, source, text, sort, order', ''],
    ['/records?runs=r1001', 'run', ' Perhaps you meant run.'],
    ['/profiles?wher=city', 'where', ' Perhaps you meant where.'],
    ['/members?role=owner', 'cursor, limit', ''],
    ['/attributes?limit=5', 'nothing', ''],
  ])('%s', async (path, known, hint) => {
    const { code, advice, detail } = await refused(path)
    expect(code).toBe('query.unknown')
    expect(advice).toContain(known)
    expect(detail.endsWith(`means nothing in this address.${hint}`)).toBe(true)
  })

  test.each([
    ['/jobs?sort=size', ['created', 'name', 'updated', 'next', 'ran']],
    ['/jobs?order=up', ['asc', 'desc']],
    ['/jobs?state=gone', ['draft', 'active']],
    ['/runs?state=gone', ['queued', 'held']],
    ['/records?state=gone', ['failed', 'finished']],
  ])('%s', async (path, known) => {
    const { code, detail } = await refused(path)
    expect(code).toBe('invalid_request')
    for (const word of known) expect(detail).toContain(word)
  })

  test('a request that makes something is refused too: a dry run that is spelled wrong would be a real one', async () => {
    const { status, body } = await api.ask<ProblemAnswer>('POST', '/bulk/csv?dry_run=true', {
      bytes: 'id\n1\n',
    })
    expect([status, body.code]).toEqual([400, 'query.unknown'])
    expect(body.detail).toContain('Perhaps you meant dryrun.')
  })

  test('who may not look is told that, and nothing of what is known', async () => {
    const stranger = new Browser(await api.listenOnTcp())
    const { status, body } = await stranger.ask('GET', '/v1/namespaces/main/runs?stat=held')
    expect([status, body.code]).toEqual([401, 'access.sign_in'])
  })
})

test('lists are sorted by what they say', async () => {
  const names = async (query: string): Promise<string[]> =>
    (await api.ask<JobPage>('GET', `/jobs?${query}`)).body.jobs.map(({ job }) => job)
  expect(await names('sort=name')).toEqual(['alpha', 'beta'])
  expect(await names('sort=name&order=desc')).toEqual(['beta', 'alpha'])
  expect(await names('sort=created&order=asc')).toEqual(['beta', 'alpha'])
})

test('every answer says how much one may still ask for, and when; who asked too much, how long to wait', async () => {
  const browser = new Browser(await api.listenOnTcp())
  const asked = []
  for (let k = 0; k < 6; k++) asked.push(await browser.ask('GET', '/v1/problems/not_found'))
  expect(asked.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429])
  for (const [k, { headers }] of asked.entries()) {
    expect(headers['ratelimit-limit']).toBe('5')
    expect(headers['ratelimit-remaining']).toBe(String(Math.max(0, 4 - k)))
    expect(Number(headers['ratelimit-reset'])).toBeGreaterThan(0)
  }
  expect(Number(asked[5]!.headers['retry-after'])).toBeGreaterThan(0)
  expect(asked[0]!.headers['retry-after']).toBeUndefined()
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
