// The house rules, over the whole project; and for each rule that it catches what it is there for.
import { describe, expect, test } from 'vitest'
import { banned } from './tidy/bans.ts'
import { unintroduced, untitled } from './tidy/form.ts'
import { crossedLayers, cycles, impureCore } from './tidy/imports.ts'
import { ratchet } from './tidy/ratchet.ts'
import { outgrown, type Ratchet } from './tidy/sizes.ts'
import { plant, readTree, type Source } from './tidy/source.ts'
import { strandedSql, strayStates } from './tidy/sql.ts'
import { strangeWords } from './tidy/words.ts'

type Rule = (sources: readonly Source[]) => string[]

const longFunction = `export function long(): void {\n${'  work()\n'.repeat(60)}}\n`

interface Case {
  readonly rule: string
  readonly check: Rule
  /** Each must be caught: path, text, and a piece of what is said. */
  readonly caught: readonly (readonly [path: string, text: string, says: string])[]
  /** Each must pass. */
  readonly fine: readonly (readonly [path: string, text: string])[]
  /** Where the project as a whole is judged more mildly than a planted file. */
  readonly overTree?: Rule
}

const cases: readonly Case[] = [
  {
    rule: 'a layer imports only those below it',
    check: crossedLayers,
    caught: [
      ['src/core/x.ts', "import { y } from '../db/y.ts'", 'core may import nothing of ours; not db'],
      ['src/formats/x.ts', "export { y } from '../blobs/y.ts'", 'not blobs'],
      ['src/cli/x.ts', "import type { Y } from '../api/y.ts'", 'not api'],
      ['src/cli/x.ts', "import { y } from '../client/y.ts'", 'not client'],
      ['src/core/x.ts', "import y from '../../package.json'", 'not the project root'],
      ['src/shapes/x.ts', '', 'shapes/ is no layer'],
    ],
    fine: [
      ['src/profiles/deep/x.ts', "import { y } from '../../db/y.ts'"],
      ['src/cli/x.ts', "import type { Y } from '../client/y.ts'"],
      ['src/cli/x.ts', "import { type Y } from '../client/y.ts'"],
      ['src/host/x.ts', "import { y } from '../engine/y.ts'"],
      ['src/core/x.test.ts', "import { y } from '../db/y.ts'"],
    ],
  },
  {
    rule: 'the core is pure',
    check: impureCore,
    caught: [
      ['src/core/x.ts', "import { readFileSync } from 'node:fs'", 'core is pure: node:fs'],
      ['src/core/x.ts', "import pg from 'pg'", 'core is pure: pg'],
    ],
    fine: [
      ['src/core/x.ts', "import { z } from 'zod'\nimport { parse } from 'libphonenumber-js/max'"],
      ['src/db/x.ts', "import pg from 'pg'"],
    ],
  },
  {
    rule: 'what is banned is not used',
    check: banned,
    caught: [
      ['src/db/x.ts', 'const t = Date.now()', 'take a Clock'],
      ['src/db/x.ts', 'const t = new Date()', 'take a Clock'],
      ['src/db/x.ts', 'const t = Temporal.Now.instant()', 'take a Clock'],
      ['src/db/x.ts', 'const home = process.env.HOME', 'host/config.ts'],
      ['src/db/x.ts', "console.log('x')", 'logger'],
      ['test/x.ts', 'const n = Math.random()', 'randomness'],
      ['test/x.ts', 'let n: any', 'unknown'],
      ['test/x.ts', 'enum Colour { red }', 'as const'],
      ['src/db/x.ts', 'export default function x() {}', 'by its name'],
      ['src/db/x.ts', 'const x = 1\nexport default x', 'by its name'],
    ],
    fine: [
      ['src/core/clock.ts', 'const t = Date.now()'],
      ['src/db/x.ts', 'const t = new Date(ms)'],
      ['src/host/config.ts', 'const home = process.env.HOME'],
      ['src/cli/x.ts', "console.log('x')"],
      ['src/db/x.test.ts', 'const trials = process.env.TRIALS'],
    ],
  },
  {
    rule: 'SQL stands in src/db',
    check: strandedSql,
    caught: [
      ['src/engine/x.ts', "run('select 1 from run')", 'src/db'],
      ['src/engine/x.ts', 'run(`SELECT * FROM run WHERE id = ${id}`)', 'src/db'],
      ['src/engine/x.ts', 'run(`\n  update ${schema}.profile p set city = $1`)', 'src/db'],
      ['src/host/x.ts', "run('create role sluice')", 'src/db'],
      ['src/host/x.ts', "run('insert into run values (1)')", 'src/db'],
    ],
    fine: [
      ['src/db/x.ts', "run('select 1 from run')"],
      ['src/engine/x.test.ts', "run('select 1 from run')"],
      ['src/cli/x.ts', "say('Select the columns from the list, then update the set.')"],
      ['src/cli/x.ts', "say('create the table first')"],
    ],
  },
  {
    rule: 'a state is assigned in the files that move it',
    check: strayStates,
    caught: [
      [
        'src/db/runs.ts',
        "const q = `update sluice.run set note = 1, state = 'failed' where id = 1`",
        'db/moves.ts',
      ],
      ['src/db/runs.ts', "db.updateTable('run').set({ state: 'failed' })", 'db/moves.ts'],
    ],
    fine: [
      ['src/db/moves.ts', "const q = `update sluice.run set state = 'failed'`"],
      ['src/db/runs.ts', "const q = `update sluice.run set note = 1 where state = 'failed'`"],
      ['src/db/runs.ts', "const q = `insert into sluice.run (state) values ('queued')`"],
    ],
  },
  {
    rule: 'one word for one thing',
    check: strangeWords,
    caught: [
      ['src/db/taskList.ts', '', '"task" is not a word here'],
      ['src/utils/x.ts', '', '"util"'],
      ['src/db/x.ts', 'export class RunManager {}', '"manager"'],
      ['src/db/x.ts', 'const lastSync = 1', '"sync"'],
      ['src/db/x.ts', 'for (const item of list) work(item)', '"item"'],
      ['src/db/x.ts', 'interface X { entities: number, entity: number }', '"entity"'],
    ],
    fine: [
      ['src/db/x.ts', "import { readFileSync } from 'node:fs'\nexport const read = readFileSync"],
      ['src/db/x.ts', 'export async function fsyncAll() {}'],
    ],
  },
  {
    rule: 'files and functions are short',
    check: (sources) => outgrown(sources, {}),
    overTree: (sources) => outgrown(sources, ratchet),
    caught: [
      ['src/db/x.ts', longFunction, 'src/db/x.ts long  62 lines'],
      ['src/db/x.ts', '// x\n'.repeat(401), 'src/db/x.ts  401 lines'],
    ],
    fine: [
      ['src/db/x.ts', '// x\n'.repeat(400)],
      ['src/db/x.test.ts', longFunction.replace('export function long(): void', "describe('x', () =>") + ')'],
    ],
  },
  {
    rule: 'a file says what it is for',
    check: unintroduced,
    caught: [
      ['src/db/x.ts', 'export const x = 1', 'one comment line'],
      ['src/db/x.sql', 'select 1', 'one comment line'],
      ['examples/x/run.sh', '#!/bin/sh\nset -e', 'one comment line'],
    ],
    fine: [
      ['src/db/x.ts', '// What x is.\n'],
      ['examples/x/run.sh', '#!/bin/sh\n# What it runs.\n'],
      ['docs/x.md', '# X'],
    ],
  },
  {
    rule: 'a page has one title',
    check: untitled,
    caught: [
      ['docs/x.md', 'text', 'one title'],
      ['docs/x.md', '# X\n\n# Y\n', 'one title'],
    ],
    fine: [['docs/x.md', '# X\n\n```sh\n# a comment\n```\n\n## Y\n']],
  },
]

const tree = readTree()

describe.each(cases)('$rule', ({ check, caught, fine, overTree }) => {
  test('in the whole project', () => expect((overTree ?? check)(tree)).toEqual([]))
  test.each(caught)('catches $2 in $0', (path, text, says) => {
    expect(check([plant(path, text)]).join('\n')).toContain(says)
  })
  test.each(fine)('lets pass %#: $0', (path, text) => expect(check([plant(path, text)])).toEqual([]))
})

describe('no file imports itself by way of others', () => {
  test('in the whole project', () => expect(cycles(tree)).toEqual([]))
  test('catches a ring and names it once', () => {
    const ring = [
      plant('src/db/a.ts', "import { b } from './b.ts'"),
      plant('src/db/b.ts', "import { c } from './c.ts'"),
      plant('src/db/c.ts', "import { a } from './a.ts'"),
    ]
    expect(cycles(ring)).toEqual(['src/db/a.ts → src/db/b.ts → src/db/c.ts → src/db/a.ts'])
  })
})

describe('the list of what is too long may only shrink', () => {
  const long = plant('src/db/x.ts', longFunction)
  test.each<[string, Ratchet, string[]]>([
    ['a listed length passes', { 'src/db/x.ts long': 62 }, []],
    ['a grown function is caught', { 'src/db/x.ts long': 61 }, ['src/db/x.ts long  62 lines']],
    ['a shrunk function lowers its line', { 'src/db/x.ts long': 70 }, ['src/db/x.ts long  is 62 now']],
    [
      'a line without its function goes',
      { 'src/db/x.ts long': 62, 'src/db/gone.ts': 500 },
      ['src/db/gone.ts  is short'],
    ],
  ])('%s', (_, list, says) => {
    expect(outgrown([long], list)).toEqual(says.map((text) => expect.stringContaining(text)))
  })
})
