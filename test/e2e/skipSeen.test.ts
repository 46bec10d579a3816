// A file that comes every day, on the command line: what was delivered before is left out, and the receipt says so.
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunView } from '../../src/api/runView.ts'
import { Cli } from '../support/cli.ts'

let cli: Cli
beforeAll(async () => {
  cli = await Cli.open()
})
afterAll(() => cli.close())

const header = 'customer_id,email,city\n'
const ada = 'C1,ada@example.com,London\n'
const bob = 'C2,bob@example.com,Wien\n'
const cleo = 'C3,broken,Bern\n'

async function daily(lines: string, ...flags: readonly string[]): Promise<string> {
  await writeFile(cli.path('daily.csv'), header + lines)
  return (await cli.run('import', 'daily.csv', '--yes', '--skip-seen', ...flags)).out
}

test('BL-20, BL-D04: --skip-seen leaves out what the last run of the job delivered, and says so', async () => {
  expect(await daily(ada + bob + cleo)).toContain('Left out  no line: this is the first run of the job')

  const second = await daily(cleo + ada + bob.replace('Wien', 'Graz'))
  expect(second).toContain('Left out  lines that r1001 had delivered')
  expect(second).toMatch(/skipped +1\n +already processed +1\n +failed +1\n/)
  expect((await cli.run('verify', 'r1002')).code).toBe(0)

  const { out } = await cli.run('records', '--run', 'r1002', '--reason', 'already_processed', '--json')
  expect((JSON.parse(out) as { records: { id: string; reason: string }[] }).records).toMatchObject([
    { id: 'r1002/2', reason: 'already_processed' },
  ])

  const other = JSON.parse(await daily(ada + bob, '--mode', 'update-only', '--json')) as RunView
  expect(other.run.seen).toEqual({ with: null, why: 'changed', before: 'r1002' })
  expect(other.counters.skipped.total).toBe(0)
})

test('BL-20: a dry run says how many lines would be left out', async () => {
  const said = await daily(ada + bob.replace('Wien', 'Linz'), '--mode', 'update-only', '--dry-run')
  expect(said).toMatch(/already processed +1/)
})
