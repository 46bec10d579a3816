// Where the records of a run come from: its landing, a corrected error file, or selections of earlier runs' records.
import { retryOf } from '../core/retry.ts'
import { processOf } from '../core/waiting.ts'
import type { Run } from '../db/runs.ts'
import { Corrections } from './corrections.ts'
import { WholeLanding, type RecordSource, type SourceContext } from './landingRecords.ts'
import { Parts } from './partsSource.ts'
import { Selection } from './selectionSource.ts'

/** The source of a run. Read a second time it gives the same records. */
export function sourceOf(context: SourceContext, run: Run): RecordSource {
  const retry = retryOf(run.trigger, run.settings)
  const process = processOf(run.trigger, run.settings)
  if (process !== null) return new Parts(context, run, process.process)
  if (retry === null) return new WholeLanding(context.store, run)
  if (retry.selection !== undefined) return new Selection(context.store, run, retry.selection)
  return new Corrections(context, run)
}
