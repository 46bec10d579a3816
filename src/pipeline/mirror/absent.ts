// Who is missing from a mirrored file: profiles its job delivered before and that no line of it leads to (design section 9).
import type { Shape } from '../../core/changeSet.ts'
import type { RecordMapper } from '../../core/mapped.ts'
import type { PreparedRecord } from '../../core/prepared.ts'
import { isOrdinary } from '../../core/triggers.ts'
import { leavesNew } from '../../core/waiting.ts'
import {
  addPresent,
  countAbsent,
  deliveredBefore,
  listAbsent,
  openPresence,
  type Delivered,
} from '../../db/mirror.ts'
import type pg from 'pg'
import type { Run } from '../../db/runs.ts'
import type { PipelineContext } from '../context.ts'
import { preparedBatches } from '../dryRun.ts'
import { shapeOf } from '../importChunks.ts'
import { indexKey, readIndex } from '../recordIndex.ts'

/** Kept in the run's validation under `mirror`. */
export interface Absent {
  /** Profiles that would be deleted. */
  readonly people: number
  /** How lists name the first of them. */
  readonly names: readonly string[]
  /** Lines whose identifiers cannot be read: while there are any, nobody is deleted. */
  readonly unreadable: number
  /** The physical line of the first of them. */
  readonly firstUnreadable: number | null
}

const examplesMax = 20

/** Whether the run deletes who is missing once it is complete. Retries are parts of a file; waiting records come later. */
export function mirrors(run: Run): boolean {
  return run.definition.policy.mode === 'mirror' && isOrdinary(run.trigger) && !leavesNew(run)
}

/** Who would be deleted, by the identifiers of the file and the profiles as they are now. Reads only. */
export function estimateAbsent(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  signal: AbortSignal,
): Promise<Absent> {
  return compare(context, run, mapper, signal, async (client, delivered, unreadable) => ({
    ...(await countAbsent(client, delivered, examplesMax)),
    unreadable: unreadable.count,
    firstUnreadable: unreadable.first,
  }))
}

/** Gives the profiles that are missing, in blocks, while the transaction is open in which they were found. */
export function withAbsent<T>(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  signal: AbortSignal,
  use: (profiles: AsyncIterable<readonly number[]>) => Promise<T>,
): Promise<T> {
  return compare(context, run, mapper, signal, (client, delivered) => use(listAbsent(client, delivered)))
}

interface Unreadable {
  count: number
  first: number | null
}

async function compare<T>(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  signal: AbortSignal,
  use: (client: pg.ClientBase, delivered: Delivered, unreadable: Unreadable) => Promise<T>,
): Promise<T> {
  const delivered = await deliveredBefore(context.db.pool, run)
  const shape = shapeOf(mapper, [], 'delete')
  const index = await readIndex(context.store, indexKey(run.namespaceId, run.runId))
  const where = { schema: run.namespace.schema, shape }
  const columns = identifierColumns(run)
  const unreadable: Unreadable = { count: 0, first: null }
  return context.db.transaction(async (client) => {
    await openPresence(client)
    for await (const { records } of preparedBatches(context, run, mapper, index, signal)) {
      for (const record of records)
        if (!isReadable(record, columns)) {
          unreadable.count++
          unreadable.first ??= record.at[0]
        }
      // Nobody can be missing from the first file of a job.
      if (delivered.runs.length === 0) continue
      const hits = await context.profiles.resolve(client, where, valuesOf(records, shape))
      await addPresent(client, context.profiles.matchedProfiles(hits))
    }
    return use(client, delivered, unreadable)
  })
}

/** All identifier values, also of lines that failed or were left out: a line is a sign of life, whatever became of it. */
function valuesOf(records: readonly PreparedRecord[], { slots }: Shape): Set<string>[] {
  const values = slots.map(() => new Set<string>())
  for (const { identifiers } of records)
    for (let slot = 0; slot < slots.length; slot++) {
      const value = identifiers[slot]
      if (value !== null && value !== undefined) values[slot]!.add(value)
    }
  return values
}

function identifierColumns({ definition }: Run): ReadonlySet<string> {
  const { columns } = definition.mapping
  return new Set(columns.filter(({ target }) => target.to === 'identifier').map(({ column }) => column))
}

/** Whether it is known whom a line is about: it could be read, and so could every identifier in it. */
function isReadable(record: PreparedRecord, columns: ReadonlySet<string>): boolean {
  const { failed, skipped, identifiers, warnings } = record
  if (failed !== null) {
    if (failed.stage === 'read' || columns.has(failed.column ?? '')) return false
    return identifiers.some((value) => value !== null)
  }
  if (skipped !== null) return true
  // What is nobody's identifier, such as "none", says nothing about anybody.
  return !(warnings ?? []).some(({ code, column }) => code !== 'identifier.junk' && columns.has(column ?? ''))
}
