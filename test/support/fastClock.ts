// A clock that runs a thousand times faster than the wall's: an hour passes in four seconds.
import { systemClock, type Clock } from '../../src/core/clock.ts'

const factor = 1_000

export class FastClock implements Clock {
  /** The longest pause anyone asked for, in its own milliseconds. */
  longestPause = 0
  readonly #start = systemClock.now()

  now(): number {
    return this.#start + (systemClock.now() - this.#start) * factor
  }

  pause(ms: number, signal?: AbortSignal): Promise<void> {
    this.longestPause = Math.max(this.longestPause, ms)
    return systemClock.pause(Math.max(1, ms / factor), signal)
  }
}
