// The times of a run as the API answers them: its two phases, its stages, its pace, and when it will be done.
import { z } from 'zod'
import { expectedEnd, type PastRun } from '../core/expectedEnd.ts'
import { toCounters } from '../core/law.ts'
import { isSettled, runStages, type RunStage } from '../core/run.ts'
import { fetchStates, processStates, type FetchState, type ProcessState } from '../core/vendors/words.ts'
import type { RunRow } from '../db/read/runs.ts'

const seconds = z.number().min(0)

export const secondsSchema = z
  .object({
    all: seconds,
    fetching: seconds,
    validating: seconds,
    importing: seconds,
    processing: seconds,
  })
  .meta({ id: 'Seconds' })

export const stageSchema = z
  .object({
    stage: z.enum(runStages),
    startedAt: z.string().meta({ description: 'When it began, or went on.' }),
    endedAt: z.string().nullable(),
    seconds: z.number().meta({ description: 'Of all attempts together.' }),
  })
  .meta({ id: 'Stage' })

export const fetchSchema = z
  .object({
    status: z.enum(fetchStates),
    startedAt: z.string().nullable(),
    endedAt: z.string().nullable(),
  })
  .meta({ id: 'Fetch' })

export const expectedSchema = z
  .object({
    seconds: z.number().meta({ description: 'Seconds of work that are left.' }),
    at: z.string().nullable().meta({ description: 'When it will be done; null: it has not begun.' }),
    by: z.enum(['progress', 'history']).meta({
      description: 'progress: from its own pace; history: from earlier runs of the job.',
    }),
  })
  .meta({ id: 'Expected' })

export const processStateSchema = z.enum(processStates)

type Stages = z.infer<typeof stageSchema>[]

/** Seconds per stage; those of the stage it is in up to now. */
export function secondsOf(row: RunRow): z.infer<typeof secondsSchema> {
  const now = Date.parse(row.now)
  const since = (from: string): number => Math.max(0, (now - Date.parse(from)) / 1000)
  const stage = (name: RunStage): number => {
    const times = row.stages[name]
    const open = row.state === name && times?.started !== undefined ? since(times.started) : 0
    return round((times?.seconds ?? 0) + open)
  }
  const stages = Object.fromEntries(runStages.map((name) => [name, stage(name)])) as Record<RunStage, number>
  // An upload is fetched before its run exists: the landing has the time.
  if (stages.fetching === 0) stages.fetching = round(row.landing_seconds ?? 0)
  return { all: round(runStages.reduce((all, name) => all + stages[name], 0)), ...stages }
}

/** The stages it has entered, in their order. */
export function stagesOf(row: RunRow): Stages {
  const all = secondsOf(row)
  return runStages.flatMap((stage) => {
    const times = row.stages[stage]
    if (times?.started === undefined) return []
    // A stage that is entered again keeps the end of its last attempt until it ends again.
    const endedAt = row.state === stage ? null : (times.ended ?? null)
    return [{ stage, startedAt: times.started, endedAt, seconds: all[stage] }]
  })
}

/** The fetch has a status of its own (BS-12 to BS-15); null: the run reads nothing from a source. */
export function fetchOf(row: RunRow): z.infer<typeof fetchSchema> | null {
  const { fetched, stages, state } = row
  if (fetched !== null)
    return { status: fetched.status, startedAt: fetched.startedAt ?? null, endedAt: fetched.endedAt ?? null }
  const times = stages.fetching
  if (times?.started === undefined) return null
  const open = state === 'fetching'
  const status: FetchState = open ? 'fetching' : row.landing_id === null ? 'failed' : 'fetched'
  return { status, startedAt: times.started, endedAt: open ? null : (times.ended ?? null) }
}

/** Beside it, what became of what was fetched (BS-17); null: nothing has been processed yet, or nothing will be. */
export function processOf(row: RunRow): ProcessState | null {
  const { state, stages } = row
  if (stages.validating === undefined || state === 'skipped') return null
  if (state === 'completed' || state === 'completed_with_errors' || state === 'reverted') return 'processed'
  return isSettled(state) ? 'failed' : 'processing'
}

/** Records a second while importing; null: too short to tell. */
export function rateOf(row: RunRow): number | null {
  const { importing } = secondsOf(row)
  const { read } = toCounters(row.counters, row.total ?? 0)
  return importing >= 0.5 && read > 0 ? Math.round(read / importing) : null
}

/** How many percent of the records failed, with two decimals (BC-13); null: they are not counted yet. */
export function failedPercentOf(row: RunRow): number | null {
  const { failed, total } = toCounters(row.counters, row.total ?? 0)
  return total === 0 ? null : Math.round((failed.total / total) * 10_000) / 100
}

/** When it will be done; null: it is, or nobody can know yet. */
export function expectedOf(row: RunRow): z.infer<typeof expectedSchema> | null {
  if (isSettled(row.state) || row.sleeping !== null) return null
  const found = expectedEnd(
    {
      state: row.state,
      seconds: secondsOf(row),
      share: shareOf(row),
      records: row.total,
      bytes: row.content_bytes ?? 0,
    },
    row.past.map(pastRun),
  )
  if (found === null) return null
  const at = new Date(Date.parse(row.now) + found.seconds * 1000).toISOString()
  return { seconds: round(found.seconds), at: row.state === 'queued' ? null : at, by: found.by }
}

/** How much of the stage it is in is done. */
function shareOf({ state, progress, counters, total }: RunRow): number | null {
  const { bytes, bytesTotal } = progress ?? {}
  if (state === 'importing' && total !== null && total > 0) return toCounters(counters, total).read / total
  if (state !== 'validating' || typeof bytes !== 'number' || typeof bytesTotal !== 'number') return null
  return bytesTotal === 0 ? null : bytes / bytesTotal
}

function pastRun({ records, bytes, stages }: RunRow['past'][number]): PastRun {
  const spent = runStages.map((stage) => [stage, stages[stage]?.seconds ?? 0])
  return { records, bytes: bytes ?? 0, seconds: Object.fromEntries(spent) as PastRun['seconds'] }
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000
}
