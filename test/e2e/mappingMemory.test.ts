// Mapping memory at the command line: remembered, said, asked where it contradicts, and never guessed (requirement P9).
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cli } from '../support/cli.ts'

let cli: Cli
beforeAll(async () => {
  cli = await Cli.open()
  await write('one.csv', 'customer_id,email,born,city\nC1,a@x.io,03/04/1990,Wien\n')
  const first = await cli.run(
    'import',
    'one.csv',
    '--yes',
    '--date-order',
    'born=dmy',
    '--map',
    'city=town:text',
  )
  if (first.code !== 0) throw new Error(first.err)
})
afterAll(() => cli.close())

const write = (name: string, text: string): Promise<void> => writeFile(cli.path(name), text)
/** What is printed between the table of columns and the receipt. */
const said = (out: string): string =>
  out.slice(out.indexOf('  Mapping'), out.indexOf('\n✓')).replace(/, (just now|\d+ minutes? ago)\)/, ', …)')

test('P9 the same header asks nothing again', async () => {
  await write('two.csv', 'customer_id,email,born,city\nC2,b@x.io,05/06/1991,Ulm\n')
  const { code, out } = await cli.run('import', 'two.csv', '--yes')
  expect(code).toBe(0)
  expect(out).toMatch(/born +100 % +born:date \(dateOrder dmy\)/)
  expect(out).toMatch(/city +100 % +town:text/)
  expect(said(out)).toMatchInlineSnapshot(`
    "  Mapping remembered from r1001 (one.csv, …). --no-memory proposes afresh.
    "
  `)
})

test('P9 new, gone and renamed columns are said', async () => {
  await write('three.csv', 'customer_id,E-Mail Adresse,born,tier\nC3,c@x.io,05/06/1991,gold\n')
  const { code, out } = await cli.run('import', 'three.csv', '--yes')
  expect(code).toBe(0)
  expect(said(out)).toMatchInlineSnapshot(`
    "  Mapping remembered from r1002 (two.csv, …). Different this time:
        ~  E-Mail Adresse  renamed  was email; taken as @email again
        +  tier            new      proposed as tier:text
        -  city            gone     was town:text
      --no-memory proposes afresh.
    "
  `)
})

test('P9 what contradicts the file stops --yes, naming both answers; either is taken', async () => {
  await write('four.csv', 'customer_id,email,born,city\nC4,d@x.io,12/31/1991,Graz\n')
  const { code, err } = await cli.run('import', 'four.csv', '--yes')
  expect(code).toBe(2)
  expect(err).toContain('--date-order born=dmy or --date-order born=mdy')
  expect((await cli.run('import', 'four.csv', '--yes', '--date-order', 'born=mdy')).code).toBe(0)
})

test('P9 --no-memory proposes afresh, a mapping that is named wins', async () => {
  const fresh = await cli.run('import', 'two.csv', '--dry-run', '--no-memory', '--date-order', 'born=dmy')
  expect(fresh.out).toMatch(/city +100 % +city:text/)
  expect(fresh.out).not.toContain('remembered')
  const named = await cli.run('import', 'two.csv', '--dry-run', '--mapping-from', 'r1001')
  expect(named.out).toMatch(/city +100 % +town:text/)
  expect(named.out).not.toContain('remembered')
})

test('P9 inspect says what an import would remember, and asks only what that leaves open', async () => {
  const { code, out } = await cli.run('inspect', 'two.csv')
  expect(code).toBe(0)
  expect(out).toMatch(/sluice import would use the mapping of r100\d \(\w+\.csv, (?:.* ago|just now)\)\./)
  expect(out).not.toContain('Which comes first in the dates')
})

test('P9 a mapping that was undone is not remembered', async () => {
  await write('odd.csv', 'email,one,two,three\nq@x.io,1,2,3\n')
  const { out } = await cli.run('import', 'odd.csv', '--yes', '--json')
  const { run } = JSON.parse(out) as { run: { id: string } }
  const again = (): Promise<string> => cli.run('import', 'odd.csv', '--dry-run').then((ended) => ended.out)
  expect(await again()).toContain(`Mapping remembered from ${run.id}`)
  expect((await cli.run('undo', run.id, '--yes')).code).toBe(0)
  expect(await again()).not.toContain('remembered')
})

test('BC-09 a mapping is saved from any past run and compared with another', async () => {
  expect((await cli.run('mapping', 'show', 'r1001', '--save', 'first.yaml')).code).toBe(0)
  const shown = await cli.run('mapping', 'show', 'r1001')
  const saved = await readFile(cli.path('first.yaml'), 'utf8')
  expect(shown.out.trim().endsWith(saved.trim())).toBe(true)
  expect((await cli.run('mapping', 'diff', 'first.yaml', 'r1001')).out).toContain('The two are the same.')
  const { out } = await cli.run('mapping', 'diff', 'r1001', 'r1003')
  expect(out).toMatchInlineSnapshot(`
    "r1001 → r1003

      ~ email → E-Mail Adresse (renamed)
      + tier → attribute tier (text)
      - city → attribute town (text)
    "
  `)
})

test('P9 a run of another mapping is a new version of its job, and the difference is readable', async () => {
  await write('one.csv', 'customer_id,email,born,city\nC9,z@x.io,03/04/1990,Wien\n')
  expect((await cli.run('import', 'one.csv', '--yes', '--date-order', 'born=mdy')).code).toBe(0)
  const versions = await cli.run('job', 'versions', 'one.csv')
  expect(versions.out.replace(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, '…')).toMatchInlineSnapshot(`
    "one.csv  2 versions

      version  made                 runs   what changed
            2  …  r1011  ~ born: date order dmy → mdy
            1  …  r1001  the first

      All of it: sluice job diff one.csv 1 2
      Back to version 1: sluice import FILE --mapping-from r1001
    "
  `)
  const diff = await cli.run('job', 'diff', 'one.csv', '--json')
  expect(JSON.parse(diff.out)).toMatchObject({ from: 1, to: 2 })
})

test('P9 what is remembered can be forgotten', async () => {
  const { out } = await cli.run('mapping', 'list', '--json')
  const { remembered } = JSON.parse(out) as { remembered: { run: string; columns: string[] }[] }
  const same = remembered.find(({ columns }) => columns.includes('city'))!
  expect((await cli.run('mapping', 'forget', same.run)).out).toContain('Forgotten: 1 header')
  const after = await cli.run('import', 'two.csv', '--dry-run', '--no-memory', '--date-order', 'born=dmy')
  expect(after.code).toBe(0)
})

test.each([
  ['two mappings', ['import', 'one.csv', '--yes', '--mapping', 'first.yaml', '--mapping-from', 'r1001']],
  ['not a run', ['import', 'one.csv', '--yes', '--mapping-from', 'latest']],
  ['no such run', ['mapping', 'show', 'r77']],
  ['a file that is there', ['mapping', 'show', 'r1001', '--save', 'first.yaml']],
  ['no such job', ['job', 'versions', 'nothing.csv']],
  ['not a version', ['job', 'diff', 'one.csv', 'x']],
])('P9 %s', async (_, args) => {
  const { code, err } = await cli.run(...args)
  expect(err).toMatchSnapshot()
  expect(code).toBe(2)
})
