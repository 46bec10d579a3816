// Which records are meant: the filters of the list, of retrying and of skipping.
import { z } from 'zod'
import { statesOf } from '../core/machine.ts'
import { parseRecordName } from '../core/origin.ts'
import { failure } from '../core/problems.ts'
import { outcomes, recordMachine, skipReasons, type RecordState } from '../core/record.ts'
import type { Namespace } from '../db/imports.ts'
import { jobIds } from '../db/read/jobIds.ts'
import type { RecordFilter } from '../db/read/records.ts'
import { runOf, type ApiContext } from './context.ts'
import { timeText } from './params.ts'
import { runIdParam } from './runId.ts'

const states = statesOf(recordMachine)
const stateList = new RegExp(`^(${states.join('|')})(,(${states.join('|')}))*$`)

export const recordIdText = z
  .string()
  .regex(/^r\d{1,15}\/\d{1,15}$/, 'a record id looks like r1042/17')
  .meta({ description: 'A record, for example r1042/17.' })

/** What became of the records that are meant. */
export const recordFilterSchema = z
  .object({
    run: runIdParam.optional(),
    job: z
      .union([z.string(), z.array(z.string()).max(100)])
      .optional()
      .meta({ description: 'Records of this job, or of these, by name.' }),
    state: z
      .string()
      .regex(stateList, `one or more of ${states.join(', ')}, with commas between them`)
      .optional()
      .meta({ description: `One or more of ${states.join(', ')}, with commas between them.` }),
    outcome: z.enum(outcomes).optional(),
    reason: z.enum(skipReasons).optional(),
    code: z.string().optional().meta({ description: 'Problem code of failed records.' }),
    id: recordIdText.optional().meta({ description: 'Exactly this record.' }),
    id_contains: z
      .string()
      .min(1)
      .max(40)
      .optional()
      .meta({ description: 'A part of the id: 1042/17, r104, 17.' }),
    type: z
      .string()
      .optional()
      .meta({ description: 'The record type: exactly this name of the file it came in.' }),
    type_contains: z.string().optional().meta({ description: 'A part of the name of the file.' }),
    identifier: z.string().optional().meta({ description: 'Exactly this identifier.' }),
    contains: z
      .string()
      .optional()
      .meta({ description: 'An identifier that contains this; 3 characters or a run.' }),
    profile: z.coerce.number().int().optional(),
    created_since: timeText.optional().meta({ description: 'Landed at or after.' }),
    created_until: timeText.optional().meta({ description: 'Landed before.' }),
    since: timeText.optional().meta({ description: 'Changed last at or after.' }),
    until: timeText.optional().meta({ description: 'Changed last before.' }),
  })
  .meta({ id: 'AskedFilter' })
export type AskedFilter = z.infer<typeof recordFilterSchema>

/** As the ledger is searched. Throws `search.too_short`; `not_found` for a run or a job that is not there. */
export async function filterOf(
  context: ApiContext,
  namespace: Namespace,
  asked: AskedFilter,
): Promise<RecordFilter> {
  const { contains, identifier, job, state, id, id_contains, type_contains, ...rest } = asked
  const { created_since, created_until, ...same } = rest
  if (contains !== undefined && contains.length < 3 && rest.run === undefined)
    throw failure('search.too_short')
  if (rest.run !== undefined) await runOf(context, namespace, rest.run)
  return {
    ...same,
    jobs: job === undefined ? undefined : await jobsNamed(context, namespace, job),
    state: state?.split(',') as RecordState[] | undefined,
    id: id === undefined ? undefined : parseRecordName(id),
    idContains: id_contains,
    typeContains: type_contains,
    createdSince: created_since,
    createdUntil: created_until,
    contains: contains?.toLowerCase(),
    identifier: identifier?.trim(),
  }
}

async function jobsNamed(
  context: ApiContext,
  namespace: Namespace,
  job: string | readonly string[],
): Promise<number[]> {
  const names = typeof job === 'string' ? [job] : job
  const found = await jobIds(context.database.pool, namespace.id, names)
  const missing = names.find((name) => !found.some((one) => one.name === name))
  if (missing !== undefined) throw failure('not_found', { noun: 'job', id: missing })
  return found.map(({ id }) => id)
}
