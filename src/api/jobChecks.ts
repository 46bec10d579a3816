// What must be right about a job: when it is set up, and once more before it is switched on.
import { connectorOf } from '../connectors/registry.ts'
import type { SourceIo } from '../connectors/contract.ts'
import { compileMapping } from '../core/compileMapping.ts'
import type { ImportDefinition } from '../core/job.ts'
import type { JobSetup } from '../core/jobSetup.ts'
import { openQuestions } from '../core/mappingFlags.ts'
import { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { scheduleProblem } from '../core/schedule/preview.ts'
import type { LockedJob } from '../db/jobs.ts'

/**
 * What can be told without looking at the source. `zone`: of the namespace; `now`: ISO 8601. Throws `job.setup_invalid`,
 * and what is wrong with a schedule.
 */
export function checkSetup(
  { source, schedule, after, staged }: JobSetup,
  { zone, now }: { readonly zone: string; readonly now: string },
): void {
  const refuse = (detail: string): Error => failure('job.setup_invalid', { detail })
  const wrong = schedule === null ? null : scheduleProblem(schedule, schedule.zone ?? zone, Date.parse(now))
  if (wrong !== null) throw new SluiceError(wrong)
  if (source.kind === 'upload' && (schedule !== null || after !== null))
    throw refuse(
      'files that are given by hand come when they come: a job with a schedule needs a source of its own, such as a folder.',
    )
  if (source.kind === 'upload' && staged !== null)
    throw refuse('a staged job needs a source of its own, such as a folder.')
}

/** A mapping that is there fits itself and its header; a draft may still have none. Throws what `compileMapping` throws. */
export function checkMapped({ mapping, columns }: ImportDefinition): void {
  if (mapping.columns.length === 0) return
  try {
    compileMapping(mapping, columns)
  } catch (error) {
    // A draft may lack an identifier; activating it finds out.
    if ((error as { problem?: { code?: string } }).problem?.code !== 'mapping.no_identifier') throw error
  }
}

/**
 * Everything a run needs: a mapping with an identifier (BS-D07) and no open question, a source that can be reached.
 * Throws what is missing.
 */
export async function checkReady(
  { name, definition, setup, sample }: Pick<LockedJob, 'name' | 'definition' | 'setup' | 'sample'>,
  io: SourceIo,
  around: { readonly zone: string; readonly now: string },
): Promise<void> {
  if (definition.mapping.columns.length === 0) throw failure('job.no_mapping', { job: name })
  compileMapping(definition.mapping, definition.columns)
  const [open] = openQuestions(sample?.questions ?? [], definition.mapping)
  if (open !== undefined)
    throw failure('job.question_open', { job: name, question: open.question, flag: open.flags.join(' or ') })
  checkSetup(setup, around)
  await connectorOf(setup.source).check(setup.source, io)
}
