// A resumable upload whose server is killed in the middle of a part: what was on disk is the offset, and it goes on.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { readdir } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cli } from '../support/cli.ts'
import { raw, type Raw } from '../support/raw.ts'
import { until } from '../until.ts'

let cli: Cli

beforeAll(async () => {
  cli = await Cli.open()
})
afterAll(() => cli.close())

const partBytes = 16 << 20
const place = '/v1/namespaces/main/uploads/resumable'
const socket = (): string => join(cli.home, 'home', 'api.sock')

function ask(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<Raw> {
  const all = { 'tus-resumable': '1.0.0', ...headers }
  return raw({ socketPath: socket(), method, path, headers: all }, body)
}

const patching = (offset: number): Record<string, string> => ({
  'tus-resumable': '1.0.0',
  'content-type': 'application/offset+octet-stream',
  'upload-offset': String(offset),
})

async function up(): Promise<ReturnType<Cli['start']>> {
  const server = cli.start('up')
  await until(async () => (await ask('GET', '/v1/health').catch(() => null))?.status === 200)
  return server
}

async function partsOnDisk(): Promise<number> {
  const folder = join(cli.home, 'home', 'blobs', 'landings', 'main', 'parts')
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return found.filter((entry) => entry.isFile()).length
}

test('an upload goes on after kill -9', async () => {
  const content = randomBytes(3 * partBytes)
  const first = await up()
  const made = await ask('POST', place, { 'upload-length': String(content.length) })
  const path = made.headers.location!
  const sending = request({ socketPath: socket(), method: 'PATCH', path, headers: patching(0), agent: false })
  sending.on('error', () => {})
  sending.write(content.subarray(0, 2.5 * partBytes))
  await until(async () => (await partsOnDisk()) >= 2)
  first.kill('SIGKILL')
  await once(first, 'exit')

  const second = await up()
  const { headers } = await ask('HEAD', path)
  const offset = Number(headers['upload-offset'])
  // The second part may have been on disk, and not yet noted.
  expect([partBytes, 2 * partBytes]).toContain(offset)
  const last = await ask('PATCH', path, patching(offset), content.subarray(offset))
  expect(last.status).toBe(204)
  const upload = String(last.headers['sluice-upload'])
  const { bytes } = await ask('GET', `/v1/namespaces/main/uploads/${upload}/content`)
  expect(bytes.equals(content)).toBe(true)
  expect(await partsOnDisk()).toBe(0)
  second.kill('SIGTERM')
  await once(second, 'exit')
})
