// ./sluice and its set-up, in small checkouts of their own with a stand-in for npm.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'

const source = fileURLToPath(new URL('..', import.meta.url))
const base = mkdtempSync('/tmp/sluice-launcher-')
afterAll(() => rmSync(base, { recursive: true }))

const lock = JSON.stringify({
  packages: {
    '': {},
    'node_modules/node': { version: '24.0.0' },
    'node_modules/other-platform': { version: '1.0.0', optional: true },
  },
})
const installed = JSON.stringify({ packages: { 'node_modules/node': { version: '24.0.0' } } })

/** A checkout as git clone leaves it. Its main.ts prints its arguments and where it runs. */
function checkout(): string {
  const root = mkdtempSync(join(base, 'check out-'))
  for (const folder of ['scripts', 'src', 'bin']) mkdirSync(join(root, folder))
  copyFileSync(join(source, 'sluice'), join(root, 'sluice'))
  for (const name of ['setup.mjs', 'web.mjs'])
    copyFileSync(join(source, 'scripts', name), join(root, 'scripts', name))
  writeFileSync(join(root, 'package-lock.json'), lock)
  writeFileSync(join(root, 'package.json'), '{"type":"module"}')
  writeFileSync(
    join(root, 'src/main.ts'),
    'console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }))',
  )
  symlinkSync(process.execPath, join(root, 'bin/node'))
  npm(root, `echo noise; echo "$@" >> "${root}/npm.log"; sh "${root}/install"`)
  writeFileSync(
    join(root, 'install'),
    `mkdir -p "${root}/node_modules/node/bin" && ln -sf "${process.execPath}" "${root}/node_modules/node/bin/node"`,
  )
  return root
}

function npm(root: string, script: string): void {
  writeFileSync(join(root, 'bin/npm'), `#!/bin/sh\n${script}\n`)
  chmodSync(join(root, 'bin/npm'), 0o755)
}

/** What npm leaves behind, without our stamp. */
function install(root: string, record = installed): void {
  mkdirSync(join(root, 'node_modules/node/bin'), { recursive: true })
  symlinkSync(process.execPath, join(root, 'node_modules/node/bin/node'))
  writeFileSync(join(root, 'node_modules/.package-lock.json'), record)
}

interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

async function run(program: string, args: string[], path: string): Promise<Outcome> {
  const child = spawn(program, args, { cwd: base, env: { PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  return { code: code as number | null, out, err }
}

const pathOf = (root: string) => `${join(root, 'bin')}:/usr/bin:/bin`
const start = (root: string, ...args: string[]) => run(join(root, 'sluice'), args, pathOf(root))
const setUp = (root: string, ...args: string[]) =>
  run(process.execPath, [join(root, 'scripts/setup.mjs'), ...args], pathOf(root))
const npmCalls = (root: string) =>
  existsSync(join(root, 'npm.log'))
    ? readFileSync(join(root, 'npm.log'), 'utf8').trimEnd().split('\n').length
    : 0

test('the first start sets up, saying so apart from the output; the second is silent', async () => {
  const root = checkout()
  const first = await start(root, 'import', 'a b.csv', '--json')
  expect(JSON.parse(first.out)).toEqual({ args: ['import', 'a b.csv', '--json'], cwd: base })
  expect(first.err).toContain('Setting Sluice up')
  expect(readFileSync(join(root, 'npm.log'), 'utf8')).toMatch(/^ci .*--include=dev/)
  expect(await start(root, 'runs')).toMatchObject({ code: 0, err: '' })
  expect(npmCalls(root)).toBe(1)
})

test('it starts through links, from anywhere', async () => {
  const root = checkout()
  symlinkSync(join(root, 'sluice'), join(root, 'bin/one'))
  symlinkSync('one', join(root, 'bin/two'))
  const { out } = await run(join(root, 'bin/two'), ['doctor'], pathOf(root))
  expect(JSON.parse(out)).toEqual({ args: ['doctor'], cwd: base })
})

test('a changed package-lock.json is installed at the next start', async () => {
  const root = checkout()
  await start(root)
  writeFileSync(join(root, 'package-lock.json'), lock.replace('24.0.0', '24.0.1'))
  expect(await start(root)).toMatchObject({ code: 0 })
  expect(npmCalls(root)).toBe(2)
})

test.each([
  ['what npm has installed already is not installed again', installed, 0],
  ['an older version is replaced', installed.replace('24.0.0', '24.0.1'), 1],
  ['a missing package is added', '{"packages":{}}', 1],
])('%s', async (_, record, calls) => {
  const root = checkout()
  install(root, record)
  expect(await setUp(root, '--quiet')).toMatchObject({ code: 0, out: '' })
  expect(npmCalls(root)).toBe(calls)
  expect(await setUp(root, '--quiet')).toEqual({ code: 0, out: '', err: '' })
})

test('set-ups started at once install once', async () => {
  const root = checkout()
  const outcomes = await Promise.all([setUp(root), setUp(root), start(root)])
  expect(outcomes.map(({ code }) => code)).toEqual([0, 0, 0])
  expect(npmCalls(root)).toBe(1)
  expect(existsSync(join(root, '.setup-running'))).toBe(false)
})

test('a set-up that was killed is no obstacle', async () => {
  const root = checkout()
  mkdirSync(join(root, '.setup-running'))
  writeFileSync(join(root, '.setup-running/pid'), '4194304')
  expect(await setUp(root)).toMatchObject({ code: 0 })
})

test('npm failing is said with what to do, and nothing starts', async () => {
  const root = checkout()
  npm(root, 'echo no network >&2; exit 7')
  const { code, out, err } = await start(root, 'runs')
  expect([code, out]).toEqual([1, ''])
  expect(err).toMatch(/no network\n.*type the same command again/)
})

test('without npm it says where to get it', async () => {
  const root = checkout()
  rmSync(join(root, 'bin/npm'))
  const { code, err } = await run(process.execPath, [join(root, 'scripts/setup.mjs')], join(root, 'bin'))
  expect(code).toBe(1)
  expect(err).toContain('https://nodejs.org')
})

test('Node switched off by "ignore-scripts" is fetched all the same', async () => {
  const root = checkout()
  npm(
    root,
    `echo "$@" >> "${root}/npm.log"; case $1 in rebuild) sh "${root}/install";; *) mkdir -p "${root}/node_modules";; esac`,
  )
  expect(await setUp(root)).toMatchObject({ code: 0 })
  expect(readFileSync(join(root, 'npm.log'), 'utf8')).toContain('rebuild node --ignore-scripts=false')
})
