// Processes that a campaign kills: kill -9 or SIGSTOP from outside, whatever they are at.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { CrashOrder } from './crashWorker.ts'
import type { SchedulerOrder } from './schedulerProcess.ts'

export class Killable {
  readonly #child: ChildProcess

  private constructor(program: string, order: object) {
    const path = fileURLToPath(new URL(program, import.meta.url))
    this.#child = spawn(process.execPath, [path, JSON.stringify(order)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }

  /** A worker that lives until it is killed. */
  static worker(order: Omit<CrashOrder, 'death'>): Killable {
    const never = Number.MAX_SAFE_INTEGER
    return new Killable('./crashWorker.ts', {
      ...order,
      death: { committed: never, point: 'now', milliseconds: 0, batches: never },
    } satisfies CrashOrder)
  }

  static scheduler(order: SchedulerOrder): Killable {
    return new Killable('./schedulerProcess.ts', order)
  }

  get endedByItself(): boolean {
    return this.#child.exitCode !== null
  }

  signal(signal: 'SIGSTOP' | 'SIGCONT'): void {
    this.#child.kill(signal)
  }

  async kill(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return
    const exit = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await exit
  }
}
