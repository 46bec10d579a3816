// Waiting for a run while a caller holds the line.
import { setTimeout as pause } from 'node:timers/promises'
import { isSettled } from '../core/run.ts'
import type { Namespace } from '../db/imports.ts'
import type { RunRow } from '../db/read/runs.ts'
import { runOf, type ApiContext } from './context.ts'

const firstPause = 50
const longestPause = 1_000

/** The run when it has ended or waits for a person, or as it is after so many seconds, or when the caller has gone. */
export async function waitForRun(
  context: ApiContext,
  namespace: Namespace,
  run: number,
  seconds: number,
  gone: AbortSignal,
): Promise<RunRow> {
  let left = seconds * 1_000
  for (let ms = firstPause; ; ms = Math.min(ms * 1.5, longestPause)) {
    const row = await runOf(context, namespace, run)
    if (isOver(row) || left <= 0 || gone.aborted) return row
    await pause(Math.min(ms, left), undefined, { signal: gone }).catch(() => {})
    left -= ms
  }
}

/** Nothing moves by itself any more. */
export function isOver({ state }: RunRow): boolean {
  return isSettled(state) || state === 'held'
}
