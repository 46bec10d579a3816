// The phases of a run in their order, with what became of each: pure, from the answer of the API.
import type { RunView } from '../../../client/index.ts'
import { runMachine, runStages } from '../../../core/run.ts'
import { isOrdinary } from '../../../core/triggers.ts'

export interface Phase {
  readonly name: 'queued' | (typeof runStages)[number]
  readonly label: string
  readonly doc: string
  /** ended: the run came to its end in this phase, and not because all was done. */
  readonly is: 'done' | 'active' | 'ahead' | 'ended'
  /** Of all attempts together; null: it has not begun, or nobody measured. */
  readonly seconds: number | null
  readonly startedAt: string | null
  readonly endedAt: string | null
}

/** What it has gone through, what it is in, and, as long as it is not over, what is still ahead. */
export function phasesOf(view: RunView): Phase[] {
  const { run } = view
  const stages = runStages
    .filter((stage) => stage !== 'fetching' || readsSource(view))
    .map((stage) => stageOf(view, stage))
    .filter((phase) => phase.is !== 'ahead' || !run.settled)
  // An upload lies there before its run exists.
  const [first, ...rest] = stages
  const before = first?.name === 'fetching' && first.startedAt !== null && first.startedAt < run.createdAt
  return before ? [first, queuedOf(view), ...rest] : [queuedOf(view), ...stages]
}

function readsSource({ run }: RunView): boolean {
  return run.fetch !== null || (run.file === null && isOrdinary(run.trigger))
}

function queuedOf({ run }: RunView): Phase {
  const first = run.stages.find(({ startedAt }) => startedAt > run.createdAt)?.startedAt ?? run.startedAt
  const waited = first === null ? null : Math.max(0, (Date.parse(first) - Date.parse(run.createdAt)) / 1_000)
  return {
    name: 'queued',
    ...words('queued'),
    is: run.state === 'queued' ? 'active' : 'done',
    seconds: waited,
    startedAt: run.createdAt,
    endedAt: first,
  }
}

function stageOf({ run, seconds }: RunView, name: (typeof runStages)[number]): Phase {
  const entered = run.stages.find(({ stage }) => stage === name)
  const fetched = name === 'fetching' ? run.fetch : null
  const startedAt = entered?.startedAt ?? fetched?.startedAt ?? null
  const last = run.stages.at(-1)?.stage === name
  const whole = ['good', 'warn'].includes(runMachine.states[run.state].tone) && run.state !== 'partial'
  const is =
    run.state === name
      ? 'active'
      : startedAt === null
        ? 'ahead'
        : run.settled && last && !whole && run.state !== 'skipped' && run.state !== 'reverted'
          ? 'ended'
          : 'done'
  return {
    name,
    ...words(name),
    is,
    seconds: startedAt === null ? null : seconds[name],
    startedAt,
    endedAt: entered?.endedAt ?? fetched?.endedAt ?? null,
  }
}

function words(name: Phase['name']): { label: string; doc: string } {
  const { label, doc } = runMachine.states[name]
  return { label, doc }
}

export interface Share {
  /** 0 to 1; null: nobody knows yet. */
  readonly share: number | null
  readonly done: number
  readonly of: number | null
  readonly unit: 'records' | 'bytes'
}

/** How far the stage is that the run is in; null: it is in none. */
export function shareOf({ run, counters }: RunView): Share | null {
  const { state, progress } = run
  if (state === 'importing' || state === 'stopping') {
    const { total, read } = counters
    const share = total === null || total === 0 ? null : read / total
    return { share, done: read, of: total, unit: 'records' }
  }
  if (state !== 'validating' && state !== 'fetching' && state !== 'processing') return null
  const { bytes = 0, bytesTotal = 0, done = 0 } = progress?.stage === state ? progress : {}
  if (bytesTotal > 0)
    return { share: Math.min(1, bytes / bytesTotal), done: bytes, of: bytesTotal, unit: 'bytes' }
  return done > 0
    ? { share: null, done, of: null, unit: 'records' }
    : { share: null, done: bytes, of: null, unit: 'bytes' }
}
