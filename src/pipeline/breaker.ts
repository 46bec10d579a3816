// Whether a validated run may write: what it would do, held against the limits of its job; and again after a release.
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import { holdsRun } from '../core/approval.ts'
import { drifted, tripsOf, usualRuns, type Prospect } from '../core/breaker.ts'
import { wasDropped } from '../core/dropped.ts'
import type { BreakerLimits } from '../core/job.ts'
import type { RecordMapper } from '../core/mapped.ts'
import { runName } from '../core/names.ts'
import type { Problem } from '../core/problem.ts'
import { problem } from '../core/problems.ts'
import { countProfiles, usualTotals } from '../db/breaker.ts'
import type { Run } from '../db/runs.ts'
import { columnsOf } from '../formats/detect.ts'
import type { PipelineContext } from './context.ts'
import { dryRun, type DryRunReport } from './dryRun.ts'
import { estimateAbsent, mirrors, type Absent } from './mirror/absent.ts'
import type { ValidationTally } from './tally.ts'

/** Why a run is held, and what it would do: kept in its validation under `held`. */
export interface HeldReport {
  /** Every limit it passes, the gravest first. */
  readonly trips: readonly Problem[]
  readonly plan: DryRunReport
  /** Of a mirror: who would be deleted because the file does not have them. */
  readonly absent: Absent | null
  /** A person released it, and its counts were still the same. */
  readonly approved?: boolean
}

export interface Verdict {
  readonly held: HeldReport | null
  /** Of a mirror: whom it expects to delete. */
  readonly mirror: Absent | null
}

export interface Watching {
  readonly signal: AbortSignal
  readonly onProgress: (done: number) => void
}

/** Judges a run before its first write (design section 7). Plans the whole file only where that is needed. */
export async function judgeRun(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  tally: ValidationTally,
  watching: Watching,
): Promise<Verdict> {
  const limits = run.definition.breaker
  const mirror = mirrors(run) ? await estimateAbsent(context, run, mapper, watching.signal) : null
  const approval = holdsRun(run.approval, run.trigger)
  if (limits === null && !approval) return { held: null, mirror }
  const deletes = run.definition.policy.mode === 'delete'
  const planned = deletes && tally.total > 0 ? await dryRun(context, run, mapper, watching) : null
  const trips = limits === null ? [] : await tripsFor(context, run, limits, { tally, planned, mirror })
  if (approval) trips.push(problem('approval.every_run', { run: runName(run.runId) }))
  if (trips.length === 0) return { held: null, mirror }
  const plan = planned ?? (await dryRun(context, run, mapper, watching))
  return { held: { trips, plan, absent: mirror }, mirror }
}

interface Known {
  readonly tally: ValidationTally
  readonly planned: DryRunReport | null
  readonly mirror: Absent | null
}

async function tripsFor(
  context: PipelineContext,
  run: Run,
  limits: BreakerLimits,
  { tally, planned, mirror }: Known,
): Promise<Problem[]> {
  const misled = misledBy(run, tally)
  const trips = tripsOf(limits, await prospectOf(context, run, tally, planned, mirror))
  return misled === null ? trips : [misled, ...trips]
}

/** A released run is planned anew: held again where its counts moved by more than 1 % (at least 10). */
export async function judgeAgain(
  context: PipelineContext,
  run: Run,
  mapper: RecordMapper,
  watching: Watching,
): Promise<HeldReport> {
  const before = heldOf(run)!
  const plan = await dryRun(context, run, mapper, watching)
  const absent = mirrors(run) ? await estimateAbsent(context, run, mapper, watching.signal) : null
  const moved = drifted(countsOf(before), countsOf({ plan, absent }))
  if (moved.length === 0) return { ...before, plan, absent, approved: true }
  const what = moved.map(({ key, before: was, now }) => `${words(key)} ${was} → ${now}`).join(', ')
  // That somebody else must approve it holds on, whatever settings say by then.
  const twice = before.trips.filter(({ code }) => code === 'approval.every_run')
  return { trips: [problem('breaker.moved', { what, run: runName(run.runId) }), ...twice], plan, absent }
}

/** `finished.created` → created; `failed.email.invalid` → failed email.invalid. */
function words(key: string): string {
  return key.replace(/^finished\./, '').replace(/^(skipped|failed)\./, '$1 ')
}

function countsOf({ plan, absent }: Pick<HeldReport, 'plan' | 'absent'>): Record<string, number> {
  return { ...plan.counters, ...(absent === null ? {} : { missing: absent.people }) }
}

/** The report of a run that is or was held, or null. */
export function heldOf(run: Pick<Run, 'validation'>): HeldReport | null {
  return (run.validation as { held?: HeldReport } | null)?.held ?? null
}

/** A person released it, and it has not been looked at since. */
export function isReleased(run: Run): boolean {
  const held = heldOf(run)
  return held !== null && held.approved !== true && !wasDropped(run)
}

async function prospectOf(
  context: PipelineContext,
  run: Run,
  tally: ValidationTally,
  planned: DryRunReport | null,
  absent: Absent | null,
): Promise<Prospect> {
  const { pool } = context.db
  // While lines cannot be read, a mirror deletes nobody.
  const missing = absent === null || absent.unreadable > 0 ? null : absent.people
  const deletes = planned?.counters['finished.deleted'] ?? missing
  return {
    run: runName(run.runId),
    total: tally.total,
    rejected: tally.rejected,
    deletes,
    profiles: deletes === null || deletes === 0 ? 0 : await countProfiles(pool, run.namespace.schema),
    usual: await usualTotals(pool, run, run.job.id, usualRuns),
    misplaced: await misplacedColumns(context, run),
    retyped: retypedColumns(run, tally),
  }
}

/** A proposal made from the beginning of a file stands while at most so many percent of a column's values do not fit. */
const misfitPercentMax = 5

/** The column of which the whole file says otherwise than its beginning did, when the mapping was proposed from that. */
function misledBy(run: Run, tally: ValidationTally): Problem | null {
  if (run.settings['sampled'] !== true || tally.total === 0) return null
  const [column, count] = Object.entries(tally.columns).sort((a, b) => b[1] - a[1])[0] ?? ['', 0]
  const percent = Math.round((count / tally.total) * 1000) / 10
  if (percent <= misfitPercentMax) return null
  return problem('mapping.misled', { column, count, percent, run: runName(run.runId) }, column)
}

/** A column has become another one when more than half of the records have a value in it that does not fit. */
const retypedPercent = 50
/** Of fewer records nothing can be said. */
const retypedRecordsMin = 10

function retypedColumns(run: Run, { total, columns, blanked }: ValidationTally): Prospect['retyped'] {
  if (total < retypedRecordsMin || run.settings['sampled'] === true) return []
  const names = new Set([...Object.keys(columns), ...Object.keys(blanked)])
  return [...names].flatMap((column) => {
    const percent = (((columns[column] ?? 0) + (blanked[column] ?? 0)) / total) * 100
    return percent > retypedPercent ? [{ column, percent: Math.round(percent * 10) / 10 }] : []
  })
}

/** A header is at the beginning; so many bytes are looked at. */
const headerBytes = 1 << 20

/** Mapped columns that are not in the header, or not where the mapping was made for: cells are read by their place. */
async function misplacedColumns({ store }: PipelineContext, run: Run): Promise<string[]> {
  const { dialect, columns, mapping } = run.definition
  const byPlace = dialect.format === 'csv' || dialect.format === 'rows'
  if (!byPlace || dialect.headerLines === 0) return []
  const header = columnsOf(await beginning(store, run.manifest as LandingManifest), dialect)
  return mapping.columns
    .filter(({ target, compute }) => target.to !== 'ignore' && compute === undefined)
    .map(({ column }) => column)
    .filter((column) => columns.includes(column) && !isExtra(column))
    .flatMap((column) => {
      if (!header.includes(column)) return [`${column} is missing`]
      return header.indexOf(column) === columns.indexOf(column) ? [] : [`${column} stands elsewhere`]
    })
}

/** Named by us, for fields that the header has no name for. */
function isExtra(column: string): boolean {
  return /^_extra_\d+_?$/.test(column)
}

async function beginning(store: PipelineContext['store'], manifest: LandingManifest): Promise<Uint8Array> {
  const blocks: Uint8Array[] = []
  let bytes = 0
  for await (const block of readLanding(store, manifest, 0)) {
    blocks.push(block)
    bytes += block.length
    if (bytes >= headerBytes) break
  }
  return Buffer.concat(blocks).subarray(0, headerBytes)
}
