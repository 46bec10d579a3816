// Which file of its source a run reads: its own, the next that nobody took, or none.
import type pg from 'pg'
import { failure, problem } from '../core/problems.ts'
import { passedOverWhys, type Findings, type SourceFile } from '../core/sourceFile.ts'
import type { Problem } from '../core/problem.ts'
import type { Database } from '../db/client.ts'
import type { Run } from '../db/runs.ts'
import {
  fileOfRun,
  forgetFiles,
  freeFiles,
  isVersioned,
  lockFiles,
  startFileRuns,
  takeFile,
  type VersionedFile,
} from '../db/sourceFiles.ts'

/** Files that get a run of their own in one go; the next look finds the rest. */
const spreadMax = 1_000

/** The file, or the problem because of which the run is skipped. */
export type Choice = { readonly file: SourceFile } | { readonly nothing: Problem }

/**
 * Chooses, and writes down who takes what. Where several files wait and the job takes all, the run takes the oldest
 * and each of the others gets a run of its own, oldest first. Throws `source.file_gone` where the file this run was
 * started for is not there any more.
 */
export async function chooseFile(db: Database, run: Run, findings: Findings): Promise<Choice> {
  const unversioned = findings.files.find((file) => !isVersioned(file))
  if (unversioned !== undefined) return { file: unversioned }
  const files = findings.files.filter(isVersioned)
  refuseNone(run, findings)
  const own = (await fileOfRun(db.pool, run)) ?? wanted(run)
  if (own !== null) {
    const file = files.find(({ path }) => path === own)
    if (file === undefined) throw failure('source.file_gone', { path: own })
    await takeFile(db.pool, run.job.id, run, file)
    return { file }
  }
  if (run.settings['dryRun'] === true) {
    // It takes no file away from the run that will import it.
    const file = (await openFiles(db.pool, run, files))[0] ?? files.at(-1)
    return file === undefined ? { nothing: nothingNew(run, findings) } : { file }
  }
  return db.transaction(async (client) => {
    await lockFiles(client, run.job.id)
    const [first, ...others] = await openFiles(client, run, files)
    if (first === undefined) return { nothing: nothingNew(run, findings) }
    await takeFile(client, run.job.id, run, first)
    const there = [...findings.files, ...findings.passedOver].map(({ path }) => path)
    await forgetFiles(client, run.job.id, there)
    await startFileRuns(client, { namespaceId: run.namespaceId, id: run.job.id }, others.slice(0, spreadMax))
    return { file: first }
  })
}

/** A job that is to run once waits for its file as for a source that does not answer: what follows is its policy. */
function refuseNone({ setup }: Run, { files, passedOver }: Findings): void {
  const { source, schedule, after } = setup
  if (source.kind !== 'folder' || files.length > 0 || passedOver.length > 0) return
  if (schedule === null && after === null && !source.onArrival)
    throw failure('source.no_file', { path: source.path === '' ? '.' : source.path, pattern: source.pattern })
}

/** What a person named when starting the run. */
function wanted({ settings }: Run): string | null {
  return typeof settings['file'] === 'string' ? settings['file'] : null
}

function openFiles(
  client: pg.ClientBase | pg.Pool,
  { settings, setup: { source }, job }: Run,
  files: readonly VersionedFile[],
): Promise<readonly VersionedFile[]> {
  // A person who says "again" means the file that came last.
  if (settings['again'] === true) return Promise.resolve(files.slice(-1))
  const take = source.kind === 'folder' ? source.take : 'all'
  return freeFiles(client, { id: job.id, take, givenBackBefore: null }, files)
}

function nothingNew(run: Run, { passedOver }: Findings): Problem {
  const reasons = [...Map.groupBy(passedOver, ({ why }) => why)].map(
    ([why, some]) => `${some.length} ${some.length === 1 ? 'is' : 'are'} passed over: ${passedOverWhys[why]}`,
  )
  const detail = reasons.length === 0 ? '' : ` (${reasons.join('; ')})`
  return problem('source.no_new_file', { detail, job: run.job.name })
}
