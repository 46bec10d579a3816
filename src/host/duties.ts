// Runs the engine's duties in the server process: each in a loop of its own, so that none waits for another.
import type { BlobStore } from '../blobs/store.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import type { Database } from '../db/client.ts'
import type { duties as list } from '../engine/duties.ts'
import type { Duty } from '../engine/duty.ts'
import type { Log } from './log.ts'

/** The longest pause after failures in a row: so many usual ones, and in milliseconds. */
const longestPauses = 8
const longestPause = 60_000

export interface DutyHost {
  readonly db: Database
  readonly store: BlobStore
  /** Below which folders are watched; null: none was named at the start. */
  readonly root?: string | null
  readonly log: Log
  /** Another one in tests. */
  readonly clock?: Clock
}

/**
 * Begins all duties; answers how to end them, which waits for what is under way. A duty that fails is logged and called
 * again after twice its pause, then twice that, up to eight of them or a minute.
 */
export function runDuties(
  { db, store, root = null, log: hostLog, clock = systemClock }: DutyHost,
  entries: typeof list,
): () => Promise<void> {
  const leave = new AbortController()
  const { signal } = leave
  const log = { ...hostLog, warn: (details: object, message: string) => hostLog.info(details, message) }
  const loops = entries.map(async ({ name, everySeconds, make }) => {
    const duty = make({ db, store, root, clock, log, signal })
    const failed = (error: unknown): void => {
      if (!signal.aborted) hostLog.error(error, `duty ${name}`)
    }
    await repeat(duty, everySeconds * 1000, { clock, signal, failed })
  })
  return async () => {
    leave.abort()
    await Promise.all(loops)
  }
}

interface Loop {
  readonly clock: Clock
  readonly signal: AbortSignal
  readonly failed: (error: unknown) => void
}

async function repeat(duty: Duty, pause: number, { clock, signal, failed }: Loop): Promise<void> {
  let failures = 0
  while (!signal.aborted) {
    let next: Date | undefined | void
    try {
      next = await duty.runOnce(new Date(clock.now()))
      failures = 0
    } catch (error) {
      failures++
      failed(error)
    }
    if (signal.aborted) return
    const rest =
      failures === 0
        ? pause
        : Math.min(pause * Math.min(2 ** failures, longestPauses), Math.max(pause, longestPause))
    const asked = next instanceof Date ? Math.max(0, next.getTime() - clock.now()) : rest
    await clock.pause(Math.min(rest, asked), signal).catch(() => {})
  }
}
