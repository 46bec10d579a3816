// Correct and re-run, retry, and the same import again, as people type it.
import { readFile, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { RunView } from '../../src/api/runView.ts'
import { Cli } from '../support/cli.ts'

let cli: Cli

const people = `customer_id,email,city,zip
C1,ada@example.com,London,01001
C2,bob-example.com,Wien,01002
C3,cleo-example.com,Graz,01003
C4,dora-example.com,Linz,01004
C5,emil@example.com
`
const email = ['--map', 'email=@email', '--map', 'zip=zip:text']

beforeAll(async () => {
  cli = await Cli.open()
  await writeFile(cli.path('people.csv'), people)
  await cli.run('import', 'people.csv', '--yes', ...email)
})
afterAll(() => cli.close())

const view = (out: string): RunView => JSON.parse(out) as RunView
const stable = (out: string): string =>
  out
    .replace(/Started .*/, 'Started …')
    .replace(/Time .*/, 'Time …')
    .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/g, 'YYYY-MM-DD HH:MM:SS')
    .replaceAll(cli.home, '~')

describe('a corrected error file', () => {
  test('is recognised, previewed and imported with the mapping of its run (P7)', async () => {
    expect((await cli.run('run', 'errors', 'r1001', '--save', 'errors.csv')).code).toBe(0)
    const errors = await readFile(cli.path('errors.csv'), 'utf8')
    const saved = errors
      .replaceAll(/bob-|cleo-/g, (name) => name.replace('-', '@'))
      .replaceAll(/,0(\d{4}),/g, ',$1,')
      .replaceAll(',', ';')
    // The message and the raw record have commas of their own, in quotes.
    await writeFile(cli.path('saved.csv'), saved)
    const dry = await cli.run('import', 'saved.csv', '--dry-run')
    expect(dry.code).toBe(0)
    expect(dry.out.slice(0, dry.out.indexOf('■'))).toMatchSnapshot('preview')
    const { code, out } = await cli.run('import', 'saved.csv', '--yes')
    expect(code).toBe(3)
    expect(stable(out.slice(out.indexOf('! Completed')))).toMatchSnapshot('receipt')
  })

  test('parent and child name each other, and say how many are mended', async () => {
    const parent = view((await cli.run('run', 'show', 'r1001', '--json')).out).run
    const [child] = parent.children
    expect(parent).toMatchObject({ mended: { failed: 4, mended: 2, left: 2 } })
    expect(view((await cli.run('run', 'show', child!, '--json')).out).run).toMatchObject({
      trigger: 'retry',
      parent: 'r1001',
      parents: ['r1001'],
    })
    const shown = (await cli.run('run', 'show', 'r1001')).out
    expect(shown).toContain(`2 of 4 of the failed records mended by ${child}; 2 still fail.`)
    expect((await cli.run('run', 'errors', 'r1001')).out).toContain('2 of them mended since.')
    expect((await cli.run('runs')).out).toContain('people.csv (retry of r1001)')
  })

  test('the list of failed records leaves out what was retried since', async () => {
    const failed = await cli.run('records', '--run', 'r1001', '--state', 'failed')
    expect(stable(failed.out)).toMatchSnapshot()
    const all = await cli.run('records', '--run', 'r1001', '--state', 'failed', '--all-attempts')
    expect(all.out.match(/^r1001\/\d/gm)).toHaveLength(4)
    expect(all.out).toMatch(/retried in r\d+\/1 · /)
  })

  test('takes no flags that would map it otherwise', async () => {
    const { code, err } = await cli.run('import', 'saved.csv', '--yes', '--map', 'zip=-', '--mode', 'upsert')
    expect({ code, err }).toMatchSnapshot()
  })
})

describe('records retry and skip', () => {
  test('by what became of them, with another mapping', async () => {
    const mapping = ['import', 'people.csv', '--dry-run', ...email, '--on-bad-value', 'email=blank']
    await cli.run(...mapping, '--save-mapping', 'lenient.yaml')
    const choice = ['records', 'retry', '--run', 'r1001', '--state', 'failed', '--mapping', 'lenient.yaml']
    expect((await cli.run(...choice, '--dry-run')).out).toMatchSnapshot()
    const { code, out } = await cli.run(...choice, '--yes', '--json')
    expect(code).toBe(3)
    expect(JSON.parse(out)).toMatchObject({
      changed: 1,
      left: [],
      runs: [{ parent: 'r1001', records: 1, version: 2, parentVersion: 1 }],
      receipts: [{ counters: { failed: { 'read.field_count': 1 } } }],
    })
  })

  test('what cannot be done is left, and says why', async () => {
    const { code, out } = await cli.run('records', 'skip', 'r1001/1', 'r1001/2', 'r1001/99', '--yes')
    expect({ code, out }).toMatchSnapshot('skip')
    const retried = await cli.run('records', 'retry', 'r1001/2', '--yes')
    expect({ code: retried.code, out: retried.out }).toMatchSnapshot('retry')
  })

  test.each([
    ['nothing chosen', ['records', 'retry', '--yes']],
    ['names and filters', ['records', 'retry', 'r1001/1', '--run', 'r1001', '--yes']],
    ['not a record', ['records', 'retry', 'r1001', '--yes']],
    ['nobody to ask', ['records', 'retry', '--run', 'r1001']],
    ['no such run', ['records', 'skip', '--run', 'r77', '--yes']],
  ])('%s', async (_, args) => {
    const { code, err } = await cli.run(...args)
    expect({ code, err }).toMatchSnapshot()
  })
})

describe('the same content with other settings', () => {
  test('says what differs', async () => {
    const { err } = await cli.run('import', 'people.csv', '--yes', ...email, '--mode', 'update-only')
    expect(err).toContain('Same content as r1001, other settings: policy: mode upsert → update_only')
  })

  test('--resume and --anew are one or the other', async () => {
    const { code, err } = await cli.run('import', 'people.csv', '--yes', '--resume', '--anew')
    expect(code).toBe(2)
    expect(err).toContain('keep one')
  })
})
