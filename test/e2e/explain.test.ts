// `sluice explain` and the history of a profile as a person types and reads them.
import { writeFile } from 'node:fs/promises'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explanationSchema } from '../../src/api/explanationView.ts'
import { historySchema } from '../../src/api/history.ts'
import { Cli } from '../support/cli.ts'

let cli: Cli

const people = `customer_id,email,first_name,city
C1,ada@example.com,Ada,Wien
C2,bob@example.com,Bob,"Graz
am See"
C3,broken,Cleo,Wien
`
const later = 'customer_id,email,city\nC1,ada@example.com,Paris\nC4,\u001b[31mred\u0007@example.com,Rom\n'

beforeAll(async () => {
  cli = await Cli.open()
  await writeFile(cli.path('people.csv'), people)
  await writeFile(cli.path('people.csv.gz'), gzipSync(people))
  await writeFile(cli.path('later.csv'), later)
  await writeFile(cli.path('new.csv'), 'email,city\nada@example.com,Linz\nnoel@example.com,Ulm\n')
  await cli.run('import', 'people.csv', '--yes')
  await cli.run('import', 'later.csv', '--yes', '--on-bad-value', 'email=blank')
})
afterAll(() => cli.close())

function stable(text: string): string {
  return text.replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}(?::\d{2})?/g, 'YYYY-MM-DD HH:MM')
}

describe('explain (rank 4: "exactly why not")', () => {
  test.each([
    ['a line that failed', ['explain', 'people.csv', '--line', '5']],
    ['a line that was replaced later', ['explain', 'people.csv', '--line', '2']],
    ['a record that updated somebody', ['explain', 'r1002/1']],
    ['control characters of a customer are shown, not obeyed', ['explain', 'r1002/2']],
    ['the second line of a record, from the packed file', ['explain', 'people.csv.gz', '--line', '4']],
    ['the header', ['explain', 'people.csv', '--line', '1']],
    ['after the end', ['explain', 'people.csv', '--line', '99']],
    ['a file that was never imported', ['explain', 'new.csv', '--line', '2']],
    ['the same with other settings', ['explain', 'new.csv', '--record', '2', '--mode', 'update-only']],
    ['a line of a run, without the file', ['explain', 'r1001', '--line', '4']],
    ['the records about a person', ['explain', '--identifier', 'ada@example.com']],
    ['a problem code', ['explain', 'identifier.none']],
  ])('%s', async (_, args) => {
    const { code, out, err } = await cli.run(...args)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    // oxlint-disable-next-line no-control-regex -- nothing of a file may steer the terminal
    expect(out).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f]/)
    expect(stable(out)).toMatchSnapshot()
  })

  test('standard input is recognised by its content', async () => {
    const { code, out } = await cli.feed(people, 'explain', '-', '--line', '2')
    expect(code).toBe(0)
    expect(out).toMatch(/^Line 2 made profile 1\./)
  })

  test('--json prints exactly the documented object', async () => {
    for (const args of [['r1001/3'], ['people.csv', '--line', '1'], ['new.csv', '--line', '3']]) {
      const { out } = await cli.run('explain', ...args, '--json')
      expect(explanationSchema.strict().safeParse(JSON.parse(out)).error).toBeUndefined()
    }
  })
})

describe('explain, typed wrongly', () => {
  test.each([
    ['nothing to explain', ['explain']],
    ['a file without a line', ['explain', 'people.csv']],
    ['a line that is no number', ['explain', 'people.csv', '--line', 'two']],
    ['no such file', ['explain', 'peopel.csv', '--line', '2']],
    ['no such record', ['explain', 'r1001/99']],
    ['no such run', ['explain', 'r7/1']],
    ['no such record of a file', ['explain', 'new.csv', '--record', '9']],
    ['neither', ['explain', 'something']],
    ['nobody', ['explain', '--identifier', 'nobody@nowhere.at']],
  ])('%s says what to type next', async (_, args) => {
    const { code, err } = await cli.run(...args)
    expect(err).toMatchSnapshot()
    expect(code).toBe(2)
  })
})

describe('profiles show --history (rank 4: "where did this value come from?")', () => {
  test('every value with its record, file and line', async () => {
    const { code, out } = await cli.run('profiles', 'show', '1', '--history')
    expect(code).toBe(0)
    expect(stable(out)).toMatchSnapshot()
  })

  test('one attribute, and as JSON', async () => {
    const { out } = await cli.run('profiles', 'show', '1', '--attribute', 'city', '--json')
    const view = historySchema.strict().parse(JSON.parse(out))
    expect(view.moments.map(({ value, by }) => [value, by.record, by.file, by.line])).toEqual([
      ['Paris', 'r1002/1', 'later.csv', 2],
      ['Wien', 'r1001/1', 'people.csv', 2],
    ])
  })

  test('an attribute there is not', async () => {
    expect(await cli.run('profiles', 'show', '1', '--attribute', 'ctiy')).toMatchObject({ code: 2 })
  })
})
