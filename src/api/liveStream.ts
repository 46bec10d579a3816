// One open stream of server-sent events: what waits to be sent, the newest of each thing once, and never without bound.
import { Readable } from 'node:stream'
import type { Namespace } from '../db/imports.ts'
import type { VendorDialect } from '../core/namespaceSettings.ts'

/** What a stream can tell of. */
export const newsKinds = ['run', 'job', 'queue'] as const
export type NewsKind = (typeof newsKinds)[number]

/** What somebody wants to hear. */
export interface Wants {
  readonly namespace: Namespace
  readonly kinds: ReadonlySet<NewsKind>
  /** Only these runs; null: all. */
  readonly runs: ReadonlySet<number> | null
  /** Only this job and its runs; null: all. */
  readonly job: number | null
  readonly dialect: VendorDialect
  /** It ends with its run. */
  readonly untilSettled: boolean
}

interface Waiting {
  /** From where a reader that gets no further has to go on. */
  readonly before: number
  readonly body: Buffer
}

/** Messages and bytes that wait for one reader at most; whoever is further behind reads everything anew. */
const waitingMax = { messages: 500, bytes: 4 << 20 }

/** The lines of one message but its id: what all streams that get it share. */
export function messageOf(name: string, data: unknown): Buffer {
  return Buffer.from(`event: ${name}\ndata: ${JSON.stringify(data)}\n`)
}

const resetMessage = messageOf('reset', {})

/** Bytes for one reader. Ends when it is told to, or when its reader goes away. */
export class LiveStream extends Readable {
  readonly wants: Wants
  /** Runs it is still owed, whether or not they changed: the first look, and what happened while nobody listened. */
  readonly owed = new Map<number, number>()
  /** Jobs it is still owed. */
  readonly owedJobs = new Set<number>()
  readonly #waiting = new Map<string, Waiting>()
  #bytes = 0
  #hungry = false
  #ending = false
  /** News up to this line of the log was added. */
  #mark: number
  /** The last id that was sent. */
  #told: number
  #sent = 0
  /** Until it was added what happened before it was opened. */
  #catchingUp: boolean

  constructor(wants: Wants, place: { readonly mark: number; readonly catchingUp: boolean }) {
    super()
    this.wants = wants
    this.#mark = place.mark
    this.#told = place.mark
    this.#catchingUp = place.catchingUp
  }

  /** Whether its reader has not taken yet what there is. */
  get behind(): boolean {
    return this.#waiting.size > 0
  }

  /** Messages its reader has taken. */
  get sent(): number {
    return this.#sent
  }

  /** Adds a message. What waits under the same key is replaced in its place, so that its id stays true. */
  add(key: string, body: Buffer): void {
    if (this.#ending) return
    const before = this.#waiting.get(key)
    this.#bytes += body.length - (before?.body.length ?? 0)
    this.#waiting.set(key, { before: before?.before ?? this.#mark, body })
    if (this.#waiting.size > waitingMax.messages || this.#bytes > waitingMax.bytes) this.reset()
  }

  /** Puts what waits aside: the reader is told to read everything anew. */
  reset(): void {
    this.#waiting.clear()
    this.#bytes = 0
    this.owed.clear()
    this.owedJobs.clear()
    this.add('reset', resetMessage)
  }

  /** What happened before it was opened is known; it can be told where it stands from now on. */
  caughtUp(): void {
    this.#catchingUp = false
  }

  /** Everything up to this line was added; sends. */
  settle(mark: number): void {
    if (!this.#catchingUp && this.owed.size === 0 && this.owedJobs.size === 0)
      this.#mark = Math.max(mark, this.#mark)
    this.#send()
  }

  /** A comment, so that nobody on the way takes the connection for dead; and how far the reader has got. */
  beat(): void {
    if (!this.#hungry || this.behind || this.#ending) return
    const id = this.#mark === this.#told ? '' : `id: ${this.#mark}\n`
    this.#told = this.#mark
    this.#hungry = this.push(`${id}: still here\n\n`)
  }

  /** Sends what waits, and ends. */
  finish(): void {
    this.#ending = true
    this.#send()
  }

  /** Says why it ends, in place of everything that waits. */
  refuse(body: Buffer): void {
    if (this.#ending) return
    this.#waiting.clear()
    this.add('problem', body)
    this.finish()
  }

  override _read(): void {
    this.#hungry = true
    this.#send()
  }

  #send(): void {
    while (this.#hungry && !this.destroyed) {
      const [next, after] = this.#firstTwo()
      if (next === undefined) {
        if (this.#ending && !this.readableEnded) {
          this.#hungry = false
          this.push(null)
        }
        return
      }
      const [key, { body }] = next
      this.#waiting.delete(key)
      this.#sent++
      this.#bytes -= body.length
      // The id is where to go on: what is still to come must not lie before it.
      this.#told = after?.[1].before ?? this.#mark
      // In two pieces: the first is the same memory for all who get it.
      this.push(body)
      this.#hungry = this.push(`id: ${this.#told}\n\n`)
    }
  }

  #firstTwo(): [string, Waiting][] {
    const found: [string, Waiting][] = []
    for (const one of this.#waiting) if (found.push(one) === 2) break
    return found
  }
}
