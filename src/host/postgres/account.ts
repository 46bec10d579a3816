// The operating system user PostgreSQL runs as. It refuses to run as root, so root gets a user of its own for it.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { failure } from '../../core/problems.ts'
import type { Owner } from './place.ts'

const run = promisify(execFile)

// macOS brings a user for it; elsewhere it is ours.
const accountName = process.platform === 'darwin' ? '_postgres' : 'sluice'

/** Ourselves; as root the system user `sluice`, made where it is missing. Throws `postgres.no_account`. */
export async function accountForNewCluster(): Promise<Owner> {
  const uid = process.getuid?.() ?? 0
  if (uid !== 0) return { uid, gid: process.getgid?.() ?? 0 }
  return (await lookUp()) ?? (await add())
}

async function lookUp(): Promise<Owner | undefined> {
  try {
    const uid = await run('id', ['-u', accountName])
    const gid = await run('id', ['-g', accountName])
    return { uid: Number(uid.stdout), gid: Number(gid.stdout) }
  } catch {
    return undefined
  }
}

async function add(): Promise<Owner> {
  const flags = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent']
  try {
    await run('useradd', [...flags, '--shell', '/usr/sbin/nologin', accountName])
  } catch (error) {
    // Another home's first start may have added it at the same moment.
    const added = await lookUp()
    if (added !== undefined) return added
    throw failure('postgres.no_account', { detail: (error as Error).message }, { cause: error })
  }
  const added = await lookUp()
  if (added === undefined) throw failure('postgres.no_account', { detail: 'it was added and is not there' })
  return added
}
