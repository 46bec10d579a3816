// What the streams of one namespace are told: each view is made once per change and dialect, and shared by all of them.
import type { VendorDialect } from '../core/namespaceSettings.ts'
import type { Namespace } from '../db/imports.ts'
import { runPlaces, runsUnderWay, type NewsLine } from '../db/live.ts'
import { findJobsById } from '../db/read/jobs.ts'
import { findRuns } from '../db/read/runs.ts'
import type { ApiContext } from './context.ts'
import { jobView } from './jobView.ts'
import { messageOf, type LiveStream } from './liveStream.ts'
import { queuePageOf } from './queue.ts'
import { viewsOf, withMended } from './runs.ts'
import type { RunView } from './runView.ts'

interface Message {
  readonly key: string
  readonly body: Buffer
  readonly goesTo: (stream: LiveStream) => boolean
  /** The run that is over with it. */
  readonly settles?: number
}

/** Views that are made with one query. */
const viewsAtOnce = 100
const queueRows = 50

/** The streams of a namespace, and what they have not been told yet. */
export class LiveNews {
  readonly namespace: Namespace
  readonly streams = new Set<LiveStream>()
  readonly #context: ApiContext
  /** Runs that have a new line in the log, with their job. */
  readonly #runs = new Map<number, number | null>()
  readonly #jobs = new Set<number>()
  #queue = false
  /** By run and dialect: what was told last of those at work, but its clocks. */
  readonly #last = new Map<string, string>()
  #lastQueue = ''

  constructor(context: ApiContext, namespace: Namespace) {
    this.#context = context
    this.namespace = namespace
  }

  /** Takes a line of the log. */
  note({ run, job }: Omit<NewsLine, 'id' | 'namespaceId'>): void {
    if (run !== null) this.#runs.set(run, job)
    if (job !== null) this.#jobs.add(job)
    this.#queue = true
  }

  /** Gives up on telling one by one. */
  reset(): void {
    this.#runs.clear()
    this.#jobs.clear()
    this.#queue = false
    for (const stream of this.streams) {
      stream.reset()
      stream.settle(0)
    }
  }

  /**
   * Tells the streams what is new up to the line `mark`. `ticking`: also how far runs have got, and jobs and the queue,
   * which change too often to be told each time. Throws what the database throws; nothing is forgotten then.
   */
  async publish(mark: number, ticking: boolean): Promise<void> {
    const streams = [...this.streams]
    const owed = streams.filter((stream) => stream.owed.size > 0 || stream.owedJobs.size > 0)
    if (!ticking && this.#runs.size === 0 && owed.length === 0) return
    const changed = new Map(this.#runs)
    const messages: Message[] = await this.#runMessages(streams, changed, ticking)
    const jobs = ticking ? new Set(this.#jobs) : new Set<number>()
    messages.push(...(await this.#jobMessages(streams, jobs)))
    if (ticking) messages.push(...(await this.#queueMessage(streams, messages.length > 0)))
    for (const run of changed.keys()) this.#runs.delete(run)
    for (const job of jobs) this.#jobs.delete(job)
    const saidAll = this.#runs.size === 0 && this.#jobs.size === 0 && !this.#queue
    for (const stream of streams) {
      for (const { key, body, goesTo } of messages) if (goesTo(stream)) stream.add(key, body)
      stream.owed.clear()
      stream.owedJobs.clear()
      // Of jobs and the queue there may still be something to tell of lines before the mark.
      stream.settle(saidAll || onlyRuns(stream) ? mark : 0)
    }
    for (const stream of streams) if (hasSettled(stream, messages)) end(stream)
  }

  async #runMessages(
    streams: readonly LiveStream[],
    changed: ReadonlyMap<number, number | null>,
    ticking: boolean,
  ): Promise<Message[]> {
    const listening = streams.filter(({ wants }) => wants.kinds.has('run'))
    if (listening.length === 0) return []
    const places = new Map(changed)
    for (const stream of listening) for (const [run, job] of stream.owed) places.set(run, job)
    if (ticking) for (const { id, job } of await this.#underWay(listening)) places.set(id, job)
    const wanted = [...places].filter(([run, job]) =>
      listening.some((stream) => stream.owed.has(run) || wantsRun(stream, run, job)),
    )
    const messages: Message[] = []
    for (let from = 0; from < wanted.length; from += viewsAtOnce) {
      const some = new Map(wanted.slice(from, from + viewsAtOnce))
      messages.push(...(await this.#viewsOf(listening, some, changed)))
    }
    return messages
  }

  /** Runs that move without a line: those at work, and those somebody looks at while they wait. */
  async #underWay(listening: readonly LiveStream[]) {
    const named = new Set(listening.flatMap(({ wants }) => [...(wants.runs ?? [])]))
    const found = await runsUnderWay(this.#context.database.pool, this.namespace.id, [...named])
    const names = new Set(found.map(({ id }) => id))
    for (const key of this.#last.keys()) if (!names.has(Number.parseInt(key, 10))) this.#last.delete(key)
    return found
  }

  async #viewsOf(
    listening: readonly LiveStream[],
    places: ReadonlyMap<number, number | null>,
    changed: ReadonlyMap<number, number | null>,
  ): Promise<Message[]> {
    const context = this.#context
    const rows = await findRuns(context.database.pool, this.namespace, [...places.keys()])
    const messages: Message[] = []
    for (const dialect of dialectsOf(listening)) {
      const views = await viewsOf(context, this.namespace, rows, dialect)
      for (const [k, row] of rows.entries()) {
        const view = await withMended(context, this.namespace, row, views[k]!)
        const [run, job] = [row.id, places.get(row.id) ?? null]
        const moved = this.#hasMoved(`${run} ${dialect}`, view) || changed.has(run)
        messages.push({
          key: `run ${run}`,
          body: messageOf('run', view),
          ...(view.run.settled ? { settles: run } : {}),
          goesTo: (stream) =>
            stream.wants.dialect === dialect &&
            stream.wants.kinds.has('run') &&
            (stream.owed.has(run) || (moved && wantsRun(stream, run, job))),
        })
      }
    }
    // The oldest first, as it happened.
    return messages.reverse()
  }

  /** Whether a run looks different from what was told last; that time has passed is no difference. */
  #hasMoved(key: string, view: RunView): boolean {
    const still = { expected: null, stages: null, fetch: null, process: null }
    const now = JSON.stringify([{ ...view.run, ...still }, view.counters, view.artifacts])
    const before = this.#last.get(key)
    if (view.run.settled) this.#last.delete(key)
    else this.#last.set(key, now)
    return before !== now
  }

  async #jobMessages(streams: readonly LiveStream[], changed: ReadonlySet<number>): Promise<Message[]> {
    const listening = streams.filter(({ wants }) => wants.kinds.has('job'))
    const ids = new Set(changed)
    for (const stream of listening) for (const job of stream.owedJobs) ids.add(job)
    const wanted = [...ids].filter((job) => listening.some((stream) => wantsJob(stream, job)))
    const messages: Message[] = []
    for (let from = 0; from < wanted.length; from += viewsAtOnce) {
      const some = wanted.slice(from, from + viewsAtOnce)
      const rows = await findJobsById(this.#context.database.pool, this.namespace, some)
      for (const dialect of dialectsOf(listening))
        for (const row of rows)
          messages.push({
            key: `job ${row.id}`,
            body: messageOf('job', jobView(row, dialect)),
            goesTo: (stream) =>
              stream.wants.dialect === dialect &&
              stream.wants.kinds.has('job') &&
              (stream.owedJobs.has(row.id) || (changed.has(row.id) && wantsJob(stream, row.id))),
          })
    }
    return messages
  }

  /** The first page of the queue, where it looks different from what was told last. */
  async #queueMessage(streams: readonly LiveStream[], moved: boolean): Promise<Message[]> {
    const listening = streams.some(({ wants }) => wants.kinds.has('queue'))
    const due = listening && (this.#queue || moved)
    this.#queue = false
    if (!due) return []
    try {
      const page = await queuePageOf(this.#context, this.namespace.id, {
        limit: queueRows,
        lane: undefined,
        cursor: undefined,
      })
      const now = JSON.stringify(page)
      if (now === this.#lastQueue) return []
      this.#lastQueue = now
      const body = messageOf('queue', page)
      return [{ key: 'queue', body, goesTo: ({ wants }) => wants.kinds.has('queue') }]
    } catch (error) {
      this.#queue = true
      throw error
    }
  }

  /** Owes a stream what it names, and the runs and jobs of these lines. */
  async owe(stream: LiveStream, lines: readonly Omit<NewsLine, 'id' | 'namespaceId'>[]): Promise<void> {
    const { runs, kinds } = stream.wants
    if (runs !== null) {
      const places = await runPlaces(this.#context.database.pool, this.namespace.id, [...runs])
      for (const { id, job } of places) stream.owed.set(id, job)
    }
    for (const { run, job } of lines) {
      if (run !== null && kinds.has('run') && wantsRun(stream, run, job)) stream.owed.set(run, job ?? 0)
      if (job !== null && kinds.has('job') && wantsJob(stream, job)) stream.owedJobs.add(job)
    }
    // Whoever comes, or comes back, has to see the queue once.
    if (kinds.has('queue')) [this.#queue, this.#lastQueue] = [true, '']
  }
}

function onlyRuns({ wants: { kinds } }: LiveStream): boolean {
  return kinds.has('run') && kinds.size === 1
}

function wantsRun({ wants }: LiveStream, run: number, job: number | null): boolean {
  return (wants.runs === null || wants.runs.has(run)) && (wants.job === null || wants.job === job)
}

function wantsJob({ wants }: LiveStream, job: number): boolean {
  return wants.runs === null && (wants.job === null || wants.job === job)
}

function dialectsOf(streams: readonly LiveStream[]): ReadonlySet<VendorDialect> {
  return new Set(streams.map(({ wants }) => wants.dialect))
}

function hasSettled({ wants: { untilSettled, runs } }: LiveStream, messages: readonly Message[]): boolean {
  return untilSettled && messages.some(({ settles }) => settles !== undefined && runs?.has(settles) === true)
}

const endMessage = messageOf('end', {})

function end(stream: LiveStream): void {
  stream.add('end', endMessage)
  stream.finish()
}
