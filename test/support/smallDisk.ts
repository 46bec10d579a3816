// A small disk of a test's own (a tmpfs), which can be filled up and given room again. Needs root on Linux.
import { execFile } from 'node:child_process'
import { chmod, mkdtemp, open, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)
const block = Buffer.alloc(4096)

/** Why there can be no small disk here; null: there can. */
export async function whyNoSmallDisk(): Promise<string | null> {
  if (process.platform !== 'linux') return 'a small disk is a tmpfs, and those are of Linux'
  if (process.getuid?.() !== 0)
    return 'a tmpfs is mounted by root only; run the tests as root to include this one'
  try {
    await (await SmallDisk.mount(1)).remove()
    return null
  } catch (error) {
    return `no tmpfs can be mounted here: ${(error as Error).message.trim()}`
  }
}

export class SmallDisk {
  readonly folder: string

  private constructor(folder: string) {
    this.folder = folder
  }

  static async mount(mebibytes: number): Promise<SmallDisk> {
    const folder = await mkdtemp(join('/tmp', 'sluice-disk-'))
    try {
      await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0755`, 'tmpfs', folder])
    } catch (error) {
      await rmdir(folder)
      throw error
    }
    // mkdtemp closes the folder to others; PostgreSQL runs as a user of its own.
    await chmod(folder, 0o755)
    return new SmallDisk(folder)
  }

  /** Takes all the room there is but so many bytes. */
  async fill(keep = 0): Promise<void> {
    const file = await open(join(this.folder, 'ballast'), 'w')
    try {
      for (;;) await file.write(block)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error
      const { size } = await file.stat()
      await file.truncate(Math.max(0, size - keep))
    } finally {
      await file.close()
    }
  }

  async makeRoom(): Promise<void> {
    await rm(join(this.folder, 'ballast'), { force: true })
  }

  async remove(): Promise<void> {
    await run('umount', ['-l', this.folder])
    await rmdir(this.folder)
  }
}
