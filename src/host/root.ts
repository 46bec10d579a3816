// The root that jobs may read folders below: it must not hold what Sluice keeps for itself.
import { realpath, stat } from 'node:fs/promises'
import { sep } from 'node:path'
import { failure } from '../core/problems.ts'
import type { Config } from './config.ts'

/**
 * Refuses a root that holds the data folder, where keys and everybody's profiles lie, or lies in it. One that is not
 * there is refused only when a person has just typed it: a share may be connected later. Throws `root.unusable`,
 * `root.too_wide`.
 */
export async function checkRoot({ root, home, blobFolder }: Config, typed: boolean): Promise<void> {
  if (root === null) return
  const found = await realFolder(root)
  if (found === undefined) {
    if (typed) throw failure('root.unusable', { root })
    return
  }
  for (const own of [home, blobFolder]) {
    const real = (await realpath(own).catch(() => own)) + sep
    const wide = found === sep ? sep : found + sep
    if (real.startsWith(wide) || wide.startsWith(real)) throw failure('root.too_wide', { root, home: own })
  }
}

async function realFolder(path: string): Promise<string | undefined> {
  try {
    const found = await realpath(path)
    return (await stat(found)).isDirectory() ? found : undefined
  } catch {
    return undefined
  }
}
