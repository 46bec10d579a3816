// Archives: what is inside, and every way they can lie.
import { describe, expect, test } from 'vitest'
import { makeZip, memoryBytes, type ZipFileOf } from '../../../test/support/containers.ts'
import { caps } from '../../core/caps.ts'
import { SluiceError } from '../../core/problem.ts'
import { isContainer } from './kind.ts'
import { describeContainer, partContent } from './parts.ts'

async function content(file: Uint8Array, part: string): Promise<string> {
  const blocks: Uint8Array[] = []
  for await (const block of partContent(memoryBytes(file), part)) blocks.push(block)
  return Buffer.concat(blocks).toString()
}

async function bytesOf(file: Uint8Array, part: string): Promise<number> {
  let bytes = 0
  for await (const block of partContent(memoryBytes(file), part)) bytes += block.length
  return bytes
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    if (error instanceof SluiceError) return error.problem.code
    throw error
  }
  return 'no problem'
}

const names = async (files: readonly ZipFileOf[]): Promise<string[]> =>
  (await describeContainer(memoryBytes(makeZip(files)))).parts.map(({ name }) => name)

test('the files are listed without folders and what systems leave behind', async () => {
  const files = [
    'a.csv',
    'in/',
    'in/b.csv',
    '__MACOSX/a.csv',
    '__MACOSX/._a.csv',
    'in/.DS_Store',
    '._c.csv',
    'Thumbs.db',
  ]
  expect(await names(files.map((name) => ({ name, content: '' })))).toEqual(['a.csv', 'in/b.csv'])
})

test('names are texts: never a way out of a folder, never a control character, in the encoding they have', async () => {
  const files = [
    { name: '../../etc/passwd', content: '' },
    { name: '/root/x.csv', content: '' },
    { name: 'C:\\data\\y.csv', content: '' },
    { name: 'a\u001b[31m.csv', content: '' },
    { name: Buffer.from('K\x84ufer.csv', 'latin1'), content: '', flags: 0 },
  ]
  expect(await names(files)).toEqual([
    'etc/passwd',
    'root/x.csv',
    'C:/data/y.csv',
    'a?[31m.csv',
    'Käufer.csv',
  ])
})

test('a file comes out as it went in, packed or not', async () => {
  const text = 'email\na@example.com\n'.repeat(1000)
  const file = makeZip([
    { name: 'a.csv', content: text },
    { name: 'b.csv', content: text, method: 0 },
  ])
  expect([await content(file, 'a.csv'), await content(file, 'b.csv')]).toEqual([text, text])
  expect(await codeOf(content(file, 'c.csv'))).toBe('container.part_missing')
})

describe('refused', () => {
  const one = (more: Partial<ZipFileOf>): Buffer =>
    makeZip([{ name: 'a.csv', content: 'x'.repeat(1000), ...more }])
  const cases: readonly (readonly [what: string, file: () => Uint8Array, code: string])[] = [
    ['a file with a password', () => one({ flags: 1 }), 'container.encrypted'],
    ['a compression that is not known', () => one({ method: 12 }), 'container.not_supported'],
    ['a file larger than it says', () => one({ size: 10 }), 'container.damaged'],
    ['a file smaller than it says', () => one({ size: 100_000 }), 'container.damaged'],
    ['a wrong check sum', () => one({ crc: 1 }), 'container.damaged'],
    ['an archive cut off', () => one({}).subarray(0, 60), 'container.damaged'],
    [
      'a directory that claims more than there is',
      () => makeZip([{ name: 'a.csv', content: '' }], 7),
      'container.damaged',
    ],
    ['an archive without files', () => makeZip([{ name: 'in/', content: '' }]), 'container.nothing_inside'],
  ]
  test.each(cases)('%s', async (_, file, code) => {
    const bytes = file()
    const work = describeContainer(memoryBytes(bytes)).then(() => content(bytes, 'a.csv'))
    expect(await codeOf(work)).toBe(code)
  })

  test('more files than the cap, before any of them is looked at', async () => {
    const files = Array.from({ length: caps.archiveEntries + 1 }, (_, i) => ({
      name: `${i}`,
      content: '',
      method: 0,
    }))
    expect(await codeOf(describeContainer(memoryBytes(makeZip(files))))).toBe('container.too_many_entries')
  })

  test('files that share their bytes, as the densest bombs do', async () => {
    const content = Buffer.alloc(1 << 16)
    const files = [
      { name: 'a', content },
      ...Array.from({ length: 99 }, (_, i) => ({ name: `${i}`, content, sharedWith: 0 })),
    ]
    expect(await codeOf(describeContainer(memoryBytes(makeZip(files))))).toBe('container.bomb')
  })

  test('a file that unpacks to more than a thousand times its size', async () => {
    const file = makeZip([{ name: 'a.csv', content: Buffer.alloc(caps.ratioFloor * 1.2) }])
    expect(file.length).toBeLessThan(200_000)
    expect(await codeOf(bytesOf(file, 'a.csv'))).toBe('file.inflated_too_large')
  })
})

test.each([
  ['an archive', 'PK\x03\x04', true],
  ['an empty archive', 'PK\x05\x06', true],
  ['Parquet', 'PAR1\x15\x00', true],
  ['an old workbook', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1', true],
  ['a header that begins like Parquet', 'PAR1,PAR2\n', false],
  ['a header that begins like ORC', 'ORCID,name\n', false],
  ['a header that begins like an archive', 'PK,name\n', false],
  ['a file of CSV', 'email\n', false],
  ['nothing', '', false],
])('%s is told by its first bytes', (_, head, container) => {
  expect(isContainer(Buffer.from(head, 'latin1'))).toBe(container)
})

test.each([
  ['7z\xbc\xaf\x27\x1c', '7-Zip'],
  ['Rar!\x1a\x07\x00', 'RAR'],
  ['%PDF-1.7', 'PDF'],
  ['SQLite format 3\x00', 'SQLite'],
  ['BZh91AY&SY', 'bzip2'],
])('a file that begins %j is named for what it is', (head, name) => {
  expect(() => isContainer(Buffer.from(head, 'latin1'))).toThrow(name)
})
