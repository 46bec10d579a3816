// When a run will be done: from its own progress, and where that does not tell yet, from earlier runs of its job. Pure.
import { runStages, type RunStage, type RunState } from './run.ts'

export type StageSeconds = Readonly<Partial<Record<RunStage, number>>>

/** An earlier run of the job that came to its end. */
export interface PastRun {
  readonly records: number
  readonly bytes: number
  readonly seconds: StageSeconds
}

export interface RunSoFar {
  readonly state: RunState
  /** Seconds that each stage has taken until now. */
  readonly seconds: StageSeconds
  /** How much of the stage it is in is done, from 0 to 1; null: it does not tell. */
  readonly share: number | null
  /** Records of its file; null: not counted yet. */
  readonly records: number | null
  readonly bytes: number
}

export interface Expected {
  /** Seconds of work that are left. */
  readonly seconds: number
  /** What it follows from. */
  readonly by: 'progress' | 'history'
}

/** Before so much of a stage is done, and for so long, its own speed says little. */
const shareMin = 0.02
const secondsMin = 0.5

/** A run so many times larger than an earlier one is not measured by it: what takes two records a second says nothing of a million. */
const timesLargerMax = 20

/** Null: nobody can know yet. */
export function expectedEnd(run: RunSoFar, past: readonly PastRun[]): Expected | null {
  const at = run.state === 'queued' ? 0 : runStages.indexOf(run.state as RunStage)
  if (at < 0) return null
  const own = run.state === 'queued' ? null : ownPace(run, runStages[at]!)
  let left = 0
  for (const stage of runStages.slice(at)) {
    const current = stage === runStages[at] && run.state !== 'queued'
    if (current && own !== null) left += own
    else {
      const usual = usualSeconds(run, past, stage)
      // Without earlier runs the last touches are counted as nothing: they are short.
      if (usual === null && stage !== 'processing' && (stage !== 'fetching' || current)) return null
      left += Math.max(0, (usual ?? 0) - (current ? (run.seconds[stage] ?? 0) : 0))
    }
  }
  return { seconds: left, by: own === null ? 'history' : 'progress' }
}

function ownPace({ share, seconds }: RunSoFar, stage: RunStage): number | null {
  const spent = seconds[stage] ?? 0
  if (share === null || share < shareMin || spent < secondsMin) return null
  return (spent / Math.min(1, share)) * (1 - Math.min(1, share))
}

/** What the stage took in earlier runs, for so many records, or bytes where records are not counted yet. */
function usualSeconds(
  { records, bytes }: RunSoFar,
  past: readonly PastRun[],
  stage: RunStage,
): number | null {
  const size = (run: { records: number | null; bytes: number }): number =>
    records === null ? run.bytes : (run.records ?? 0)
  const now = size({ records, bytes })
  const like = past.filter((run) => now <= size(run) * timesLargerMax)
  const all = like.reduce((sum, run) => sum + size(run), 0)
  if (all === 0) return null
  const spent = like.reduce((sum, run) => sum + (run.seconds[stage] ?? 0), 0)
  return (spent / all) * now
}
