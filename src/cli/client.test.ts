// The client of the command line, against a server that answers what a test says: addresses, problems, and answers of any size.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { SluiceError, type Problem } from '../core/problem.ts'
import { Client } from './client.ts'

interface Seen {
  readonly method: string
  readonly url: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

type Reply = (answer: ServerResponse, asked: IncomingMessage) => void

let folder: string
let server: Server
let client: Client
let seen: Seen[]
let reply: Reply

const json =
  (status: number, value: unknown): Reply =>
  (answer) => {
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }

async function bodyOf(asked: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of asked) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('utf8')
}

async function hear(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
  const body = await bodyOf(asked)
  seen.push({ method: asked.method!, url: asked.url!, headers: asked.headers, body })
  reply(answer, asked)
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-client-'))
  seen = []
  reply = json(200, {})
  server = createServer((asked, answer) => {
    void hear(asked, answer)
  })
  const socket = join(folder, 'api.sock')
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  client = new Client({ home: folder, socket, port: null }, 'main')
})

afterEach(async () => {
  client.close()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await rm(folder, { recursive: true, force: true })
})

async function problemOf(asking: Promise<unknown>): Promise<Problem> {
  const error = await asking.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof SluiceError) return error.problem
  throw new Error('There should have been a problem.', { cause: error })
}

const addresses: readonly (readonly [string, () => Promise<unknown>])[] = [
  ['GET /v1/namespaces/main/runs', () => client.get('/runs')],
  ['GET /v1/namespaces/main/runs?limit=5', () => client.get('/runs', { limit: 5, cursor: undefined })],
  [
    'GET /v1/namespaces/main/jobs?state=active&state=paused',
    () => client.get('/jobs', { state: ['active', 'paused'] }),
  ],
  [
    'GET /v1/namespaces/main/jobs/a%2Fb%3Fc%20%C3%A9%7Brun%7D/log?order=newest',
    () => client.get('/jobs/{job}/log', { job: 'a/b?c é{run}', order: 'newest' }),
  ],
  ['GET /v1/users?limit=1', () => client.get('/v1/users', { limit: 1 })],
  [
    'DELETE /v1/namespaces/try1?confirm=try1',
    () => client.delete('/v1/namespaces/{namespace}', { namespace: 'try1', confirm: 'try1' }),
  ],
  ['POST /v1/namespaces/main/runs/r7/stop', () => client.post('/runs/{run}/stop', { run: 'r7' })],
]

test.each(addresses)('%s', async (address, ask) => {
  await ask()
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([address])
})

test('in another namespace', async () => {
  const other = client.inside('söder')
  await other.get('/attributes')
  other.close()
  expect(seen[0]!.url).toBe('/v1/namespaces/s%C3%B6der/attributes')
})

test('a change goes with its body and the mark of what was looked at', async () => {
  await client.patch('/jobs/{job}', { job: 'customers', body: { name: 'people' }, ifMatch: '"v3"' })
  const [{ url, headers, body }] = seen as [Seen]
  expect(url).toBe('/v1/namespaces/main/jobs/customers')
  expect(headers).toMatchObject({ 'if-match': '"v3"', 'content-type': 'application/json' })
  expect(JSON.parse(body)).toEqual({ name: 'people' })
})

test('what is not said is not sent', async () => {
  await client.post('/messages/test', { body: { email: 'ada@example.com', webhook: undefined } })
  await client.post('/v1/secrets/rotate')
  await client.get('/runs')
  expect(seen.map(({ body }) => body)).toEqual(['{"email":"ada@example.com"}', '{}', ''])
})

test('a refusal is the problem of the server, with its words and details', async () => {
  reply = json(409, {
    type: 'https://example.com/run.move_illegal',
    title: 'Not possible now',
    status: 409,
    code: 'run.move_illegal',
    detail: 'r7 is completed.',
    advice: 'Look at it.',
    details: { run: 'r7' },
  })
  const problem = await problemOf(client.post('/runs/{run}/stop', { run: 'r7' }))
  expect(problem).toMatchObject({
    code: 'run.move_illegal',
    message: 'r7 is completed.',
    details: { run: 'r7' },
  })
  expect(await problemOf(client.download('/runs/{run}/processed', { run: 'r7' }))).toEqual(problem)
})

test('a server that is gone, or goes away in the middle, is unreachable', async () => {
  reply = (answer, asked) => {
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': 1_000 })
    answer.write('{"runs": [', () => asked.socket.destroy())
  }
  expect(await problemOf(client.get('/runs'))).toMatchObject({ code: 'server.unreachable' })
  const gone = new Client({ home: folder, socket: join(folder, 'none.sock'), port: null }, 'main')
  expect(await problemOf(gone.get('/runs'))).toMatchObject({ code: 'server.unreachable' })
  const file = Readable.from([Buffer.from('a\n')])
  expect(await problemOf(gone.upload('a.csv', file))).toMatchObject({ code: 'server.unreachable' })
})

test('an answer that is no JSON is unreachable too: something else answers there', async () => {
  reply = (answer) => void answer.writeHead(502, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
  expect(await problemOf(client.get('/runs'))).toMatchObject({ code: 'server.unreachable' })
})

test('a large answer arrives whole', async () => {
  const records = Array.from({ length: 200_000 }, (_, i) => ({
    id: `r1/${i}`,
    identifier: `käufer${i}@example.com`,
  }))
  reply = json(200, { records, next: null })
  const page = await client.get('/records')
  expect(page.records).toHaveLength(records.length)
  expect(page.records.at(-1)).toEqual(records.at(-1))
})

test('a file goes as it is, and an early refusal is heard before it has gone', async () => {
  const block = Buffer.alloc(1 << 20, 'a')
  reply = json(201, { id: 'u1' })
  await client.upload('ä b.csv', Readable.from([block, block]))
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/v1/namespaces/main/uploads?file_name=%C3%A4+b.csv' })
  expect(seen[0]!.body).toHaveLength(2 << 20)

  server.removeAllListeners('request')
  server.on('request', (asked: IncomingMessage, answer: ServerResponse) =>
    json(507, { code: 'storage_full', detail: 'No room.' })(answer, asked),
  )
  const endless = Readable.from(
    (function* () {
      for (;;) yield block
    })(),
  )
  expect(await problemOf(client.upload('b.csv', endless))).toMatchObject({ code: 'storage_full' })
})

/** Never called: the type check fails where one of these becomes right, or the others wrong. */
export function checked(): readonly (() => unknown)[] {
  return [
    // @ts-expect-error: there is no such path
    () => client.get('/walks'),
    // @ts-expect-error: there is, but not with this method
    () => client.post('/runs'),
    // @ts-expect-error: a name of the path is missing
    () => client.get('/runs/{run}', {}),
    // @ts-expect-error: no such name in the query
    () => client.get('/runs', { limt: 5 }),
    // @ts-expect-error: the body lacks what it must have
    () => client.post('/imports', { body: { job: 'customers' } }),
    // @ts-expect-error: which one is to go?
    () => client.delete('/v1/namespaces/{namespace}'),
    // @ts-expect-error: nothing of the kind is answered
    async () => (await client.get('/runs/{run}', { run: 'r7' })).run.colour,
    async (): Promise<string> => (await client.get('/runs/{run}', { run: 'r7' })).run.id,
  ]
}
