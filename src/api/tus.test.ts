// Resumable uploads: the protocol of tus 1.0 step by step, and a client of others on a bad line.
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { request } from 'node:http'
import { gzipSync } from 'node:zlib'
import { Upload } from 'tus-js-client'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer, token } from '../../test/support/apiServer.ts'
import { FlakyProxy } from '../../test/support/flakyProxy.ts'
import { raw, type Raw } from '../../test/support/raw.ts'
import { until } from '../../test/until.ts'
import { leftovers } from '../engine/chores/leftovers.ts'
import type { ImportAnswer } from './imports.ts'
import type { Inspection } from './inspect.ts'
import type { ResumableUpload } from './tus.ts'

const database = testDatabase()
let api: ApiServer
let port = 0

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  port = await api.listenOnTcp()
})
afterAll(() => api.close())

const place = '/v1/namespaces/main/uploads/resumable'
const partType = 'application/offset+octet-stream'
const people = 'customer_id,email\nC1,ada@example.com\nC2,bob@example.com\n'

function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string | number>> = {},
  body?: string | Buffer,
): Promise<Raw> {
  const all = { 'tus-resumable': '1.0.0', ...headers }
  return raw({ socketPath: api.socket, method, path, headers: all }, body)
}

async function begin(bytes: number, headers: Readonly<Record<string, string>> = {}): Promise<string> {
  const made = await ask('POST', place, { 'upload-length': bytes, ...headers })
  expect(made.status).toBe(201)
  return made.headers.location!
}

const patch = (path: string, offset: number, body: string | Buffer, more = {}): Promise<Raw> =>
  ask('PATCH', path, { 'upload-offset': offset, 'content-type': partType, ...more }, body)

async function offsetOf(path: string): Promise<number> {
  return Number((await ask('HEAD', path)).headers['upload-offset'])
}

async function stateOf(path: string): Promise<ResumableUpload> {
  return (await api.ask<ResumableUpload>('GET', path)).body
}

const codeOf = ({ text }: Raw): unknown => (JSON.parse(text) as { code?: string }).code

async function contentOf(upload: string): Promise<Buffer> {
  const path = `/v1/namespaces/main/uploads/${upload}/content`
  return (await raw({ socketPath: api.socket, method: 'GET', path })).bytes
}

async function blobs(): Promise<string[]> {
  const found: string[] = []
  for await (const key of api.harness.store.list('landings/main/parts')) found.push(key)
  return found
}

describe('a file in parts', () => {
  test('is begun, appended to, and becomes an upload that can be imported', async () => {
    const path = await begin(people.length, {
      'upload-metadata': `filename ${Buffer.from('C:\\lists\\people.csv').toString('base64')},private`,
    })
    expect(await offsetOf(path)).toBe(0)
    const first = await patch(path, 0, people.slice(0, 20))
    expect(first.status).toBe(204)
    expect(first.headers).toMatchObject({ 'upload-offset': '20', 'tus-resumable': '1.0.0' })
    expect(Date.parse(String(first.headers['upload-expires']))).toBeGreaterThan(0)
    expect(await stateOf(path)).toMatchObject({ fileName: 'people.csv', offset: 20, upload: null })
    const head = await ask('HEAD', path)
    expect(head.headers).toMatchObject({
      'upload-offset': '20',
      'upload-length': String(people.length),
      'cache-control': 'no-store',
      'upload-metadata': expect.stringContaining('filename ') as string,
    })
    const last = await patch(path, 20, people.slice(20))
    expect([last.status, last.headers['upload-offset']]).toEqual([204, String(people.length)])
    const upload = String(last.headers['sluice-upload'])
    expect((await contentOf(upload)).toString()).toBe(people)
    expect(await stateOf(path)).toMatchObject({
      upload: { id: upload, fileName: 'people.csv', compression: 'none' },
    })
    expect(await blobs()).toEqual([])

    const { body: seen } = await api.ask<Inspection>('POST', `/uploads/${upload}/inspect`, { json: {} })
    const columns = seen.columns.map(({ column }) => column)
    const definition = { dialect: seen.dialect, columns, mapping: seen.mapping }
    const { body } = await api.ask<ImportAnswer>('POST', '/imports', {
      json: { upload, job: 'people.csv', definition },
    })
    expect((await api.settled(body.run)).counters.finished.created).toBe(2)
  })

  test('may bring its first bytes, or all of them, at once', async () => {
    const made = await ask(
      'POST',
      place,
      { 'upload-length': people.length, 'content-type': partType, 'content-length': 20 },
      people.slice(0, 20),
    )
    expect([made.status, made.headers['upload-offset']]).toEqual([201, '20'])
    const packed = gzipSync(people)
    const whole = await ask(
      'POST',
      place,
      { 'upload-length': packed.length, 'content-type': partType, 'content-length': packed.length },
      packed,
    )
    expect(whole.status).toBe(201)
    expect((await contentOf(String(whole.headers['sluice-upload']))).toString()).toBe(people)
    expect((await stateOf(whole.headers.location!)).upload).toMatchObject({ compression: 'gzip' })
  })

  test('keeps what came before the line broke, and goes on from there', async () => {
    const content = randomBytes(3_000_000)
    const path = await begin(content.length)
    const options = {
      socketPath: api.socket,
      method: 'PATCH',
      path,
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': partType,
        'content-length': String(content.length),
      },
    }
    const asking = request({ ...options, agent: false })
    asking.on('error', () => {})
    await new Promise<void>((resolve) => asking.write(content.subarray(0, 1_000_000), () => resolve()))
    // The line hangs and nobody has noticed: who asks for the offset takes the upload over.
    const offset = await until(async () => (await offsetOf(path)) || false)
    expect((await patch(path, offset, content.subarray(offset))).status).toBe(204)
    asking.destroy()
    const { upload } = await stateOf(path)
    expect((await contentOf(upload!.id)).equals(content)).toBe(true)
  })

  test('that is empty is complete at once', async () => {
    const made = await ask('POST', place, { 'upload-length': 0 })
    expect([made.status, made.text]).toEqual([201, ''])
    expect((await contentOf(String(made.headers['sluice-upload']))).length).toBe(0)
  })

  test('with a checksum is kept whole or not at all', async () => {
    const path = await begin(people.length)
    const of = (text: string): string => `sha1 ${createHash('sha1').update(text).digest('base64')}`
    const wrong = await patch(path, 0, people.slice(0, 9), { 'upload-checksum': of('something else') })
    expect([wrong.status, codeOf(wrong)]).toEqual([460, 'resumable.checksum'])
    expect(await offsetOf(path)).toBe(0)
    const part = people.slice(0, 9)
    expect((await patch(path, 0, part, { 'upload-checksum': of(part) })).status).toBe(204)
    expect(await offsetOf(path)).toBe(9)
    const odd = await patch(path, 9, people.slice(9), { 'upload-checksum': 'crc32 AAAA' })
    expect([odd.status, codeOf(odd)]).toEqual([400, 'resumable.header'])
  })

  test('sent by two at once has every byte once', async () => {
    const content = randomBytes(500_000)
    const path = await begin(content.length)
    const both = await Promise.all([patch(path, 0, content), patch(path, 0, content)])
    for (const { status } of both) expect([204, 409]).toContain(status)
    const offset = await offsetOf(path)
    if (offset < content.length) await patch(path, offset, content.subarray(offset))
    const { upload } = await stateOf(path)
    expect((await contentOf(upload!.id)).equals(content)).toBe(true)
  })

  test('can be given up', async () => {
    const path = await begin(people.length)
    await patch(path, 0, people.slice(0, 9))
    expect((await ask('DELETE', path)).status).toBe(204)
    expect((await ask('HEAD', path)).status).toBe(404)
    expect((await blobs()).filter((key) => key.includes(path.split('/').pop()!))).toEqual([])
  })

  test('that cannot be unpacked is refused and removed', async () => {
    const cut = gzipSync(people).subarray(0, 40)
    const path = await begin(cut.length)
    const last = await patch(path, 0, cut)
    expect([last.status, codeOf(last)]).toEqual([422, 'file.compression_damaged'])
    expect((await ask('HEAD', path)).status).toBe(404)
  })
})

describe('what does not fit is refused', () => {
  test('by OPTIONS a client learns what there is', async () => {
    const { status, headers } = await ask('OPTIONS', place)
    expect(status).toBe(204)
    expect(headers).toMatchObject({
      'tus-resumable': '1.0.0',
      'tus-version': '1.0.0',
      'tus-extension': 'creation,creation-with-upload,termination,expiration,checksum',
      'tus-checksum-algorithm': 'sha1,sha256,md5',
    })
    expect(Number(headers['tus-max-size'])).toBeGreaterThan(1e9)
  })

  test.each([
    ['another version', 'POST', { 'tus-resumable': '0.2.2', 'upload-length': 5 }, 412, 'resumable.version'],
    ['no length', 'POST', {}, 400, 'resumable.header'],
    ['a length that comes later', 'POST', { 'upload-defer-length': 1 }, 400, 'resumable.header'],
    ['a negative length', 'POST', { 'upload-length': -1 }, 400, 'resumable.header'],
    ['too much', 'POST', { 'upload-length': 999_999_999_999 }, 413, 'resumable.too_large'],
    ['odd metadata', 'POST', { 'upload-length': 1, 'upload-metadata': 'a b c' }, 400, 'resumable.header'],
  ])('%s', async (_, method, headers, status, code) => {
    const answer = await ask(method, place, headers)
    expect([answer.status, codeOf(answer)]).toEqual([status, code])
    expect(answer.headers['tus-resumable']).toBe('1.0.0')
  })

  test('a part at another place, of another type, too long, or of nothing', async () => {
    const path = await begin(10)
    const cases: [Raw, number, string][] = [
      [await patch(path, 5, 'x'), 409, 'resumable.offset'],
      [await patch(path, 0, 'x', { 'content-type': 'text/plain' }), 415, 'resumable.type'],
      [await patch(path, 0, 'x'.repeat(11)), 400, 'resumable.header'],
      [await patch(`${place}/${randomUUID()}`, 0, 'x'), 404, 'not_found'],
      [await ask('PATCH', path, { 'content-type': partType }, 'x'), 400, 'resumable.header'],
      [await patch(path, 0, 'x', { 'tus-resumable': '2.0.0' }), 412, 'resumable.version'],
    ]
    for (const [answer, status, code] of cases)
      expect([answer.status, codeOf(answer)]).toEqual([status, code])
    expect(cases[5]![0].headers['tus-version']).toBe('1.0.0')
    expect(await offsetOf(path)).toBe(0)
  })
})

test('what is not finished in a day is gone, and removed by the chore', async () => {
  const path = await begin(people.length)
  await patch(path, 0, people.slice(0, 9))
  const id = path.split('/').pop()!
  const { db, store } = api.harness
  await db.pool.query(`update sluice.resumable set moved_at = now() - interval '25 hours' where id = $1`, [
    id,
  ])
  expect((await ask('HEAD', path)).status).toBe(410)
  await leftovers.run({ db, store })
  expect((await ask('HEAD', path)).status).toBe(404)
  expect((await blobs()).filter((key) => key.includes(id))).toEqual([])
})

test('a client of tus brings a file over a line that breaks again and again', async () => {
  const content = randomBytes(6_000_000)
  const proxy = await FlakyProxy.open(port, [1_500_000, 2_000_000, 700_000])
  try {
    const found = await new Promise<string>((resolve, reject) => {
      const upload = new Upload(content, {
        endpoint: `http://127.0.0.1:${proxy.port}${place}`,
        headers: { authorization: `Bearer ${token}` },
        metadata: { filename: 'large.bin' },
        retryDelays: [0, 0, 0, 0, 0, 0],
        onError: reject,
        onSuccess: ({ lastResponse }) => resolve(lastResponse.getHeader('sluice-upload')!),
      })
      upload.start()
    })
    expect(proxy.cuts).toEqual([])
    expect((await contentOf(found)).equals(content)).toBe(true)
  } finally {
    await proxy.close()
  }
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
