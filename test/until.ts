// Waits for something that happens outside this process and cannot signal.
import { setTimeout as pause } from 'node:timers/promises'

/** Asks until the answer is neither false nor undefined; a test that waits in vain ends by its own time limit. */
export async function until<T>(ask: () => Promise<T | false | undefined>): Promise<T> {
  for (;;) {
    const answer = await ask()
    if (answer !== false && answer !== undefined) return answer
    await pause(20)
  }
}
