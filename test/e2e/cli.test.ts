// The command line from end to end: a server started on demand, real files, exit codes, and the texts people read.
import { once } from 'node:events'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runViewSchema } from '../../src/api/runView.ts'
import { Cli, ended } from '../support/cli.ts'

let cli: Cli

const people = `customer_id,email,first_name,city
C1,ada@example.com,Ada,London
C2,bob@example.com,Bob,Wien
C3,broken,Cleo,Wien
`
const clean = people.replace('broken', 'cleo@example.com')

beforeAll(async () => {
  cli = await Cli.open()
  await writeFile(cli.path('people.csv'), people)
  await writeFile(cli.path('clean.csv'), clean)
  await writeFile(cli.path('dates.csv'), 'email,joined\na@example.com,03/04/2024\nb@example.com,05/06/2024\n')
})
afterAll(() => cli.close())

const json = (text: string): { run: { id: string; state: string }; counters: Record<string, unknown> } =>
  JSON.parse(text) as never

describe('import', () => {
  test('--yes --json prints exactly the documented object', async () => {
    const { code, out, err } = await cli.run('import', 'clean.csv', '--yes', '--json')
    expect({ code, err }).toEqual({ code: 0, err: '' })
    expect(runViewSchema.strict().safeParse(JSON.parse(out)).error).toBeUndefined()
    expect(json(out)).toMatchObject({
      run: { id: 'r1001', state: 'completed' },
      counters: { total: 3, read: 3, left: 0, finished: { total: 3, created: 3 } },
    })
  })

  test('the same again is skipped, and says why', async () => {
    const { code, out } = await cli.run('import', 'clean.csv', '--yes')
    expect(code).toBe(0)
    expect(out).toContain('the same import was done by r1001; --again does it once more')
  })

  test('with rejects ends with 3, and the receipt adds up', async () => {
    const { code, out } = await cli.run('import', 'people.csv', '--yes')
    expect(code).toBe(3)
    const receipt = out
      .slice(out.indexOf('! Completed'))
      .replace(/Started .*/, 'Started …')
      .replace(/Time .*/, 'Time …')
      .replaceAll(cli.home, '~')
    expect(receipt).toMatchInlineSnapshot(`
      "! Completed with errors  people.csv  r1003
        File     people.csv (112 bytes)
        Started …

        finished                   2
          unchanged                2
        skipped                    0
        failed                     1
          not an e-mail address    1
                                 ───
        records                    3

        Time …

        Error file       ~/home/blobs/runs/1/1003/errors.csv
        See the errors   sluice run errors r1003
        See the records  sluice records --run r1003
      "
    `)
    const { path } = JSON.parse((await cli.run('run', 'show', 'r1003', '--json')).out).artifacts.errors as {
      path: string
    }
    expect(await readFile(path, 'utf8')).toContain('C3,broken,Cleo,Wien')
  })

  test('--dry-run writes nothing', async () => {
    await writeFile(cli.path('new.csv'), 'customer_id,city\nC1,Paris\nC9,Rome\n')
    const { code, out } = await cli.run('import', 'new.csv', '--dry-run')
    expect(code).toBe(0)
    expect(out.slice(out.indexOf('■'))).toMatchInlineSnapshot(`
      "■ Dry run: nothing was written  new.csv  r1004

        would be created  1
        would be updated  1
        records           2

        First differences:

        who  attribute  now        then
        C1   city       London  →  Paris

        To do it: the same command without --dry-run
      "
    `)
    expect((await cli.run('profiles', 'find', '--count')).out).toBe('3 profiles\n')
  })

  test('takes standard input, several files, patterns and a mapping file', async () => {
    const { code, out } = await cli.feed(
      clean,
      'import',
      '-',
      '--yes',
      '--job',
      'from a pipe',
      '--save-mapping',
      'mapping.yaml',
    )
    expect(code).toBe(0)
    expect(out).toContain('from a pipe')
    await writeFile(cli.path('part-1.csv'), 'customer_id,email,first_name,city\nP1,p1@example.com,Pia,Ulm\n')
    await writeFile(cli.path('part-2.csv'), 'customer_id,email,first_name,city\nP2,p2@example.com,Pit,Ulm\n')
    const parts = await cli.run('import', 'part-*.csv', '--yes', '--mapping', 'mapping.yaml', '--json')
    expect(
      parts.out
        .trim()
        .split('\n')
        .map((line) => json(line).run.state),
    ).toEqual(['completed', 'completed'])
  })
})

describe('every failure says what to type next', () => {
  test.each([
    ['a question that --yes cannot answer', ['import', 'dates.csv', '--yes']],
    ['nobody to ask', ['import', 'clean.csv']],
    ['no such file', ['import', 'nothing.csv', '--yes']],
    ['a folder', ['import', '.', '--yes']],
    ['an unknown flag', ['import', 'clean.csv', '--yse']],
    ['an unknown command', ['improt', 'clean.csv']],
    ['a missing argument', ['run', 'show']],
    ['a wrong choice', ['import', 'clean.csv', '--mode', 'replace']],
    ['a wrong dialect flag', ['import', 'clean.csv', '--yes', '--header-lines', 'two']],
    ['a wrong mapping flag', ['import', 'clean.csv', '--yes', '--map', 'emial=@email']],
    ['no such run', ['run', 'show', 'r77']],
    ['not a run', ['run', 'show', 'latest']],
    ['a move that is not possible', ['run', 'stop', 'r1001']],
    ['no such profile', ['profiles', 'show', '99']],
    ['no such attribute', ['profiles', 'find', '--where', 'ctiy=Wien']],
    ['no such problem', ['explain', 'email.invald']],
    ['several outputs', ['convert', 'clean.csv', 'people.csv']],
    ['no such namespace', ['runs', '--namespace', 'nowhere']],
  ])('%s', async (_, args) => {
    const { code, err } = await cli.run(...args)
    expect(err).toMatchSnapshot()
    expect(code).toBe(2)
  })
})

describe('looking', () => {
  test.each([
    ['runs', ['runs', '--limit', '3']],
    ['run errors', ['run', 'errors', 'r1003']],
    ['attributes', ['attributes']],
    ['profiles find', ['profiles', 'find', 'ada@example.com']],
    ['records', ['records', '--run', 'r1003', '--state', 'failed']],
    ['verify', ['verify', 'r1003']],
    ['explain', ['explain', 'email.invalid']],
  ])('%s', async (_, args) => {
    const { code, out, err } = await cli.run(...args)
    expect({ code, err }).toEqual({ code: 0, err: '' })
    const stable = out
      .replace(/\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}/g, 'YYYY-MM-DD HH:MM:SS')
      .replace(/ +[\d.]+ s$/gm, ' … s')
    expect(stable).toMatchSnapshot()
  })

  test('run errors --save never replaces a file', async () => {
    expect((await cli.run('run', 'errors', 'r1003', '--save', 'errors.csv')).code).toBe(0)
    const { mode } = await stat(cli.path('errors.csv'))
    expect(mode & 0o077).toBe(0)
    expect(await cli.run('run', 'errors', 'r1003', '--save', 'errors.csv')).toMatchObject({ code: 2 })
  })
})

describe('without a server', () => {
  test('inspect --json shows dialect, columns and questions', async () => {
    const { code, out } = await cli.run('inspect', 'dates.csv', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({
      file: 'dates.csv',
      inspection: {
        whole: true,
        records: 2,
        dialect: { format: 'csv', delimiter: ',' },
        ambiguities: [{ column: 'joined', about: 'date_order' }],
      },
    })
  })

  test('convert writes clean records and the others', async () => {
    await writeFile(cli.path('odd.csv'), 'a;b\n1;2\n3\n4;5\n')
    const { code, out } = await cli.run('convert', 'odd.csv', '--out', 'T.csv', '--errors', 'E.csv')
    expect(code).toBe(3)
    expect(out).toMatchInlineSnapshot(`
      "✓ odd.csv  CSV, utf-8, semicolon
        2 records → T.csv
        1 record did not fit → E.csv
          1 wrong number of fields
      "
    `)
    expect(await readFile(cli.path('T.csv'), 'utf8')).toBe('a,b\n1,2\n4,5\n')
    expect((await readFile(cli.path('E.csv'), 'utf8')).split('\n')).toHaveLength(3)
  })

  test('convert of a large file says no more than of a small one', async () => {
    const rows = Array.from({ length: 60_000 }, (_, k) => `${k},${'x'.repeat(80)}`)
    await writeFile(cli.path('large.csv'), `id,note\n${rows.join('\n')}\n`)
    const { code, out, err } = await cli.run('convert', 'large.csv', '--out', 'same.csv')
    expect([code, err]).toEqual([0, ''])
    expect(out).toContain('60,000 records → same.csv')
  })

  test('convert from a pipe to a pipe', async () => {
    expect(await cli.feed('a\tb\n1\t2\n', 'convert', '-')).toMatchObject({ code: 0, out: 'a,b\n1,2\n' })
  })
})

describe('up and down', () => {
  test('the second up on one home says who runs', async () => {
    const { code, err } = await cli.run('up')
    expect(code).toBe(5)
    expect(err).toMatch(/Sluice is up already on .* \(process \d+\)/)
  })

  test('five commands at once on a cold home share one server', async () => {
    expect((await cli.run('down')).code).toBe(0)
    const all = await Promise.all(Array.from({ length: 5 }, () => cli.run('runs', '--json')))
    expect(all.map(({ code, err }) => ({ code, err }))).toEqual(
      Array.from({ length: 5 }, () => ({ code: 0, err: '' })),
    )
  })

  test('a terminated up leaves nothing behind', async () => {
    expect((await cli.run('down')).code).toBe(0)
    const up = cli.start('up', '--port', '0', '--json')
    const end = ended(up)
    // It says when it is up; a command that asks before would start a server of its own.
    await once(up.stdout, 'data')
    expect((await cli.run('runs')).code).toBe(0)
    up.kill('SIGTERM')
    const { code, out } = await end
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ up: { pid: up.pid, port: expect.any(Number) } })
    await expect(stat(cli.path('home/api.sock'))).rejects.toThrow('ENOENT')
  })
})
