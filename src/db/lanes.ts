// In which lane a new run goes: that of its job's version, or that of previews where nothing will be written for now.
import { previewLane } from '../core/run.ts'

/** SQL of the lane; the arguments are SQL too. */
export function laneSql(job: string, version: string, settings: string): string {
  return `case when ${settings}::jsonb ->> 'dryRun' = 'true' or ${settings}::jsonb ->> 'preview' = 'true' then '${previewLane}'
    else coalesce((select v.setup ->> 'lane' from sluice.job_version v where v.job_id = ${job} and v.version = ${version}), 'main') end`
}
