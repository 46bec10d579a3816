// `sluice undo` as it is typed: preview and question, exit codes, JSON, and what to type next.
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { runViewSchema, type RunView } from '../../src/api/runView.ts'
import { Cli } from '../support/cli.ts'

let cli: Cli

beforeAll(async () => {
  cli = await Cli.open()
  const files = {
    'first.csv': 'customer_id,email,city\nc1,ada@example.com,Wien\nc2,ben@example.com,Graz\n',
    'wrong.csv': 'customer_id,email,city\nc1,ada@example.com,Bonn\nc3,eva@example.com,Rom\n',
    'later.csv': 'customer_id,city\nc3,Paris\n',
  }
  for (const [name, text] of Object.entries(files)) {
    await writeFile(cli.path(name), text)
    const { code, err } = await cli.run('import', name, '--yes')
    if (code !== 0) throw new Error(err)
  }
})
afterAll(() => cli.close())

async function cities(): Promise<string[]> {
  const { out } = await cli.run('profiles', 'find', '--where', 'city!=', '--json')
  const { profiles } = JSON.parse(out) as { profiles: { attributes: { city: string } }[] }
  return profiles.map(({ attributes }) => attributes.city).sort()
}

describe('undo', () => {
  test('nobody to ask', async () => {
    const { code, err } = await cli.run('undo', 'r1002')
    expect(code).toBe(2)
    expect(err).toContain('Type the command again with --yes to go ahead, or --dry-run to only see')
  })

  test('--dry-run says what would be kept and why, ends with 3 and writes nothing', async () => {
    const { code, out } = await cli.run('undo', 'r1002', '--dry-run')
    expect(code).toBe(3)
    expect(out.replace(/r100\d$/m, 'r…')).toMatchInlineSnapshot(`
      "
      ■ Dry run: nothing was undone  wrong.csv  r…

        got values or identifiers back  2
        profiles                        2

      ! 1 profile: delivered by another run as well
          c3: The profile stays: r1003 delivered this person as well.
          Undo r1003 first if the profile is to go as well: sluice undo r1003.

        To do it: sluice undo r1002
      "
    `)
    expect(await cities()).toEqual(['Bonn', 'Graz', 'Paris'])
  })

  test('the import says how to undo it, and an undone run how to have it back', async () => {
    expect((await cli.run('run', 'show', 'r1002')).out).toContain('Undo it          sluice undo r1002')
  })

  test('at a terminal it asks once for all of them, and a no undoes nothing', async () => {
    const terminal = cli.atTerminal('undo', 'r1002', 'r1003')
    await terminal.shows('Undo r1003, r1002?')
    terminal.press('n')
    expect((await terminal.ended).code).toBe(4)
    expect(await cities()).toEqual(['Bonn', 'Graz', 'Paris'])
  })

  test('several, newest first, with 0 when all is reversed', async () => {
    const { code, out } = await cli.run('undo', 'r1002', 'r1003', '--yes')
    expect(code).toBe(0)
    expect(out.indexOf('Undone: r1003')).toBeLessThan(out.indexOf('Undone: r1002'))
    expect(await cities()).toEqual(['Graz', 'Wien'])
    const shown = await cli.run('run', 'show', 'r1002')
    expect(shown.out).toMatch(/Undone by {2}(r\d+)[^]*Have it back +sluice undo \1/)
  })

  test('again: refused, with the command that takes it back; --json is the run', async () => {
    const refused = await cli.run('undo', 'r1002', '--yes', '--json')
    expect(refused.code).toBe(2)
    const { problem } = JSON.parse(refused.out) as { problem: { code: string; details: { by: string } } }
    expect(problem.code).toBe('undo.done')
    const { code, out } = await cli.run('undo', problem.details.by, '--yes', '--json')
    expect(code).toBe(0)
    expect(runViewSchema.strict().safeParse(JSON.parse(out)).error).toBeUndefined()
    const { run } = JSON.parse(out) as RunView
    expect(run).toMatchObject({
      trigger: 'undo',
      reverts: problem.details.by,
      redoes: 'r1002',
      undoableUntil: null,
    })
    expect(await cities()).toEqual(['Bonn', 'Graz', 'Rom'])
  })

  test('the content of an undone run may be imported again', async () => {
    expect((await cli.run('undo', 'r1002', '--yes')).code).toBe(0)
    const { code, out } = await cli.run('import', 'wrong.csv', '--yes', '--json')
    expect(code).toBe(0)
    expect((JSON.parse(out) as RunView).run.skippedFor).toBeNull()
  })
})
