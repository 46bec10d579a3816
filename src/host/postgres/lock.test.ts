// The lock between processes.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { withLock } from './lock.ts'

const folder = mkdtempSync('/tmp/sluice-lock-')
afterAll(() => rmSync(folder, { recursive: true }))

test('holders never overlap', async () => {
  let inside = 0
  let most = 0
  let turns = 0
  const turn = () =>
    withLock(join(folder, 'turns'), async () => {
      most = Math.max(most, ++inside)
      await new Promise(setImmediate)
      inside--
      turns++
    })
  await Promise.all([turn(), turn(), turn(), turn()])
  expect([most, turns]).toEqual([1, 4])
})

test('is free again after its holder throws', async () => {
  const file = join(folder, 'throws')
  await expect(withLock(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(await withLock(file, async () => 'free')).toBe('free')
})

test('is free again after kill -9 of its holder', async () => {
  const file = join(folder, 'killed')
  const program = `import { withLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)}
    await withLock(${JSON.stringify(file)}, () => { console.log('held'); return new Promise(() => setInterval(() => {}, 1000)) })`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  const order: string[] = []
  const waiting = withLock(file, async () => order.push('ours'))
  order.push('killed')
  child.kill('SIGKILL')
  await waiting
  expect(order).toEqual(['killed', 'ours'])
})
