// Workbooks, tables and archives on the command line: which part is taken, and that it comes in like any other file.
import { readFile, writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Cli } from '../support/cli.ts'
import { makeXlsx, makeZip } from '../support/containers.ts'

let cli: Cli

const row = (cells: readonly string[]): string =>
  `<row>${cells.map((cell) => `<c t="str"><v>${cell}</v></c>`).join('')}</row>`
const sheet = (month: string): string =>
  row(['customer_id', 'email', 'city']) +
  ['a', 'b', 'c'].map((one) => row([`${month}-${one}`, `${one}@${month}.example.com`, 'Wien'])).join('')
const csv = 'customer_id,email,city\nZ1,z1@example.com,Graz\nZ2,z2@example.com,Linz\n'

beforeAll(async () => {
  cli = await Cli.open()
  const one = makeXlsx({
    sheets: [
      { name: 'Only', rows: sheet('july') },
      { name: 'Blank', rows: '' },
    ],
  })
  const two = makeXlsx({
    sheets: [
      { name: 'May', rows: sheet('may') },
      { name: 'June', rows: sheet('june') },
    ],
  })
  const columnData = [
    { name: 'customer_id', data: ['P1', 'P2'] },
    { name: 'email', data: ['p1@example.com', 'p2@example.com'] },
  ]
  await writeFile(cli.path('one.xlsx'), one)
  await writeFile(cli.path('two.xlsx'), two)
  await writeFile(cli.path('people.parquet.gz'), gzipSync(new Uint8Array(parquetWriteBuffer({ columnData }))))
  await writeFile(
    cli.path('all.zip'),
    makeZip([
      { name: 'in/people.csv', content: csv },
      { name: 'in/one.xlsx', content: one },
      { name: 'readme.txt', content: 'Hello.' },
    ]),
  )
  await writeFile(cli.path('nothing.pdf'), '%PDF-1.7\n')
})
afterAll(() => cli.close())

const created = (out: string): unknown[] =>
  out
    .trim()
    .split('\n')
    .map((line) => {
      const { run, counters } = JSON.parse(line) as {
        run: { job: string }
        counters: { finished: { created: number } }
      }
      return [run.job, counters.finished.created]
    })

test('a workbook with one filled sheet is imported like a file', async () => {
  const { code, out } = await cli.run('import', 'one.xlsx', '--yes', '--json')
  expect({ code, created: created(out) }).toEqual({ code: 0, created: [['one.xlsx', 3]] })
})

test('of several sheets one must be chosen, by name or number', async () => {
  const refused = await cli.run('import', 'two.xlsx', '--yes')
  expect(refused.code).toBe(5)
  expect(refused.err).toContain('two.xlsx has several sheets with content: May, June.')
  expect(refused.err).toContain('--sheet NAME')
  const { code, out } = await cli.run(
    'import',
    'two.xlsx',
    '--sheet',
    'june',
    '--sheet',
    '1',
    '--yes',
    '--json',
  )
  expect({ code, created: created(out) }).toEqual({
    code: 0,
    created: [
      ['two.xlsx/June', 3],
      ['two.xlsx/May', 3],
    ],
  })
})

test('an archive is as many imports as it has files of data', async () => {
  const { code, out, err } = await cli.run('import', 'all.zip', '--yes', '--json')
  expect(code).toBe(0)
  expect(err).toContain('passed over readme.txt')
  expect(created(out)).toEqual([
    ['all.zip/in/people.csv', 2],
    ['all.zip/in/one.xlsx', 0],
  ])
  const again = await cli.run('import', 'all.zip', '--member', '*.csv', '--yes')
  expect(again.out).toContain('the same import was done by')
})

test('Parquet, compressed once more', async () => {
  const { code, out } = await cli.run('import', 'people.parquet.gz', '--yes', '--json')
  expect({ code, created: created(out) }).toEqual({ code: 0, created: [['people.parquet.gz', 2]] })
})

test('inspect and convert need no server, and name what is inside', async () => {
  const inspected = await cli.run('inspect', 'two.xlsx')
  expect(inspected.out).toContain('sluice import two.xlsx --sheet "May"')
  expect(inspected.out).toContain('sluice import two.xlsx --sheet "June"')
  const refused = await cli.run('convert', 'two.xlsx', '--out', 'x.csv')
  expect(refused.code).toBe(2)
  expect(refused.err.replaceAll(/\s+/g, ' ')).toContain('choose one with --sheet or --member')
  expect((await cli.run('convert', 'all.zip', '--out-dir', 'clean')).code).toBe(0)
  expect(await readFile(cli.path('clean/all-in-people.csv'), 'utf8')).toBe(csv)
  expect(await readFile(cli.path('clean/all-in-one.csv'), 'utf8')).toMatch(/^customer_id,email,city\njuly-a,/)
})

test('a line of a sheet is explained', async () => {
  const { code, out } = await cli.run('explain', 'two.xlsx', '--sheet', 'May', '--line', '2')
  expect(code).toBe(0)
  expect(out).toMatch(/^\s*Line 2 made profile/)
})

test('a file that cannot be read says what it is and what to do', async () => {
  const { code, err } = await cli.run('import', 'nothing.pdf', '--yes')
  expect(code).toBe(5)
  expect(err).toContain('The file is a PDF document, which cannot be read.')
})
