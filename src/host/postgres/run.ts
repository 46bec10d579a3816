// Starts PostgreSQL programs: as their user, away from our terminal, reaching folders that are closed to that user.
import { spawn, type ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import { open, type FileHandle } from 'node:fs/promises'
import type { Binaries } from './binaries.ts'
import { isForeign, type Owner } from './place.ts'

export interface Launch {
  readonly binaries: Binaries
  readonly owner: Owner
  readonly program: 'initdb' | 'postgres'
  /** Files and folders the program opens; their paths, as the program may use them, are handed to `args`. */
  readonly paths: readonly string[]
  readonly args: (paths: readonly string[]) => readonly string[]
  /** Open file that takes what it prints. */
  readonly output: FileHandle
}

/**
 * Starts the program in an OS session of its own. Where it runs as another user, that user cannot walk down to a home
 * closed to others; Linux lets it reach an inherited descriptor all the same, so the home stays closed.
 */
export async function launch({
  binaries,
  owner,
  program,
  paths,
  args,
  output,
}: Launch): Promise<ChildProcess> {
  const handles = isForeign(owner) ? await Promise.all(paths.map((path) => open(path, 'r'))) : []
  try {
    const seen = handles.length === 0 ? paths : handles.map((_, index) => `/proc/self/fd/${index + 3}`)
    return spawn(join(binaries.folder, 'bin', program), args(seen), {
      ...(isForeign(owner) ? owner : {}),
      cwd: '/',
      // Nothing of our environment: PGDATA, PGOPTIONS or LANG of the person's shell would change what it does.
      env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
      detached: true,
      stdio: ['ignore', output.fd, output.fd, ...handles.map((handle) => handle.fd)],
    })
  } finally {
    await Promise.all(handles.map((handle) => handle.close()))
  }
}

/** The exit code; a signal counts as 1. */
export function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}
