// The folder connector on real folders: what it takes, in which order, and what it refuses.
import { execFileSync } from 'node:child_process'
import { appendFile, mkdir, mkdtemp, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { folderSchema, type FolderSource } from '../core/setup/source.ts'
import type { SourceIo } from './contract.ts'
import { folder } from './folder.ts'

let base: string
let root: string
beforeEach(async () => {
  base = await mkdtemp('/tmp/sluice-folder-')
  root = join(base, 'root')
  await mkdir(join(root, 'in'), { recursive: true })
})
afterEach(() => rm(base, { recursive: true, force: true }))

const now = Date.UTC(2026, 2, 2)
const io = (): SourceIo => ({ root, ofOthers: async () => false, now: () => now, profiles: () => nobody() })
async function* nobody(): AsyncGenerator<Uint8Array> {}

const source = (options: Partial<FolderSource> = {}): FolderSource =>
  folderSchema.parse({ kind: 'folder', path: 'in', ...options })

async function put(name: string, hoursAgo = 1, content = 'email\na@x.io\n'): Promise<void> {
  const path = join(root, 'in', name)
  await writeFile(path, content)
  const at = new Date(now - hoursAgo * 3_600_000)
  await utimes(path, at, at)
}

async function found(options: Partial<FolderSource> = {}): Promise<string[]> {
  const { files, passedOver } = await folder.find(source(options), io())
  return [
    ...files.map(({ path }) => path.replace('in/', '')),
    ...passedOver.map(({ path, why }) => `${path.replace('in/', '')} ${why}`).sort(),
  ]
}

const code = async (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: { problem: { code: string } }) => error.problem.code,
  )

async function read(name: string, between: () => Promise<void> = async () => {}): Promise<string> {
  const { files } = await folder.find(source(), io())
  const file = files.find((one) => one.name === name)
  const opened = await folder.open(source(), file!, io())
  try {
    let text = ''
    for await (const block of opened.content()) {
      text += Buffer.from(block).toString()
      await between()
    }
    return text
  } finally {
    await opened.close()
  }
}

describe('expectation 7: which files are taken', () => {
  test('by pattern, oldest first; hidden and unfinished names never', async () => {
    await put('b.csv', 2)
    await put('a.csv', 1)
    await put('c.csv', 3)
    await put('.d.csv')
    await put('e.csv.part')
    await put('f.txt')
    expect(await found({ pattern: '*.csv' })).toEqual(['c.csv', 'b.csv', 'a.csv'])
    expect(await found()).toEqual(['c.csv', 'b.csv', 'a.csv', 'f.txt'])
  })

  test('by the date in the name where the pattern has one', async () => {
    await put('c_20260303.csv', 3)
    await put('c_20260301.csv', 1)
    await put('c_20260302.csv', 2)
    await put('c_99999999.csv', 2)
    expect(await found({ pattern: 'c_{date:YYYYMMDD}.csv' })).toEqual([
      'c_20260301.csv',
      'c_20260302.csv',
      'c_20260303.csv',
    ])
  })

  test('BC-D03 a file older than the job takes is passed over, and so is an empty one', async () => {
    await put('old.csv', 25)
    await put('new.csv', 23)
    await put('empty.csv', 1, '')
    expect(await found({ maxAgeHours: 24 })).toEqual(['new.csv', 'empty.csv empty', 'old.csv too_old'])
  })

  test('with a marker, a file is taken when its marker is there and not older', async () => {
    await put('a.csv', 2)
    await put('b.csv', 2)
    await put('c.csv', 2)
    await put('a.csv.done', 1)
    await put('c.csv.done', 26)
    expect(await found({ marker: '{name}.done' })).toEqual(['a.csv', 'b.csv no_marker', 'c.csv no_marker'])
    await put('b.ok', 1)
    expect(await found({ marker: '{stem}.ok', pattern: '?.*' })).toEqual([
      'b.csv',
      'a.csv no_marker',
      'a.csv.done no_marker',
      'c.csv no_marker',
      'c.csv.done no_marker',
    ])
    await put('_SUCCESS', 1)
    expect(await found({ marker: '_SUCCESS', pattern: '*.csv' })).toEqual(['a.csv', 'b.csv', 'c.csv'])
  })

  test('folders are not looked into, and a pipe is not waited for', async () => {
    await mkdir(join(root, 'in', 'deeper.csv'))
    execFileSync('/usr/bin/mkfifo', [join(root, 'in', 'pipe.csv')])
    expect(await found()).toEqual(['pipe.csv not_a_file'])
  })
})

describe('12 nothing outside of the root is read', () => {
  test('links that lead outside are passed over, those inside are followed', async () => {
    await writeFile(join(base, 'secret.csv'), 'x\n')
    await put('real.csv')
    await symlink(join(base, 'secret.csv'), join(root, 'in', 'out.csv'))
    await symlink('real.csv', join(root, 'in', 'link.csv'))
    expect(await found()).toEqual(['link.csv', 'real.csv', 'out.csv outside'])
  })

  test.each([['..'], ['../root2'], ['in/../..'], ['/etc'], ['in\\..'], ['in\0']])(
    'a path %j is refused when the job is saved, and when it is read',
    async (path) => {
      expect(folderSchema.safeParse({ kind: 'folder', path }).success).toBe(false)
      expect(await code(folder.find({ ...source(), path }, io()))).toBe('source.path_invalid')
    },
  )

  test('a folder that is a link out of the root is refused', async () => {
    await mkdir(join(base, 'root2'))
    await symlink(join(base, 'root2'), join(root, 'link'))
    expect(await code(folder.find(source({ path: 'link' }), io()))).toBe('source.outside')
    // root2 begins with the name of the root.
    await symlink(join(base, 'root2'), join(root, 'in', 'link2'))
    expect(await code(folder.find(source({ path: 'in/link2' }), io()))).toBe('source.outside')
  })

  test('a file that is swapped for a link after it was found is refused', async () => {
    await writeFile(join(base, 'secret.csv'), 'email\nsecret@x.io\n')
    await put('a.csv')
    const { files } = await folder.find(source(), io())
    await rm(join(root, 'in', 'a.csv'))
    await symlink(join(base, 'secret.csv'), join(root, 'in', 'a.csv'))
    expect(await code(folder.open(source(), files[0]!, io()))).toBe('source.outside')
  })

  test('a folder that is swapped for a link after a file was found is refused', async () => {
    await mkdir(join(base, 'other'))
    await writeFile(join(base, 'other', 'a.csv'), 'email\nsecret@x.io\n')
    await put('a.csv')
    const { files } = await folder.find(source(), io())
    await rename(join(root, 'in'), join(root, 'gone'))
    await symlink(join(base, 'other'), join(root, 'in'))
    expect(await code(folder.open(source(), files[0]!, io()))).toBe('source.outside')
  })
})

describe('#5 folders of other namespaces', () => {
  const mine = (): SourceIo => ({ ...io(), ofOthers: async (name) => name === 'canada' })

  test('are not read, by no way that leads there', async () => {
    await mkdir(join(root, 'canada', 'in'), { recursive: true })
    await writeFile(join(root, 'canada', 'in', 'b.csv'), 'email\nsecret@x.io\n')
    await symlink(join(root, 'canada', 'in'), join(root, 'shortcut'))
    for (const path of ['canada', 'canada/in', './canada/in', 'shortcut'])
      expect([path, await code(folder.check(source({ path }), mine()))]).toEqual([path, 'source.of_others'])
    await put('a.csv')
    const { files } = await folder.find(source(), mine())
    expect(files.map(({ name }) => name)).toEqual(['a.csv'])
    await rm(join(root, 'in', 'a.csv'))
    await symlink(join(root, 'canada', 'in', 'b.csv'), join(root, 'in', 'a.csv'))
    expect((await folder.find(source(), mine())).passedOver).toEqual([{ path: 'in/a.csv', why: 'outside' }])
    expect(await code(folder.open(source(), files[0]!, mine()))).toBe('source.of_others')
  })
})

describe('design 7: what may pass and what needs a person', () => {
  test.each([
    ['no root', { root: null }, {}, 'source.no_root'],
    ['a root that is not there', { root: '/tmp/sluice-nowhere' }, {}, 'source.root_unusable'],
    ['a folder that is not there', {}, { path: 'nowhere' }, 'source.folder_missing'],
    ['a file instead of a folder', {}, { path: 'in/a.csv' }, 'source.folder_missing'],
  ])('%s', async (_what, changes, options, expected) => {
    await put('a.csv')
    expect(await code(folder.check(source(options), { ...io(), ...changes }))).toBe(expected)
  })

  test('a file that went away is a transient problem', async () => {
    await put('a.csv')
    const { files } = await folder.find(source(), io())
    await rm(join(root, 'in', 'a.csv'))
    expect(await code(folder.open(source(), files[0]!, io()))).toBe('source.file_gone')
  })

  test('a file that grows, or is written anew, while it is read is not taken', async () => {
    await put('a.csv', 1, 'x'.repeat(600_000))
    let once = true
    const grow = async (): Promise<void> => {
      if (once) await appendFile(join(root, 'in', 'a.csv'), 'more')
      once = false
    }
    expect(await code(read('a.csv', grow))).toBe('source.changed')
    await put('a.csv', 1, 'y'.repeat(600_000))
    const touch = (): Promise<void> => utimes(join(root, 'in', 'a.csv'), 5, 5)
    expect(await code(read('a.csv', touch))).toBe('source.changed')
    expect(await read('a.csv')).toHaveLength(600_000)
  })

  test('a file that is replaced by a rename while it is read is read to its old end', async () => {
    await put('a.csv', 1, 'x'.repeat(600_000))
    await put('.b.csv', 1, 'new')
    const replace = async (): Promise<void> =>
      rename(join(root, 'in', '.b.csv'), join(root, 'in', 'a.csv')).catch(() => {})
    expect(await read('a.csv', replace)).toHaveLength(600_000)
  })
})
