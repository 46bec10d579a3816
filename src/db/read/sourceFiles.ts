// What is known of the files that lie in a job's source: who took each, and since when it rests.
import type pg from 'pg'
import type { RunState } from '../../core/run.ts'
import { columnsOf, listedFiles, type VersionedFile } from '../sourceFiles.ts'

export interface FileHistory {
  /** Null: no run took it in this version. */
  readonly run: number | null
  readonly state: RunState | null
  /** ISO 8601. */
  readonly takenAt: string | null
  /** Since when it has this size and time; only of files that may be arriving. */
  readonly restsSince: string | null
}

/** In the order of the files. */
export async function fileHistories(
  client: pg.ClientBase | pg.Pool,
  jobId: number,
  files: readonly VersionedFile[],
): Promise<FileHistory[]> {
  const { rows } = await client.query<FileHistory>(
    `select s.run_id as run, r.state, to_json(s.taken_at) #>> '{}' as "takenAt",
       to_json(a.unchanged_since) #>> '{}' as "restsSince"
     from ${listedFiles}
     left join sluice.source_file s on s.job_id = $1 and s.path = f.path and s.bytes = f.bytes and s.modified = f.modified
     left join sluice.run r on r.namespace_id = s.namespace_id and r.id = s.run_id
     left join sluice.arrival a on a.job_id = $1 and a.path = f.path and a.bytes = f.bytes and a.modified = f.modified
     order by f.n`,
    [jobId, ...columnsOf(files)],
  )
  return rows
}
