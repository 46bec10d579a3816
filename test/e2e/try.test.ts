// `sluice try` from end to end: an import that shows itself and leaves nothing, whatever happens (issue 3, point 8).
import { readdir, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { NamespaceList } from '../../src/api/namespaces.ts'
import type { RunView } from '../../src/api/runView.ts'
import { Cli, ended } from '../support/cli.ts'
import { until } from '../until.ts'

let cli: Cli

const people = `customer_id,email,city
C1,ada@example.com,London
C2,bob@example.com,Wien
C3,broken,Wien
`

beforeAll(async () => {
  cli = await Cli.open()
  await writeFile(cli.path('people.csv'), people)
})
afterAll(() => cli.close())

interface TryJson {
  readonly namespace: string
  readonly kept: boolean
  readonly runs: readonly RunView[]
  readonly profiles: readonly { readonly attributes: Record<string, unknown> }[]
  readonly errors: readonly { readonly failed: number }[]
}

async function namespaces(): Promise<string[]> {
  const { out } = await cli.run('namespace', 'list', '--json')
  return (JSON.parse(out) as NamespaceList).namespaces.map(({ name }) => name)
}

const count = async (...flags: string[]): Promise<string> =>
  (await cli.run('profiles', 'find', '--count', ...flags)).out

test('8 shows preview, receipt, profiles and problems; the exit code is that of the import; nothing is left', async () => {
  const { code, out, err } = await cli.run('try', 'people.csv')
  expect(code).toBe(3)
  for (const part of [
    '@customer_id',
    '! Completed with errors',
    'The first profiles',
    'Not an e-mail address',
  ])
    expect(out).toContain(part)
  // What could be typed about it is gone by now.
  expect(out).not.toContain('sluice run errors')
  expect(err).toMatch(/Dropped try_\w{6}: nothing of it is left\./)
  expect(await namespaces()).toEqual(['main'])
  expect(await count()).toBe('0 profiles\n')
  expect(await readdir(cli.path('home/blobs/landings')).catch(() => [])).toEqual([])
})

test('8 --json prints one object, --keep keeps it for every other command, namespace drop drops it', async () => {
  const { code, out, err } = await cli.run('try', 'people.csv', '--json', '--keep')
  expect({ code, err }).toEqual({ code: 3, err: '' })
  const tried = JSON.parse(out) as TryJson
  expect(tried).toMatchObject({ kept: true, errors: [{ failed: 1 }] })
  expect(tried.runs.map(({ run }) => run.state)).toEqual(['completed_with_errors'])
  expect(tried.profiles.map(({ attributes }) => attributes)).toEqual([{ city: 'London' }, { city: 'Wien' }])
  const { namespace } = tried
  expect(await count('--namespace', namespace)).toBe('2 profiles\n')
  expect(await count()).toBe('0 profiles\n')
  const shown = await cli.run('run', 'show', 'r1001', '--namespace', namespace)
  expect(shown.out).toContain(`sluice run errors r1001 --namespace ${namespace}`)
  expect((await cli.run('verify', 'r1001', '--namespace', namespace)).code).toBe(0)
  expect((await cli.run('namespace', 'drop', namespace)).code).toBe(0)
  expect(await namespaces()).toEqual(['main'])
})

test('8 a question stops it like an import, and still nothing is left', async () => {
  await writeFile(cli.path('dates.csv'), 'email,joined\na@example.com,03/04/2024\n')
  const { code, err } = await cli.run('try', 'dates.csv')
  expect(code).toBe(2)
  expect(err).toContain('--date-order joined=dmy or --date-order joined=mdy')
  expect(await namespaces()).toEqual(['main'])
})

test('8 what would hold an import is said, and the try goes on; the exit code says held', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => `C${i},${i % 2 === 0 ? 'broken' : `p${i}@x.io`}`)
  await writeFile(cli.path('bad.csv'), ['customer_id,email', ...rows, ''].join('\n'))
  const { code, out } = await cli.run('try', 'bad.csv', '--map', 'email=@email')
  expect(code).toBe(6)
  expect(out).toContain('An import would be held here until you release it; a try goes on.')
  expect(out).toMatch(/finished +150/)
  expect(await namespaces()).toEqual(['main'])
})

test('8 standard input, the mapping that is remembered, and no trace of the try in memory', async () => {
  expect((await cli.run('import', 'people.csv', '--yes', '--map', 'city=town:text')).code).toBe(3)
  const { code, out } = await cli.feed(
    people.replace('broken', 'cy@example.com'),
    'try',
    '-',
    '--map',
    'email=mail:text',
  )
  expect(code).toBe(0)
  expect(out).toContain('Mapping remembered from r1001 (people.csv')
  expect(out).toContain('town:text')
  const memory = await cli.run('mapping', 'list', '--json')
  expect(JSON.parse(memory.out)).toMatchObject({ remembered: [{ run: 'r1001' }] })
})

const up = '\u001B[A'
const enter = '\r'

test('8 at a terminal there is a look around, and from there the real import with the same mapping', async () => {
  await writeFile(cli.path('real.csv'), 'customer_id,email,joined\nR1,r@example.com,03/04/2024\n')
  const screen = cli.atTerminal('try', 'real.csv')
  await screen.shows('Which comes first in the dates of joined?')
  screen.press(enter)
  await screen.shows('What do you want to see?')
  screen.press(enter)
  await screen.shows('2024-04-03')
  await screen.shows('Import it for real, into main')
  const before = await count()
  // Leave is the last, the real import the one before.
  screen.press(up)
  await screen.shows('Leave (')
  screen.press(up)
  await screen.shows('● Import it for real')
  screen.press(enter)
  await screen.shows('nothing of it is left')
  expect((await screen.ended).code).toBe(0)
  expect(await count()).not.toBe(before)
  expect((await cli.run('profiles', 'find', 'r@example.com')).out).toContain('2024-04-03')
  expect(await namespaces()).toEqual(['main'])
})

test('8 Ctrl-C at the look around drops it', async () => {
  const screen = cli.atTerminal('try', 'people.csv')
  await screen.shows('What do you want to see?')
  screen.press('\u0003')
  await screen.shows('nothing of it is left')
  expect((await screen.ended).code).toBe(3)
  expect(await namespaces()).toEqual(['main'])
})

test('8 a try that is killed is found and dropped when its time is over', async () => {
  const child = cli.start('try', 'people.csv', '--keep')
  const end = ended(child)
  await until(async () => (await namespaces()).length > 1)
  child.kill('SIGKILL')
  await end
  const [, left] = await namespaces()
  const list = await cli.run('namespace', 'list', '--json')
  expect((JSON.parse(list.out) as NamespaceList).namespaces[1]?.expiresAt).not.toBeNull()
  expect((await cli.run('namespace', 'drop', left!)).code).toBe(0)
  expect(await namespaces()).toEqual(['main'])
})

test.each([
  ['several files', ['try', 'people.csv', 'dates.csv']],
  ['a namespace that stays', ['namespace', 'drop', 'main']],
  ['no such namespace', ['namespace', 'drop', 'try_nobody']],
  ['a flag that makes no sense', ['try', 'people.csv', '--dry-run']],
])('8 %s', async (_, args) => {
  const { code, err } = await cli.run(...args)
  expect(err).toMatchSnapshot()
  expect(code).toBe(2)
})
