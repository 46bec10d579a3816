// Parts of files: what a Range header asks for, and what the server answers to it.
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { raw, type Raw } from '../../test/support/raw.ts'
import type { ProblemAnswer } from './answers.ts'
import { namesTag, rangeIn } from './ranges.ts'

describe('what a Range header asks for of 1000 bytes', () => {
  test.each([
    ['bytes=0-99', { start: 0, end: 100 }],
    ['bytes=900-', { start: 900, end: 1000 }],
    ['bytes=-1', { start: 999, end: 1000 }],
    ['bytes=-5000', { start: 0, end: 1000 }],
    ['bytes=990-5000', { start: 990, end: 1000 }],
    ['Bytes= 1-1 ', { start: 1, end: 2 }],
    ['bytes=1000-', 'none'],
    ['bytes=-0', 'none'],
    ['bytes=5-4', 'whole'],
    ['bytes=-', 'whole'],
    ['bytes=0-1,5-6', 'whole'],
    ['lines=0-1', 'whole'],
    ['bytes=a-b', 'whole'],
    [undefined, 'whole'],
  ])('%s', (header, found) => expect(rangeIn(header, 1000)).toEqual(found))

  test('an empty file has no parts', () => expect(rangeIn('bytes=0-', 0)).toBe('none'))

  test('tags are compared weakly, and * is every one', () => {
    expect(namesTag('"a", W/"b"', '"b"')).toBe(true)
    expect(namesTag('"a"', 'W/"a"')).toBe(true)
    expect(namesTag('*', '"x"')).toBe(true)
    expect(namesTag('"x"', '"y"')).toBe(false)
    expect(namesTag(undefined, '"y"')).toBe(false)
  })
})

const database = testDatabase()
let api: ApiServer
let upload = ''
// Several frames of a landing, so that parts cross their borders.
const rows = Array.from({ length: 180_000 }, (_, i) => `C${i},person${i}@example.com,City ${i % 97}`)
const content = ['customer_id,email,city', ...rows].join('\n')
const errorsPath = '/v1/namespaces/main/runs/r1001/artifacts/errors'

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  await api.import(
    'customer_id,email\nC1,ada@example.com\nC2,bob@example.com\nC3,not-an-address\nC4,dora@example.com\nC5,eve@example.com\n',
  )
  upload = `/v1/namespaces/main/uploads/${(await api.upload(content)).id}/content`
})
afterAll(() => api.close())

const get = (path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Raw> =>
  raw({ socketPath: api.socket, method, path, headers })

describe.each([
  ['an artifact', () => errorsPath],
  ['the content of an upload', () => upload],
])('%s', (_, path) => {
  test('comes whole, with its length and its tag', async () => {
    const { status, headers, bytes } = await get(path())
    expect(status).toBe(200)
    expect(headers).toMatchObject({ 'accept-ranges': 'bytes', 'content-length': String(bytes.length) })
    expect(headers.etag).toMatch(/^"[\w-]+"$/)
  })

  test('comes in parts, which make the whole', async () => {
    const { bytes: whole } = await get(path())
    const cuts = [0, 1, Math.floor(whole.length / 3), whole.length - 1, whole.length]
    const parts: Buffer[] = []
    for (const [i, start] of cuts.slice(0, -1).entries()) {
      const end = cuts[i + 1]!
      const part = await get(path(), { range: `bytes=${start}-${end - 1}` })
      expect(part.status).toBe(206)
      expect(part.headers['content-range']).toBe(`bytes ${start}-${end - 1}/${whole.length}`)
      parts.push(part.bytes)
    }
    expect(Buffer.concat(parts).equals(whole)).toBe(true)
    const last = await get(path(), { range: 'bytes=-7' })
    expect(last.bytes.equals(whole.subarray(-7))).toBe(true)
  })

  test('has no part outside of it', async () => {
    const { bytes: whole } = await get(path())
    const { status, headers, text } = await get(path(), { range: `bytes=${whole.length}-` })
    expect(status).toBe(416)
    expect(headers['content-range']).toBe(`bytes */${whole.length}`)
    expect(JSON.parse(text) as ProblemAnswer).toMatchObject({ code: 'range.unsatisfiable', status: 416 })
  })

  test('If-Range: a part only of what is still the same', async () => {
    const { headers, bytes } = await get(path())
    const same = await get(path(), { range: 'bytes=0-3', 'if-range': headers.etag! })
    expect(same.status).toBe(206)
    for (const other of ['"another"', `W/${headers.etag}`, 'Sun, 01 Mar 2026 00:00:00 GMT']) {
      const whole = await get(path(), { range: 'bytes=0-3', 'if-range': other })
      expect([whole.status, whole.bytes.length]).toEqual([200, bytes.length])
    }
  })

  test('If-None-Match: nothing is sent of what the caller has', async () => {
    const { headers } = await get(path())
    const { status, bytes } = await get(path(), { 'if-none-match': headers.etag! })
    expect([status, bytes.length]).toEqual([304, 0])
  })

  test('HEAD answers its length, and no part', async () => {
    const { bytes: whole } = await get(path())
    const { status, headers, bytes } = await get(path(), { range: 'bytes=0-3' }, 'HEAD')
    expect([status, bytes.length]).toEqual([200, 0])
    expect(headers['content-length']).toBe(String(whole.length))
  })
})

test('what is made while it is sent has no parts, and says so', async () => {
  for (const path of ['processed', 'log/file']) {
    const { status, headers } = await get(`/v1/namespaces/main/runs/r1001/${path}`, { range: 'bytes=0-3' })
    expect([path, status, headers['accept-ranges']]).toEqual([path, 200, 'none'])
  }
})

test('nothing of this was our fault', () => expect(api.faults).toEqual([]))
