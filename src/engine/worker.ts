// The worker: finds what is to be done, in all lanes, gives it to its hands, renews its leases, and survives a database that goes away.
import { wakeRuns } from '../db/attempts.ts'
import { endLostSessions, renewLeases, renewSeconds } from '../db/leases.ts'
import { WorkBell } from '../db/wake.ts'
import { remove } from '../profiles/delete.ts'
import { decide, matchedProfiles, resolve } from '../profiles/deliver.ts'
import { decideUndo } from '../profiles/undo/decide.ts'
import type { PipelineContext, WorkerContext } from '../pipeline/context.ts'
import { Hand } from './hand.ts'
import { judge, lingerPause } from './judge.ts'
import { sourceEndpoint } from './sourceIo.ts'

/** How long an idle worker waits for the bell before it looks by itself. */
const idleMs = 2_000
/** After the bell it looks a few times more often: a stop that its worker does not answer is due after a second. */
const alertMs = 500
const alertLooks = 4

/** Runs a worker process is at at a time. One more hand does only what must not wait behind imports. */
const handsMax = 3

export class Worker {
  readonly #context: PipelineContext
  readonly #hands: readonly Hand[]
  /** Does previews, dry runs and stops when the others are busy. */
  readonly #quick: Hand
  readonly #working = new Set<Promise<void>>()
  #wake = (): void => {}

  constructor(context: WorkerContext) {
    this.#context = {
      ...context,
      profiles: { resolve, matchedProfiles, decide, remove },
      undo: { decide: decideUndo },
      source: sourceEndpoint(context),
    }
    const hand = (n: number): Hand =>
      new Hand({ ...this.#context, worker: n === 1 ? context.worker : `${context.worker}#${n}` })
    this.#hands = Array.from({ length: handsMax }, (_, i) => hand(i + 1))
    this.#quick = hand(handsMax + 1)
  }

  /** Works until the context's signal is aborted; what is in hand is finished or handed back. */
  async run(): Promise<void> {
    const { signal, clock, db } = this.#context
    let looks = 0
    const bell = new WorkBell(db, () => {
      looks = alertLooks
      this.#wake()
    })
    const renewing = this.#renewLoop()
    while (!signal.aborted) {
      const woken = new Promise<void>((resolve) => (this.#wake = resolve))
      await bell.ensure().catch(() => {})
      const begun = await this.#begin().catch((error: unknown) => this.#lost(error))
      if (begun || signal.aborted) continue
      const pause = looks-- > 0 ? alertMs : idleMs
      await Promise.race([woken, clock.pause(pause, signal).catch(() => {})])
    }
    bell.close()
    await Promise.all(this.#working)
    for (const hand of this.#all) await hand.letGo().catch(() => {})
    await renewing
  }

  /** Does one stage or imports what one run has to give. Answers whether there was anything to do. */
  async runOnce(): Promise<boolean> {
    await wakeRuns(this.#context.db.pool, this.#context.clock.now())
    const [hand] = this.#hands
    const found = await hand!.find('any', [])
    if (found !== null) await hand!.work(found)
    return found !== null
  }

  get #all(): readonly Hand[] {
    return [...this.#hands, this.#quick]
  }

  /** Gives a free hand something to do. Answers whether there was anything. */
  async #begin(): Promise<boolean> {
    const busy = this.#all.flatMap((hand) => hand.run ?? [])
    for (const hand of this.#all) if (hand.run === null) await hand.letGo()
    await wakeRuns(this.#context.db.pool, this.#context.clock.now())
    const free = this.#hands.find((hand) => hand.run === null)
    const hand = free ?? (this.#quick.run === null ? this.#quick : undefined)
    if (hand === undefined) return false
    const found = await hand.find(free === undefined ? 'quick' : 'any', busy)
    if (found === null) return false
    const working = hand.work(found).finally(() => {
      this.#working.delete(working)
      this.#wake()
    })
    this.#working.add(working)
    return true
  }

  /** The database is away: wait a moment and look again. Anything else is a bug, logged and survived. */
  async #lost(error: unknown): Promise<boolean> {
    const { signal, clock, log } = this.#context
    const found = judge(error, signal)
    if (found === null) return true
    log.warn({ error: String(error) }, 'the worker cannot look for work')
    await clock.pause(lingerPause(found), signal).catch(() => {})
    if (found.code === 'database_unreachable') await this.#context.revive().catch(() => {})
    return true
  }

  async #renewLoop(): Promise<void> {
    const { signal, clock, db, log } = this.#context
    const names = this.#all.map((hand) => hand.name)
    while (!signal.aborted) {
      await clock.pause(renewSeconds * 1000, signal).catch(() => {})
      if (signal.aborted) break
      await renewLeases(db.pool, names).catch(() => {})
      const ended = await endLostSessions(db.pool).catch(() => 0)
      if (ended > 0) log.warn({ ended }, 'sessions of a worker that stands still were ended')
    }
  }
}
