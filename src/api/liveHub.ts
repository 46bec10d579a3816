// All open streams of a server process: one reader of the log, one listener, one clock for all of them.
import { SluiceError, type Problem } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { systemClock, type Clock } from '../core/clock.ts'
import { isConnectionLoss, type Database } from '../db/client.ts'
import { accessChannel, linesSince, LogReader } from '../db/live.ts'
import { workChannel, WorkBell } from '../db/wake.ts'
import { problemAnswer } from './answers.ts'
import type { ApiContext } from './context.ts'
import { streamLimits, type StreamLimits } from './liveLimits.ts'
import { LiveNews } from './liveNews.ts'
import { LiveStream, messageOf, type Wants } from './liveStream.ts'

/** Milliseconds: between two looks at how far runs have got; at least between two looks at the log; for the last words. */
const pace = { tick: 1_000, look: 100, farewell: 500 }
/** Lines that are told one by one to whoever comes back. */
const linesMax = 5_000
/** Runs and jobs that are told one by one to whoever comes back. */
const owedMax = 200

export interface StreamOrder {
  readonly wants: Wants
  /** Who it counts for; null: nobody, they are at this machine. */
  readonly caller: string | null
  /** The line after which to go on; null: from now on. `again`: one that cannot be understood. */
  readonly after: number | null | 'again'
  /** Throws where the caller may not look any more. Streams with the same key are looked at once. */
  readonly check: () => Promise<void>
  readonly checkKey: string
}

interface Open {
  readonly stream: LiveStream
  readonly order: StreamOrder
  /** Messages its reader had taken when it was last looked at, and since when there were no more. */
  sent: number
  since: number
}

export class LiveHub {
  readonly #context: ApiContext
  readonly #limits: StreamLimits
  readonly #clock: Clock
  readonly #open = new Set<Open>()
  readonly #news = new Map<number, LiveNews>()
  readonly #callers = new Map<string, number>()
  /** Streams there are, with those that are being opened. */
  #count = 0
  #reader = new LogReader()
  #starting: Promise<void> | null = null
  #ended: Promise<void> = Promise.resolve()
  #nap = new AbortController()
  /** Streams that are still to be told what happened before they came. */
  readonly #joining = new Set<Open>()
  #checkNow = false
  #checking: Promise<void> | null = null
  #checkedAt = 0

  constructor(context: ApiContext, limits: Partial<StreamLimits> = {}, clock: Clock = systemClock) {
    this.#context = context
    this.#limits = { ...streamLimits, ...limits }
    this.#clock = clock
  }

  /** Opens a stream. Throws `streams.too_many`, and what the database throws. */
  async open(order: StreamOrder): Promise<LiveStream> {
    this.#take(order.caller)
    try {
      await (this.#starting ??= this.#start())
    } catch (error) {
      this.#give(order.caller)
      throw error
    }
    return this.#add(order)
  }

  /** Ends these streams; resolves when nothing of them is under way any more. */
  async end(streams: ReadonlySet<LiveStream>): Promise<void> {
    const closed = [...streams].map((stream) => new Promise((resolve) => stream.once('close', resolve)))
    for (const stream of streams) stream.finish()
    await Promise.race([Promise.all(closed), this.#clock.pause(pace.farewell)])
    for (const stream of streams) stream.destroy()
    this.#wake()
    if (this.#count === 0) await this.#ended
  }

  #take(caller: string | null): void {
    const { all, perCaller } = this.#limits
    const own = caller === null ? 0 : (this.#callers.get(caller) ?? 0)
    if (own >= perCaller) throw failure('streams.too_many', { whose: 'You have', limit: perCaller })
    if (this.#count >= all) throw failure('streams.too_many', { whose: 'This server has', limit: all })
    this.#count++
    if (caller !== null) this.#callers.set(caller, own + 1)
  }

  #give(caller: string | null): void {
    this.#count--
    if (caller === null) return
    const left = (this.#callers.get(caller) ?? 1) - 1
    if (left === 0) this.#callers.delete(caller)
    else this.#callers.set(caller, left)
  }

  async #start(): Promise<void> {
    const before = this.#ended
    let end = (): void => {}
    this.#ended = new Promise((resolve) => (end = resolve))
    try {
      await before
      this.#reader = new LogReader()
      await this.#reader.start(this.#context.database.pool)
    } catch (error) {
      this.#starting = null
      end()
      throw error
    }
    this.#checkedAt = this.#clock.now()
    void this.#work(this.#reader).finally(end)
  }

  #add(order: StreamOrder): LiveStream {
    const { namespace } = order.wants
    const news = this.#news.get(namespace.id) ?? new LiveNews(this.#context, namespace)
    this.#news.set(namespace.id, news)
    const { mark } = this.#reader
    const catchingUp = order.after !== null || order.wants.runs !== null
    const stream = new LiveStream(order.wants, {
      mark: typeof order.after === 'number' ? Math.min(order.after, mark) : mark,
      catchingUp,
    })
    const open: Open = { stream, order, sent: 0, since: this.#clock.now() }
    this.#open.add(open)
    news.streams.add(stream)
    stream.once('close', () => {
      this.#open.delete(open)
      this.#joining.delete(open)
      news.streams.delete(stream)
      if (news.streams.size === 0) this.#news.delete(namespace.id)
      this.#give(order.caller)
    })
    // Not all at the same moment, should all have to come back at once.
    const retry = 2_000 + (this.#count % 20) * 150
    const ready = messageOf('ready', { after: String(mark) })
    stream.add('ready', Buffer.concat([Buffer.from(`retry: ${retry}\n`), ready]))
    stream.settle(0)
    if (catchingUp) this.#joining.add(open)
    this.#wake()
    return stream
  }

  readonly #wake = (channel: string = workChannel): void => {
    if (channel === accessChannel) this.#checkNow = true
    this.#nap.abort()
  }

  /** As long as there is a stream. A database that goes away is asked again until it is back. */
  async #work(reader: LogReader): Promise<void> {
    const bell = new WorkBell(this.#context.database, this.#wake, [workChannel, accessChannel])
    const beat = setInterval(() => this.#beat(), this.#limits.beatSeconds * 1_000)
    let tickedAt = 0
    while (this.#count > 0) {
      this.#nap = new AbortController()
      const ticking = this.#clock.now() - tickedAt >= pace.tick
      try {
        await bell.ensure()
        await this.#round(reader, ticking)
        if (ticking) tickedAt = this.#clock.now()
      } catch (error) {
        if (!isConnectionLoss(error)) this.#context.logFault(error)
      }
      this.#checkWhenDue()
      await this.#clock.pause(pace.look)
      await this.#clock.pause(pace.tick - pace.look, this.#nap.signal).catch(() => {})
    }
    clearInterval(beat)
    bell.close()
    this.#starting = null
    await this.#checking
  }

  async #round(reader: LogReader, ticking: boolean): Promise<void> {
    for (const line of await reader.read(this.#context.database.pool))
      this.#news.get(line.namespaceId)?.note(line)
    for (const one of this.#joining) {
      await this.#catchUp(reader, one)
      this.#joining.delete(one)
    }
    for (const news of this.#news.values())
      try {
        await news.publish(reader.mark, ticking)
      } catch (error) {
        if (isConnectionLoss(error)) throw error
        // What cannot be told must not keep the other namespaces waiting.
        this.#context.logFault(error)
        news.reset()
      }
  }

  /** Owes a stream what it names, and what happened after the line it names. */
  async #catchUp(reader: LogReader, { stream, order: { after, wants } }: Open): Promise<void> {
    if (stream.destroyed) return
    const lines =
      after === null
        ? []
        : after === 'again'
          ? null
          : await linesSince(this.#context.database.pool, wants.namespace.id, {
              after,
              top: reader.top,
              limit: linesMax,
            })
    await this.#news.get(wants.namespace.id)?.owe(stream, lines ?? [])
    if (lines === null || stream.owed.size > owedMax || stream.owedJobs.size > owedMax) stream.reset()
    stream.caughtUp()
  }

  #beat(): void {
    const now = this.#clock.now()
    for (const open of this.#open) {
      const { stream } = open
      stream.beat()
      if (!stream.behind || stream.sent !== open.sent) [open.sent, open.since] = [stream.sent, now]
      else if (now - open.since > this.#limits.stuckSeconds * 1_000) stream.destroy()
    }
  }

  #checkWhenDue(): void {
    const due = this.#clock.now() - this.#checkedAt >= this.#limits.checkSeconds * 1_000
    if (this.#checking !== null || (!due && !this.#checkNow)) return
    this.#checkNow = false
    this.#checking = this.#check()
      .catch((error: unknown) => {
        this.#checkNow = true
        if (!isConnectionLoss(error)) this.#context.logFault(error)
      })
      .finally(() => (this.#checking = null))
  }

  /** Ends the streams of those who may not look any more; asks once for all streams of a caller. */
  async #check(): Promise<void> {
    const verdicts = new Map<string, Problem | null>()
    for (const { stream, order } of this.#open) {
      const known = verdicts.get(order.checkKey)
      const verdict = known === undefined ? await refusal(order.check) : known
      verdicts.set(order.checkKey, verdict)
      if (verdict !== null) stream.refuse(messageOf('problem', problemAnswer(verdict)))
    }
    this.#checkedAt = this.#clock.now()
  }
}

/** Why somebody may not look any more; null: they may. Throws what is no refusal. */
async function refusal(check: () => Promise<void>): Promise<Problem | null> {
  try {
    await check()
    return null
  } catch (error) {
    if (error instanceof SluiceError) return error.problem
    throw error
  }
}

const hubs = new WeakMap<Database, LiveHub>()

/** The hub of this process: the listeners on the socket and on the port share it. */
export function hubOf(context: ApiContext, limits: Partial<StreamLimits> = {}): LiveHub {
  const hub = hubs.get(context.database) ?? new LiveHub(context, limits)
  hubs.set(context.database, hub)
  return hub
}
