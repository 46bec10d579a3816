// The thread in which containers are unpacked: it asks for bytes, and gives blocks of content as fast as they are taken.
import { parentPort, workerData } from 'node:worker_threads'
import { SluiceError } from '../../core/problem.ts'
import type { RandomBytes } from './bytes.ts'
import type { FromThread, ToThread, UnpackOrder } from './messages.ts'
import { describeContainer, partContent } from './parts.ts'

/** Blocks under way to the other side. */
const window = 4

const port = parentPort!
const waiting = new Map<number, { resolve: (bytes: Uint8Array) => void; reject: (error: Error) => void }>()
let reads = 0
let credit = window
let taken: (() => void) | null = null

port.on('message', (message: ToThread) => {
  if ('more' in message) {
    credit++
    taken?.()
    return
  }
  const asked = waiting.get(message.read)
  waiting.delete(message.read)
  if ('bytes' in message) asked?.resolve(message.bytes)
  else asked?.reject(new Error(message.failed))
})

function tell(message: FromThread): void {
  port.postMessage(message)
}

function bytesOver(size: number): RandomBytes {
  return {
    size,
    read: (start, end) =>
      new Promise((resolve, reject) => {
        const read = reads++
        waiting.set(read, { resolve, reject })
        tell({ read, start, end })
      }),
  }
}

async function unpack({ size, part }: UnpackOrder): Promise<void> {
  const bytes = bytesOver(size)
  if (part === null) return tell({ info: await describeContainer(bytes) })
  for await (const block of partContent(bytes, part)) {
    if (credit === 0) await new Promise<void>((resolve) => (taken = resolve))
    credit--
    tell({ block })
  }
  tell({ done: true })
}

try {
  await unpack(workerData as UnpackOrder)
} catch (error) {
  if (error instanceof SluiceError) tell({ problem: error.problem })
  else tell({ fault: error instanceof Error ? (error.stack ?? error.message) : String(error) })
}
port.close()
