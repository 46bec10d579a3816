// The doctor's findings: on a healthy machine, and for each thing that can be wrong.
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readConfig } from './config.ts'
import { durabilityOf, examine, nodeFinding, serversFinding, spaceFinding, tablesFinding } from './doctor.ts'
import { stopPostgres } from './postgres/stop.ts'

const base = mkdtempSync('/tmp/sluice-doctor-')
const home = join(base, 'home')
afterAll(async () => {
  await stopPostgres(home)
  rmSync(base, { recursive: true })
})

const migrations = async () => ({ pending: [], unknown: [] })

test('a healthy machine has nothing to advise', async () => {
  const findings = await examine({ config: readConfig({ SLUICE_HOME: home }), migrations })
  expect(findings.map(({ check }) => check)).toEqual([
    'Node',
    'Data folder',
    'Disk space',
    'File store',
    'PostgreSQL',
    'Durability',
    'Tables',
    'Servers',
  ])
  expect(findings.filter(({ check, state }) => check !== 'Disk space' && state !== 'ok')).toEqual([])
})

test('a data folder that cannot be made fails, and the other checks are done all the same', async () => {
  const file = join(base, 'file')
  writeFileSync(file, '')
  const findings = await examine({ config: readConfig({ SLUICE_HOME: join(file, 'home') }), migrations })
  const states = Object.fromEntries(findings.map(({ check, state }) => [check, state]))
  expect(states).toMatchObject({ Node: 'ok', 'Data folder': 'fail', PostgreSQL: 'fail' })
  expect(findings.find(({ check }) => check === 'Data folder')?.advice).toContain('SLUICE_HOME')
})

test('a file store others can open is a warning with the command to type', async () => {
  const blobs = join(base, 'blobs')
  mkdirSync(blobs)
  chmodSync(blobs, 0o755)
  const config = readConfig({
    SLUICE_HOME: home,
    SLUICE_BLOBS: blobs,
    SLUICE_DATABASE_URL: 'postgres://127.0.0.1:9/x',
  })
  const findings = await examine({ config, migrations })
  expect(findings.find(({ check }) => check === 'File store')).toMatchObject({
    state: 'warn',
    advice: `Type chmod 700 ${blobs}`,
  })
  expect(findings.at(-1)).toMatchObject({ check: 'PostgreSQL', state: 'fail' })
})

test.each([
  [nodeFinding('v24.21.0'), 'ok'],
  [nodeFinding('v20.20.2'), 'fail'],
  [spaceFinding(50e9), 'ok'],
  [spaceFinding(4.9e9), 'warn'],
  [spaceFinding(0.4e9), 'fail'],
  [
    durabilityOf(
      new Map([
        ['fsync', 'on'],
        ['synchronous_commit', 'remote_apply'],
      ]),
    ),
    'ok',
  ],
  [
    durabilityOf(
      new Map([
        ['fsync', 'on'],
        ['synchronous_commit', 'off'],
      ]),
    ),
    'warn',
  ],
  [tablesFinding({ pending: [], unknown: [] }), 'ok'],
  [tablesFinding({ pending: ['002.sql'], unknown: [] }), 'warn'],
  [tablesFinding({ pending: ['002.sql'], unknown: ['003.sql'] }), 'fail'],
  [serversFinding(['doctor']), 'ok'],
  [serversFinding(['doctor', 'server', 'worker']), 'ok'],
  [serversFinding(['doctor', 'server', 'server']), 'warn'],
])('%o is %s', (finding, state) => {
  expect(finding.state).toBe(state)
  expect(finding.advice !== undefined).toBe(state !== 'ok')
})
