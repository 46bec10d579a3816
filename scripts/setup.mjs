// Makes a fresh checkout ready: installs what package-lock.json names, Node 24 included, and builds the web app. Plain JavaScript without
// dependencies, because it runs under whatever Node (20 or newer) the machine has. Quick when there is nothing to do.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, isBuilt } from './web.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const lockFile = join(root, 'package-lock.json')
const modules = join(root, 'node_modules')
// A copy of the package-lock.json that was installed; the launcher compares the two files.
const stamp = join(modules, '.sluice-setup')
const pinnedNode = join(modules, 'node/bin/node')
const busyFolder = join(root, '.setup-running')
const quiet = process.argv.includes('--quiet')

// Standard output belongs to the command that needed the set-up: its --json must stay clean.
function say(text) {
  process.stderr.write(`${text}\n`)
}

function fail(text) {
  say(text)
  process.exit(1)
}

function read(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

function isReady() {
  return existsSync(pinnedNode) && read(stamp) === read(lockFile)
}

/** Whether npm's own record of what is installed agrees with package-lock.json, for instance after `npm install`. */
function isInstalled() {
  const record = read(join(modules, '.package-lock.json'))
  if (record === undefined || !existsSync(pinnedNode)) return false
  const installed = JSON.parse(record).packages
  const wanted = Object.entries(JSON.parse(readFileSync(lockFile, 'utf8')).packages)
  return wanted.every(([path, { version, optional }]) => {
    if (path === '') return true
    const found = installed[path]
    return found === undefined ? optional === true : found.version === version
  })
}

function npm(...args) {
  // npm's output goes to standard error, and it must not eat what is piped into an import.
  return spawnSync('npm', args, { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' })
}

function install() {
  say('Setting Sluice up: installing its parts (the first time this takes a minute or two) …')
  const flags = ['--include=dev', '--include=optional', '--no-audit', '--no-fund', '--loglevel=error']
  const { status, error } = npm('ci', ...flags)
  if (error !== undefined)
    fail(
      `Set-up needs npm, which was not found (${error.message}).\nInstall Node with npm from https://nodejs.org, then try again.`,
    )
  if (status !== 0)
    fail('Set-up failed; npm says above why. Once that is mended, type the same command again.')
  // The package "node" fetches the program in an install script; a machine may have those switched off.
  if (!existsSync(pinnedNode)) npm('rebuild', 'node', '--ignore-scripts=false', '--loglevel=error')
  if (!existsSync(pinnedNode))
    fail(
      'Set-up failed: Node 24 was not installed.\nType npm rebuild node --ignore-scripts=false to see why.',
    )
  say('Set-up is complete.')
}

function buildWeb() {
  say('Building the web app …')
  if (!build(root, pinnedNode)) fail('The web app could not be built; it says above why.')
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}

/** One set-up at a time: two installs into one folder break each other. Answers whether it is ours to do. */
function begin() {
  try {
    mkdirSync(busyFolder)
  } catch (error) {
    if (error.code !== 'EEXIST') fail(`Set-up cannot write to ${root} (${error.message}).`)
    return false
  }
  writeFileSync(join(busyFolder, 'pid'), String(process.pid))
  process.on('exit', () => rmSync(busyFolder, { recursive: true, force: true }))
  return true
}

async function waitForOther() {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 200))
  await pause()
  const pid = Number(read(join(busyFolder, 'pid')))
  // Killed in the middle: nobody else will finish it.
  if (existsSync(busyFolder) && !(pid > 0 && isAlive(pid)))
    rmSync(busyFolder, { recursive: true, force: true })
  await pause()
}

let waiting = false
while (!isReady() || !isBuilt(root)) {
  if (begin()) {
    if (!isInstalled()) install()
    writeFileSync(stamp, readFileSync(lockFile))
    if (!isBuilt(root)) buildWeb()
    break
  }
  if (!waiting) say('Another set-up of Sluice is running; waiting for it …')
  waiting = true
  await waitForOther()
}
if (!quiet) say('Sluice is ready.')
