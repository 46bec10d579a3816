// Who goes first inside a process: the thread that answers, then those that pack and hash (Linux).
import { readFile, readdir } from 'node:fs/promises'
import { getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { letThreadsGiveWay } from './giveWay.ts'

/** The priorities of this process's threads by their names; higher numbers go later. */
async function priorities(): Promise<Map<string, Set<number>>> {
  const found = new Map<string, Set<number>>()
  for (const id of await readdir('/proc/self/task')) {
    const name = (await readFile(`/proc/self/task/${id}/comm`, 'utf8')).trim()
    found.set(name, (found.get(name) ?? new Set()).add(getPriority(Number(id))))
  }
  return found
}

test.runIf(process.platform === 'linux')('the pool goes after the thread that answers', async () => {
  // The pool begins with the first file that is read.
  await priorities()
  letThreadsGiveWay()
  const after = await priorities()
  expect(after.get('libuv-worker')).toEqual(new Set([10]))
  expect(getPriority()).toBeLessThan(10)
})
