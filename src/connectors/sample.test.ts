// BS-D11: the first records of the real source, without a run.
import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { makeZip } from '../../test/support/containers.ts'
import { sourceSchema } from '../core/setup/source.ts'
import { sampleSource, type SourceSample } from './sample.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp('/tmp/sluice-sample-')
  await mkdir(join(root, 'in'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

async function put(name: string, content: string | Buffer, minute: number): Promise<void> {
  const path = join(root, 'in', name)
  await writeFile(path, content)
  await utimes(path, minute * 60, minute * 60)
}

const rows = (n: number): string =>
  `customer_id;email;city\n${Array.from({ length: n }, (_, i) => `${i};p${i}@x.io;Köln\n`).join('')}`

async function* nobody(): AsyncGenerator<Uint8Array> {}

function sample(options: object = {}): Promise<SourceSample> {
  const source = sourceSchema.parse({ kind: 'folder', path: 'in', ...options })
  return sampleSource(source, { root, ofOthers: async () => false, now: () => 0, profiles: nobody })
}

const code = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: { problem: { code: string } }) => error.problem.code,
  )

test('BS-D11 ten records of the newest file, with how it is read and mapped', async () => {
  await put('old.csv', 'other\n1\n', 1)
  await put('new.csv.gz', gzipSync(Buffer.from(rows(50_000), 'latin1')), 2)
  const { file, part, report, records } = await sample()
  expect(file.name).toBe('new.csv.gz')
  expect(part).toBeNull()
  expect(records).toHaveLength(10)
  expect(records[0]!.cells).toEqual(['0', 'p0@x.io', 'Köln'])
  expect(report.dialect).toMatchObject({ delimiter: ';', encoding: 'windows-1252' })
  expect(report.columns.map(({ column }) => column)).toEqual(['customer_id', 'email', 'city'])
})

test('BS-D11 of an archive, the file the job names', async () => {
  const files = [
    { name: 'a.csv', content: rows(3) },
    { name: 'b.csv', content: rows(4) },
  ]
  await put('both.zip', makeZip(files), 1)
  expect(await code(sample())).toBe('source.several_sheets')
  expect(await code(sample({ part: 'c.csv' }))).toBe('container.part_missing')
  const { part, records } = await sample({ part: 'B.csv' })
  expect(part?.name).toBe('b.csv')
  expect(records).toHaveLength(4)
})

test.each([
  ['nothing there', {}, 'source.no_file'],
  ['another pattern', { pattern: '*.json' }, 'source.no_file'],
  ['no such folder', { path: 'nowhere' }, 'source.folder_missing'],
])('BC-09 what keeps a sample from being read: %s', async (_what, options, expected) => {
  expect(await code(sample(options))).toBe(expected)
})

test('BC-09 a file that is none of ours is said to be that', async () => {
  await put('a.csv', Buffer.from('%PDF-1.4 something'), 1)
  expect(await code(sample())).toBe('container.not_supported')
})
