// What must be right about a job: when it is set up, and once more before it is switched on.
import { connectorOf } from '../connectors/registry.ts'
import type { SourceIo } from '../connectors/contract.ts'
import { isTimeZone } from '../core/clean/zone.ts'
import { compileMapping } from '../core/compileMapping.ts'
import type { ImportDefinition } from '../core/job.ts'
import type { JobSetup } from '../core/jobSetup.ts'
import { openQuestions } from '../core/mappingFlags.ts'
import { failure } from '../core/problems.ts'
import type { LockedJob } from '../db/jobs.ts'

/** What can be told without looking at the source. Throws `job.setup_invalid`. */
export function checkSetup({ source, schedule, after, staged }: JobSetup): void {
  const refuse = (detail: string): Error => failure('job.setup_invalid', { detail })
  const zone = schedule?.zone
  if (zone !== undefined && zone !== null && !isTimeZone(zone))
    throw refuse(`the time zone ${zone} is not known; write it like Europe/Vienna.`)
  if (schedule !== null && schedule.start !== null && schedule.end !== null && schedule.end <= schedule.start)
    throw refuse('the schedule ends before it starts.')
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
): Promise<void> {
  if (definition.mapping.columns.length === 0) throw failure('job.no_mapping', { job: name })
  compileMapping(definition.mapping, definition.columns)
  const [open] = openQuestions(sample?.questions ?? [], definition.mapping)
  if (open !== undefined)
    throw failure('job.question_open', { job: name, question: open.question, flag: open.flags.join(' or ') })
  checkSetup(setup)
  await connectorOf(setup.source).check(setup.source, io)
}
