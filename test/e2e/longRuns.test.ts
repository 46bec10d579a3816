// Runs that take a while, seen from the command line: Ctrl-C, going on, down, and the circuit breaker.
import { writeFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunView } from '../../src/api/runView.ts'
import { send } from '../support/apiServer.ts'
import { Cli, ended } from '../support/cli.ts'
import { until } from '../until.ts'

let cli: Cli

/** Enough for several seconds of importing. */
const rows = 150_000

beforeAll(async () => {
  cli = await Cli.open()
  const lines = Array.from(
    { length: rows },
    (_, i) => `C${i},person.${i}@example.com,Person ${i},City ${i % 100}`,
  )
  await writeFile(cli.path('many.csv'), `customer_id,email,first_name,city\n${lines.join('\n')}\n`)
  const broken = Array.from({ length: 200 }, (_, i) => `D${i},${i < 150 ? 'broken' : `d${i}@example.com`}`)
  await writeFile(cli.path('broken.csv'), `customer_id,email\n${broken.join('\n')}\n`)
})
afterAll(() => cli.close())

const view = (out: string): RunView => JSON.parse(out) as RunView

test('Ctrl-C stops cleanly, the same command goes on, and nothing is lost or doubled', async () => {
  const child = cli.start('import', 'many.csv', '--yes', '--json')
  const end = ended(child)
  const socketPath = cli.path('home/api.sock')
  await until(async () => {
    const asking = send<RunView>({ socketPath, path: '/v1/namespaces/main/runs/r1001' })
    const { status, body } = await asking.catch(() => ({ status: 0, body: undefined }))
    return status === 200 && body?.run.state === 'importing' && body.counters.read > 0
  })
  const refused = await cli.run('down')
  expect(refused.code).toBe(5)
  expect(refused.err).toContain('Sluice stays up because work is going on: r1001 (importing).')
  expect(refused.err).toContain('sluice down --stop-runs')
  child.kill('SIGINT')
  const { code, out } = await end
  expect(code).toBe(4)
  const stopped = view(out)
  expect(stopped.run).toMatchObject({ id: 'r1001', state: 'stopped', moves: ['resume'] })
  expect(stopped.counters.left).toBeGreaterThan(0)
  const again = await cli.run('import', 'many.csv', '--yes')
  expect(again.err).toContain('The same import was stopped before: r1001 continues where it stopped.')
  expect(again.code).toBe(0)
  expect(view((await cli.run('run', 'show', 'r1001', '--json')).out).counters).toMatchObject({
    total: rows,
    read: rows,
    left: 0,
    finished: { created: rows },
  })
  expect((await cli.run('profiles', 'find', '--count')).out).toBe('150,000 profiles\n')
})

test('too many rejects hold the run before anything is written, and a person releases it (design section 7)', async () => {
  const held = await cli.run('import', 'broken.csv', '--yes', '--map', 'email=@email')
  expect(held.code).toBe(6)
  expect(held.err).toContain('150 of 200 records (75 %) would be rejected')
  const id = /sluice run release (r\d+)/.exec(held.out)?.[1] ?? ''
  expect((await cli.run('run', 'errors', id)).out).toContain('150 × Not an e-mail address')
  expect((await cli.run('profiles', 'find', 'D199', '--count')).out).toBe('0 profiles\n')
  const { code, out } = await cli.run('run', 'release', id, '--json')
  expect(code).toBe(3)
  expect(view(out).counters).toMatchObject({ finished: { created: 50 }, failed: { total: 150 } })
})

test('a held run is dropped by a person', async () => {
  const held = await cli.run('import', 'broken.csv', '--yes', '--map', 'email=@email', '--again', '--json')
  expect(held.code).toBe(6)
  const { code, out } = await cli.run('run', 'drop', view(held.out).run.id, '--json')
  expect(code).toBe(4)
  expect(view(out)).toMatchObject({ run: { state: 'stopped' }, counters: { total: 200, read: 0, left: 200 } })
})
