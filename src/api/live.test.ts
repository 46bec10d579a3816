// Streams of news over real HTTP: what is told to whom, coming back after a cut, rights that end, slow readers, limits.
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, token } from '../../test/support/apiServer.ts'
import { until } from '../../test/until.ts'
import { NewsReader, type News } from '../../test/support/newsReader.ts'
import { writeLog } from '../db/log.ts'
import { createNamespace } from '../db/migrate.ts'
import type { MadeToken } from './tokens.ts'
import type { RunView } from './runView.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
const readers: NewsReader[] = []
const leave = new AbortController()
let working = Promise.resolve()

beforeAll(async () => {
  const streams = { perCaller: 3, all: 12, beatSeconds: 0.2, checkSeconds: 0.5 }
  api = await ApiServer.open(database.connection, { streams })
  port = await api.listenOnTcp()
  await api.harness.db.withClient((client) => createNamespace(client, 'canada'))
})

/** Until here, runs wait in the queue. */
function work(): void {
  working = api.harness.worker({ signal: leave.signal }).run()
}
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close()
})
afterAll(async () => {
  leave.abort()
  await working
  await api.close()
})

interface How {
  readonly key?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly idle?: boolean
  readonly namespace?: string
}

/** Over the port with a key; else over the socket. */
async function follow(path: string, { key, headers = {}, idle, namespace = 'main' }: How = {}) {
  const whole = `/v1/namespaces/${namespace}${path}`
  const place = key === undefined ? { socketPath: api.socket } : { host: '127.0.0.1', port }
  const sent = { ...headers, ...(key === undefined ? {} : { authorization: `Bearer ${key}` }) }
  const reader = await NewsReader.open({ ...place, path: whole, headers: sent }, { idle: idle === true })
  readers.push(reader)
  return reader
}

const runOf = ({ data }: News): RunView['run'] => (data as RunView).run
const about = (run: string, state?: string) => (news: News) =>
  news.name === 'run' && runOf(news).id === run && (state === undefined || runOf(news).state === state)

let files = 0
async function started(): Promise<string> {
  files++
  const answer = await api.start(`customer_id,email\n${files},p${files}@example.com\n`, {}, `f${files}.csv`)
  return answer.run
}

function over(run: string): Promise<string> {
  return api.harness.settled({ namespaceId: api.harness.namespace.id, runId: Number(run.slice(1)) })
}

/** A line that means nothing to the run itself. */
function writeLine(client: Parameters<typeof writeLog>[0], run: string): Promise<void> {
  const namespaceId = api.harness.namespace.id
  return writeLog(client, {
    namespaceId,
    run: Number(run.slice(1)),
    kind: 'purged',
    details: { what: 'A file' },
  })
}

async function makeKey(name: string): Promise<string> {
  const { body } = await api.ask<MadeToken>('POST', '/tokens', { json: { name, rights: ['view'] } })
  return body.token
}

describe('a stream of a namespace', () => {
  test('begins with its place and a pause, and is kept by nobody on the way', async () => {
    const reader = await follow('/live')
    const ready = await reader.wait(({ name }) => name === 'ready')
    expect(ready.data).toEqual({ after: ready.id })
    expect(reader.retry).toBeGreaterThanOrEqual(2_000)
    expect(reader.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache, no-store, no-transform',
      'x-accel-buffering': 'no',
    })
    expect(reader.headers['content-encoding']).toBeUndefined()
    expect(await reader.comment()).toBe('still here')
  })

  test('tells of the queue', async () => {
    const reader = await follow('/live?kinds=queue')
    const run = await started()
    const queue = await reader.wait(
      ({ name, data }) => name === 'queue' && JSON.stringify(data).includes(run),
    )
    expect(queue.data).toMatchObject({ lanes: [{ waiting: 1 }], waiting: [{ run }] })
    const second = await follow('/live?kinds=queue')
    work()
    await reader.wait(
      ({ name, data }) => name === 'queue' && reader.all.length > 2 && !JSON.stringify(data).includes(run),
    )
    await second.wait(({ name }) => name === 'queue')
    expect(new Set(reader.all.map(({ name }) => name))).toEqual(new Set(['ready', 'queue']))
  })

  test('tells of runs and their jobs', async () => {
    const reader = await follow('/live')
    await reader.wait(({ name }) => name === 'ready')
    const run = await started()
    const news = await reader.wait(about(run, 'completed'))
    expect(news.data).toEqual((await api.ask('GET', `/runs/${run}`)).body)
    const job = await reader.wait(
      ({ name, data }) => name === 'job' && (data as { lastRun: string }).lastRun === run,
    )
    expect(job.data).toMatchObject({ runs: 1 })
    expect(Number(job.id)).toBeGreaterThan(0)
  })

  test('tells only what was asked for', async () => {
    const [first, second] = [await started(), await started()]
    const one = await follow(`/live?runs=${second}&kinds=run`)
    await one.wait(about(second, 'completed'))
    const { body } = await api.ask<RunView>('GET', `/runs/${first}`)
    const job = await follow(`/live?job=${encodeURIComponent(body.run.job)}&kinds=job,run`)
    await started()
    expect((await api.ask('POST', `/undos`, { json: { runs: [first] } })).status).toBe(201)
    await job.wait(about(first, 'reverted'))
    expect(new Set(one.all.filter(({ name }) => name === 'run').map((news) => runOf(news).id))).toEqual(
      new Set([second]),
    )
    expect(
      job.all.filter(({ name }) => name === 'run').every((news) => runOf(news).job === body.run.job),
    ).toBe(true)
  })

  test('gives runs the words of a vendor', async () => {
    const run = await started()
    const reader = await follow(`/live?runs=${run}&dialect=bluecore`)
    const news = await reader.wait(about(run, 'completed'))
    expect((news.data as RunView).words).toMatchObject({ dialect: 'bluecore', vendor: 'Bluecore' })
  })

  test('does not tell of other namespaces', async () => {
    const reader = await follow('/live', { namespace: 'canada' })
    const own = await follow('/live')
    const run = await started()
    await own.wait(about(run, 'completed'))
    await reader.comment()
    expect(reader.all.map(({ name }) => name).filter((name) => name !== 'ready' && name !== 'queue')).toEqual(
      [],
    )
  })

  test.each([
    ['/live?kinds=people', 400, 'invalid_request'],
    ['/live?runs=first', 400, 'invalid_request'],
    ['/live?job=nobody', 404, 'not_found'],
    ['/runs/r9999/live', 404, 'not_found'],
  ])('%s is refused', async (path, status, code) => {
    expect(await api.ask('GET', path)).toMatchObject({ status, body: { code } })
  })
})

describe('whoever comes back', () => {
  test.each(['header', 'query'])('misses no change: by %s', async (way) => {
    const reader = await follow('/live?kinds=run')
    const run = await started()
    const { id } = await reader.wait(about(run))
    reader.close()
    await over(run)
    const missed = await started()
    await over(missed)
    const back =
      way === 'header'
        ? await follow('/live?kinds=run', { headers: { 'last-event-id': id } })
        : await follow(`/live?kinds=run&after=${id}`)
    await back.wait(about(run, 'completed'))
    expect((await back.wait(about(missed, 'completed'))).name).toBe('run')
  })

  test.each(['999999999999', 'yesterday'])(
    'with a place that is none (%s) reads everything anew',
    async (after) => {
      const reader = await follow(`/live?after=${after}`)
      expect((await reader.wait(({ name }) => name === 'reset')).data).toEqual({})
    },
  )

  test('is told of a line that was written before, and committed after the others', async () => {
    const [run, other] = [await started(), await started()]
    await Promise.all([over(run), over(other)])
    const reader = await follow('/live?kinds=run')
    await reader.wait(({ name }) => name === 'ready')
    const { pool } = api.harness.db
    const { id } = await api.harness.db.transaction(async (client) => {
      await writeLine(client, run)
      await writeLine(pool, other)
      return reader.wait(about(other))
    })
    reader.close()
    const back = await follow(`/live?kinds=run&after=${id}`)
    expect(runOf(await back.wait(about(run))).id).toBe(run)
  })
})

describe('a stream of one run', () => {
  test('tells it at once, and ends with it', async () => {
    const run = await started()
    const reader = await follow(`/runs/${run}/live`)
    await reader.wait(about(run, 'completed'))
    await reader.wait(({ name }) => name === 'end')
    await reader.end()
    expect(reader.whole).toBe(true)
    // A line of its log that was still on its way is told once more; then there is nothing left to tell.
    const again = await until(async () => {
      const back = await follow(`/runs/${run}/live`, { headers: { 'last-event-id': reader.lastId } })
      return back.status === 204 && back
    })
    expect(again.status).toBe(204)
    const later = await follow(`/runs/${run}/live`)
    await later.wait(({ name }) => name === 'end')
  })
})

describe('rights', () => {
  test('are those of a viewer', async () => {
    const reader = await follow('/live', { key: 'sluice_nobody' })
    expect(reader.status).toBe(401)
    const { body } = await api.ask<MadeToken>('POST', '/tokens', {
      json: { name: 'blind', rights: ['import'] },
    })
    expect((await follow('/live', { key: body.token })).status).toBe(403)
  })

  test('that are taken away end the stream', async () => {
    const key = await makeKey('leaver')
    const reader = await follow('/live', { key })
    await reader.wait(({ name }) => name === 'ready')
    expect((await api.ask('DELETE', '/tokens/leaver')).status).toBe(200)
    const news = await reader.wait(({ name }) => name === 'problem')
    expect(news.data).toMatchObject({ status: 401, code: 'access.sign_in' })
    await reader.end()
    expect((await follow('/live', { key })).status).toBe(401)
  })

  test('that end by themselves end it too', async () => {
    const key = await makeKey('expiring')
    const reader = await follow('/live', { key })
    await reader.wait(({ name }) => name === 'ready')
    await api.harness.db.pool.query(
      `update sluice.token set expires_at = '2020-01-01' where name = 'expiring'`,
    )
    expect((await reader.wait(({ name }) => name === 'problem')).data).toMatchObject({ status: 401 })
    await reader.end()
  })

  test('of a namespace that is gone end it', async () => {
    const { body: made } = await api.ask<{ name: string }>('POST', '/v1/namespaces', { json: {} })
    const reader = await follow('/live', { namespace: made.name })
    await reader.wait(({ name }) => name === 'ready')
    expect((await api.ask('DELETE', `/v1/namespaces/${made.name}`)).status).toBe(200)
    expect((await reader.wait(({ name }) => name === 'problem')).data).toMatchObject({ code: 'not_found' })
  })
})

describe('limits', () => {
  test('one caller has so many streams, and all together so many', async () => {
    const key = await makeKey('greedy')
    for (let k = 0; k < 3; k++) expect((await follow('/live', { key })).status).toBe(200)
    const other = await follow('/live', { key: token })
    expect(other.status).toBe(200)
    expect((await follow('/live', { key })).status).toBe(429)
    while (readers.filter(({ status }) => status === 200).length < 12) await follow('/live')
    expect(await api.ask('GET', '/live')).toMatchObject({ status: 429, body: { code: 'streams.too_many' } })
    other.close()
    await until(async () => (await follow('/live', { key: token })).status === 200)
  })
})

test('nothing went wrong that was our fault', () => {
  expect(api.faults).toEqual([])
})
