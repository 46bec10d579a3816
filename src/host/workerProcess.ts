// Keeps a worker process running: runs are done there, so that an import never slows the API.
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { giveWay } from './giveWay.ts'
import type { Log } from './log.ts'

const firstPause = 500
const longestPause = 30_000
// A worker that lived this long was healthy: its end is news, not a loop.
const healthyAfter = 60_000
// A batch in hand is finished first; after that its lease runs out and another worker takes it over.
const stopWithin = 15_000

// Megabytes. A young generation left to itself grows to three times this, and the process with it; half a gigabyte of
// old space is room for the widest records, which a run of ordinary ones never comes near.
const memory = ['--max-semi-space-size=32', '--max-old-space-size=512']

// The channel has no messages: its end tells the worker that we are gone.
/** Starts the worker and starts it again, with growing pauses, whenever it ends; answers how to stop it. */
export function startWorker(main: string, root: string | null, log: Log): () => Promise<void> {
  let child: ChildProcess | undefined
  let timer: NodeJS.Timeout | undefined
  let pause = firstPause
  let stopping = false
  const start = (): void => {
    const started = performance.now()
    child = spawn(process.execPath, [...memory, main, 'worker', ...(root === null ? [] : ['--root', root])], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    giveWay(child.pid)
    child.on('error', (error) => log.error(error, 'worker'))
    child.on('exit', (code, signal) => {
      if (stopping) return
      pause = performance.now() - started > healthyAfter ? firstPause : Math.min(pause * 2, longestPause)
      log.info({ code, signal, pause }, 'the worker ended; it is started again')
      timer = setTimeout(start, pause)
    })
    log.info({ pid: child.pid }, 'worker started')
  }
  start()
  return async () => {
    stopping = true
    clearTimeout(timer)
    await endOf(child)
  }
}

async function endOf(child: ChildProcess | undefined): Promise<void> {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return
  const exit = once(child, 'exit')
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), stopWithin)
  await exit
  clearTimeout(timer)
}
