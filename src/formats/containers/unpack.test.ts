// Unpacking in a thread: the same content and problems as without, and an end whenever nobody listens any more.
import { readdir, readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { makeXlsx, makeZip, memoryBytes } from '../../../test/support/containers.ts'
import type { RandomBytes } from './bytes.ts'
import { lookInside, unpackPart } from './unpack.ts'

const rows = Array.from(
  { length: 30_000 },
  (_, i) => `<row><c><v>${i}</v></c><c t="str"><v>Ä${i}</v></c></row>`,
)
const workbook = makeXlsx({ sheets: [{ name: 'S', rows: rows.join('') }] })

test('what is inside, and a part byte for byte', async () => {
  const { kind, parts } = await lookInside(memoryBytes(workbook))
  expect({ kind, names: parts.map(({ name }) => name) }).toEqual({ kind: 'xlsx', names: ['S'] })
  let text = ''
  for await (const block of unpackPart(memoryBytes(workbook), 'S')) text += Buffer.from(block).toString()
  expect(text).toBe(rows.map((_, i) => `["${i}","Ä${i}"]\n`).join(''))
})

test('a problem arrives as what it is', async () => {
  await expect(lookInside(memoryBytes(makeZip([])))).rejects.toMatchObject({
    problem: { code: 'container.nothing_inside' },
  })
  await expect(unpackPart(memoryBytes(workbook), 'T').next()).rejects.toMatchObject({
    problem: { code: 'container.part_missing' },
  })
})

test('bytes that cannot be read are told by who reads them', async () => {
  const gone: RandomBytes = { size: 100, read: () => Promise.reject(new Error('the disk is gone')) }
  await expect(lookInside(gone)).rejects.toThrow('the disk is gone')
})

test('who stops early ends the thread, and who stops by a signal as well', async () => {
  for await (const block of unpackPart(memoryBytes(workbook), 'S')) {
    expect(block.length).toBeGreaterThan(0)
    break
  }
  const stop = new AbortController()
  const blocks = unpackPart(memoryBytes(workbook), 'S', stop.signal)
  await blocks.next()
  stop.abort(new Error('enough'))
  const rest = (async () => {
    for await (const block of blocks) void block
  })()
  await expect(rest).rejects.toThrow('enough')
})

test('the libraries are loaded by who opens such a file, and by nobody else', async () => {
  const files = await readdir(new URL('../../', import.meta.url), { recursive: true })
  const eager: string[] = []
  for (const file of files.filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
    const text = await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')
    if (/^import (?!type )[^\n]* from '(yauzl|hyparquet)/m.test(text)) eager.push(file)
  }
  expect(eager).toEqual([])
})
