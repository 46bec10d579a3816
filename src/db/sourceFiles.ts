// Which files of a source were taken, and by which run: a file is processed once, unless it changes.
import type pg from 'pg'
import type { SourceFile } from '../core/sourceFile.ts'
import { startJobRun } from './jobRuns.ts'
import type { RunKey } from './moves.ts'

/** A file with a size and a time. */
export type VersionedFile = SourceFile & { readonly version: NonNullable<SourceFile['version']> }

export function isVersioned(file: SourceFile): file is VersionedFile {
  return file.version !== null
}

/** A run that ended before anything was written gives its file back: another run may take it. */
const givesBack = (run: string): string =>
  `(${run}.state = 'failed' or (${run}.state in ('halted', 'stopped') and ${run}.total is null))`

/** The files as a table `f`; its parameters are `$2` to `$4`. */
export const listedFiles = `unnest($2::text[], $3::bigint[], $4::bigint[]) with ordinality f (path, bytes, modified, n)`

/** Parameters of `listedFiles`. */
export function columnsOf(files: readonly VersionedFile[]): [string[], number[], number[]] {
  return [
    files.map(({ path }) => path),
    files.map(({ version }) => version.bytes),
    files.map(({ version }) => version.modified),
  ]
}

/** What decides which files a job may take. */
export interface Taking {
  readonly id: number
  /** Of several files the newest alone, and none older than what was taken before; or all of them. */
  readonly take: 'newest' | 'all'
  /**
   * Only what was given back before this time (milliseconds since 1970) is free again: who watches a folder must not
   * start a run for the same broken file again and again. Null: all of it.
   */
  readonly givenBackBefore: number | null
}

/** Those of the files that the job may take, in their order, which is oldest first. */
export async function freeFiles(
  client: pg.ClientBase | pg.Pool,
  { id, take, givenBackBefore }: Taking,
  files: readonly VersionedFile[],
): Promise<VersionedFile[]> {
  const candidates = take === 'newest' ? files.slice(-1) : files
  const { rows } = await client.query<{ taken: boolean }>(
    `select s.run_id is not null and not (r.id is not null and ${givesBack('r')} and ($5::timestamptz is null or r.ended_at < $5)) as taken
     from ${listedFiles}
     left join sluice.source_file s on s.job_id = $1 and s.path = f.path and s.bytes = f.bytes and s.modified = f.modified
     left join sluice.run r on r.namespace_id = s.namespace_id and r.id = s.run_id
     order by f.n`,
    [id, ...columnsOf(candidates), givenBackBefore === null ? null : new Date(givenBackBefore)],
  )
  const free = candidates.filter((_, i) => !rows[i]!.taken)
  if (take === 'all' || free.length === 0) return free
  const before = await newestTaken(client, id)
  return free.filter(({ order }) => before === null || order >= before)
}

/** The age of the newest file that was taken, or null. */
async function newestTaken(client: pg.ClientBase | pg.Pool, jobId: number): Promise<string | null> {
  const { rows } = await client.query<{ age_order: string }>(
    `select s.age_order from sluice.source_file s
     left join sluice.run r on r.namespace_id = s.namespace_id and r.id = s.run_id
     where s.job_id = $1 and not (r.id is not null and ${givesBack('r')}) order by s.age_order desc limit 1`,
    [jobId],
  )
  return rows[0]?.age_order ?? null
}

/** Writes down that a run takes a file; whoever had it before has given it back. */
export async function takeFile(
  client: pg.ClientBase | pg.Pool,
  jobId: number,
  run: RunKey,
  file: VersionedFile,
): Promise<void> {
  const { path, version, order } = file
  await client.query(
    `insert into sluice.source_file (job_id, path, bytes, modified, namespace_id, run_id, age_order)
     values ($1, $2, $3, $4, $5, $6, $7)
     on conflict (job_id, path, bytes, modified) do update
       set run_id = excluded.run_id, taken_at = excluded.taken_at, content_sha256 = null`,
    [jobId, path, version.bytes, version.modified, run.namespaceId, run.runId, order],
  )
}

/** The path of the file a run was started for, or took before; null: none. */
export async function fileOfRun(client: pg.ClientBase | pg.Pool, run: RunKey): Promise<string | null> {
  const { rows } = await client.query<{ path: string }>(
    `select path from sluice.source_file where namespace_id = $1 and run_id = $2 order by taken_at desc limit 1`,
    [run.namespaceId, run.runId],
  )
  return rows[0]?.path ?? null
}

/** One choice at a time per job: two runs, or two servers, must not take the same file. */
export async function lockFiles(client: pg.ClientBase, jobId: number): Promise<void> {
  await client.query('select from sluice.job where id = $1 for update', [jobId])
}

/** Days for which it is remembered that a file was taken after it has left its folder. */
const rememberedDays = 90

/** Forgets files that have left their folder long ago. `paths`: what lies there now. */
export async function forgetFiles(
  client: pg.ClientBase | pg.Pool,
  jobId: number,
  paths: readonly string[],
): Promise<void> {
  await client.query(
    `delete from sluice.source_file where job_id = $1 and taken_at < now() - make_interval(days => ${rememberedDays}) and path <> all($2)`,
    [jobId, paths],
  )
}

/** Starts a run for each of the files, in their order, which nobody may have taken: call it under `lockFiles`. */
export async function startFileRuns(
  client: pg.ClientBase,
  job: { readonly namespaceId: number; readonly id: number },
  files: readonly VersionedFile[],
): Promise<number[]> {
  const runs: number[] = []
  for (const file of files) {
    const { namespaceId, id: jobId } = job
    const settings = { file: file.path }
    const runId = await startJobRun(client, { namespaceId, jobId, trigger: 'file', settings })
    if (runId === null) continue
    await takeFile(client, jobId, { namespaceId, runId }, file)
    runs.push(runId)
  }
  return runs
}
