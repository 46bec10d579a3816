// Why a PostgreSQL program ended: the last lines of its log as a problem.
import { readFile, statfs } from 'node:fs/promises'
import { failure } from '../../core/problems.ts'

/** At most three lines; a log that cannot be read says so instead. */
export async function tailOf(file: string): Promise<string> {
  try {
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    return lines.slice(-3).join(' / ') || 'it said nothing'
  } catch (error) {
    return (error as Error).message
  }
}

/** `storage_full` where that was it, else `postgres.not_started` with what the program said last. */
export async function startFailure(home: string, log: string, program: string): Promise<Error> {
  const { bavail, bsize } = await statfs(home)
  const free = `${Math.floor((bavail * bsize) / 1_000_000)} MB`
  const said = await readFile(log, 'utf8').catch(() => '')
  // On a full disk not even the log may have taken a line.
  if (bavail === 0 || /No space left on device/.test(said.slice(-2000)))
    return failure('storage_full', { path: home, free })
  return failure('postgres.not_started', { detail: `${program}: ${await tailOf(log)}` })
}
