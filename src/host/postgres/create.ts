// Makes the database cluster: complete in a folder of its own first, then in place by one rename.
import { randomBytes } from 'node:crypto'
import { appendFile, chown, mkdir, open, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { failure } from '../../core/problems.ts'
import { accountForNewCluster } from './account.ts'
import { reachableBinaries, type Binaries } from './binaries.ts'
import { isForeign, ownerOf, superuser, type Owner, type Place } from './place.ts'
import { exitOf, launch } from './run.ts'
import { startFailure } from './tail.ts'

const newPrefix = 'postgres.new-'

/** In the data folder, written anew at every start. */
export const settingsFile = 'sluice.conf'

/** Under the lock. A crash leaves only a folder named postgres.new-…, removed here the next time. */
export async function createCluster(place: Place, binaries: Binaries): Promise<void> {
  await removeLeftovers(place.home)
  const fresh = join(place.home, `${newPrefix}${randomBytes(6).toString('hex')}`)
  try {
    await fill(fresh, binaries)
    await rename(fresh, place.folder)
  } catch (error) {
    await rm(fresh, { recursive: true, force: true })
    throw error
  }
}

async function fill(fresh: string, binaries: Binaries): Promise<void> {
  const data = join(fresh, 'data')
  const passwordFile = join(fresh, 'password')
  await mkdir(data, { recursive: true, mode: 0o700 })
  const owner = await accountForNewCluster()
  if (isForeign(owner)) await chown(data, owner.uid, owner.gid)
  const password = randomBytes(32).toString('base64url')
  await writeFile(passwordFile, password, { mode: 0o600, flush: true })
  await initdb({ fresh, data, password, owner, binaries: await reachableBinaries(binaries, owner) })
}

async function removeLeftovers(home: string): Promise<void> {
  const names = (await readdir(home)).filter((name) => name.startsWith(newPrefix))
  for (const name of names) await rm(join(home, name), { recursive: true, force: true })
}

interface Initdb {
  readonly fresh: string
  readonly data: string
  readonly password: string
  readonly owner: Owner
  readonly binaries: Binaries
}

async function initdb({ fresh, data, password, owner, binaries }: Initdb): Promise<void> {
  // initdb reads the password as its own user; ours stays closed to it.
  const handed = join(fresh, 'password.handed')
  const log = join(fresh, 'log')
  await writeFile(handed, password, { mode: 0o600 })
  if (isForeign(owner)) await chown(handed, owner.uid, owner.gid)
  const output = await open(log, 'a', 0o600)
  const args = ([folder, file]: readonly string[]) => [
    ...initdbFlags(binaries.major),
    `-D${folder}`,
    `--pwfile=${file}`,
  ]
  const child = await launch({ binaries, owner, program: 'initdb', paths: [data, handed], args, output })
  const code = await exitOf(child)
  await output.close()
  if (code !== 0) throw await startFailure(dirname(fresh), log, 'initdb')
  await rm(handed)
  await writeFile(join(data, 'pg_hba.conf'), '# Written by Sluice.\nlocal all all scram-sha-256\n', {
    flush: true,
  })
  await appendFile(join(data, 'postgresql.conf'), `\ninclude '${settingsFile}'\n`, { flush: true })
}

/** C.UTF-8 sorts by code point, the same on every machine, and still knows the case of every letter. */
function initdbFlags(major: number): string[] {
  const locale =
    major >= 17
      ? ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']
      : ['--locale=C.UTF-8']
  // What a failure leaves is removed by the caller, after looking how full the disk was.
  return [
    ...locale,
    '--no-clean',
    '--encoding=UTF8',
    '--data-checksums',
    '--auth=scram-sha-256',
    `--username=${superuser}`,
  ]
}

/** Throws `postgres.data_version` where the data needs another PostgreSQL than the one at hand. */
export async function checkDataVersion(place: Place, binaries: Binaries): Promise<void> {
  const found = (await readFile(join(place.data, 'PG_VERSION'), 'utf8')).trim()
  if (found !== String(binaries.major))
    throw failure('postgres.data_version', { path: place.data, found, expected: binaries.major })
}

/** Whom the data belongs to and programs that user can run. */
export async function runnable(
  place: Place,
  binaries: Binaries,
): Promise<{ owner: Owner; binaries: Binaries }> {
  const owner = await ownerOf(place)
  return { owner, binaries: await reachableBinaries(binaries, owner) }
}
