// Unpacks a container in a thread of its own: neither an attack nor a large sheet stops what else the process does.
import { Worker } from 'node:worker_threads'
import { SluiceError } from '../../core/problem.ts'
import { failure } from '../../core/problems.ts'
import type { RandomBytes } from './bytes.ts'
import type { ContainerInfo } from './kind.ts'
import type { FromThread, ToThread, UnpackOrder } from './messages.ts'

/** Room for the texts of the largest workbook that is read, and for the pages of a wide table. */
const memoryMegabytes = 2048

/** What is inside. Throws the problems of containers, `container.out_of_memory` among them. */
export async function lookInside(bytes: RandomBytes, signal?: AbortSignal): Promise<ContainerInfo> {
  for await (const message of talk(bytes, null, signal)) if ('info' in message) return message.info
  throw new Error('the thread that unpacks ended without an answer')
}

/** The content of one part. Throws the same, while it is read. */
export async function* unpackPart(
  bytes: RandomBytes,
  part: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  let whole = false
  for await (const message of talk(bytes, part, signal))
    if ('block' in message) yield message.block
    else whole ||= 'done' in message
  if (!whole) throw new Error('the thread that unpacks ended in the middle')
}

async function* talk(
  bytes: RandomBytes,
  part: string | null,
  signal: AbortSignal | undefined,
): AsyncGenerator<FromThread> {
  signal?.throwIfAborted()
  const order: UnpackOrder = { size: bytes.size, part }
  const worker = new Worker(new URL('./unpackThread.ts', import.meta.url), {
    workerData: order,
    resourceLimits: { maxOldGenerationSizeMb: memoryMegabytes },
    // Flags of the process, such as a smaller memory, are not meant for it.
    execArgv: [],
  })
  const inbox = new Inbox(worker)
  const leave = (): void => inbox.fail(signal!.reason as Error)
  signal?.addEventListener('abort', leave, { once: true })
  try {
    for (let message = await inbox.next(); message !== null; message = await inbox.next()) {
      if ('read' in message) await answer(worker, bytes, message)
      else if ('problem' in message) throw new SluiceError(message.problem)
      else if ('fault' in message) throw new Error(message.fault)
      else {
        yield message
        if ('block' in message) tell(worker, { more: true })
      }
    }
  } finally {
    signal?.removeEventListener('abort', leave)
    await worker.terminate()
  }
}

async function answer(
  worker: Worker,
  bytes: RandomBytes,
  { read, start, end }: { readonly read: number; readonly start: number; readonly end: number },
): Promise<void> {
  // Its own failure, such as a damaged blob, is told by who reads, not by the thread.
  const found = Uint8Array.from(await bytes.read(start, end))
  tell(worker, { bytes: found, read }, [found.buffer])
}

function tell(worker: Worker, message: ToThread, moved: ArrayBuffer[] = []): void {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
  worker.postMessage(message, moved)
}

/** Messages of the thread in their order; what it ends with comes after them. */
class Inbox {
  readonly #messages: FromThread[] = []
  #wake: (() => void) | null = null
  #ended = false
  #failure: Error | null = null

  constructor(worker: Worker) {
    worker.on('message', (message: FromThread) => {
      this.#messages.push(message)
      this.#wake?.()
    })
    worker.on('error', (error: NodeJS.ErrnoException) => this.fail(threadFailure(error)))
    worker.on('exit', () => {
      this.#ended = true
      this.#wake?.()
    })
  }

  fail(error: Error): void {
    this.#failure = error
    this.#ended = true
    this.#wake?.()
  }

  async next(): Promise<FromThread | null> {
    while (this.#messages.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => (this.#wake = resolve))
    if (this.#failure !== null) throw this.#failure
    return this.#messages.shift() ?? null
  }
}

function threadFailure(error: NodeJS.ErrnoException): Error {
  if (error.code !== 'ERR_WORKER_OUT_OF_MEMORY') return error
  return failure('container.out_of_memory', { kind: 'packed' }, { cause: error })
}
