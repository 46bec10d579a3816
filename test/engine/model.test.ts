// A million random moves of the engine: claim, commit, fail, retry, pause, stop, resume, a lease lost, a jump of the clock; the law holds after each.
import { describe, expect, test } from 'vitest'
import type { Problem } from '../../src/core/problem.ts'
import { problem } from '../../src/core/problems.ts'
import { isSettled, type RunState } from '../../src/core/run.ts'
import { campaign } from '../support/campaign.ts'
import { EngineModel, leaseMs, policy, type ModelJob, type ModelRun } from '../support/engineModel.ts'
import { pick, seeded } from '../support/people.ts'

const minute = 60_000
const unreadable = problem('source.unreadable', { path: 'a', detail: 'b' })
const headerBroken = problem('file.header_broken', { detail: 'c' })
/** Mostly such as are tried again: otherwise hardly a run would come to its sixth attempt. */
const problems: readonly Problem[] = [
  ...Array.from({ length: 30 }, () => unreadable),
  ...Array.from({ length: 8 }, () => headerBroken),
  problem('storage_full', { path: 'd', free: '0 MB' }),
  problem('source.unreadable', { path: 'e', detail: 'too many requests', retryAfter: 7_200 }),
  problem('breaker.empty', { run: 'r1' }),
  problem('internal', { detail: 'f' }),
]

/** What is known of a run without looking at the engine: only what was seen to happen to it. */
interface Witness {
  /** Records settled when it was last seen; they never become fewer. */
  done: number
  /** Times at which attempts failed, since a person last said go on. */
  failures: number[]
  /** When it may go on at the earliest, where it said so. */
  notBefore: number | null
  /** What it was settled with. */
  settled: { readonly state: RunState; readonly done: number } | null
}

class Trial {
  readonly model = new EngineModel(4)
  readonly jobs: ModelJob[]
  readonly witness = new Map<ModelRun, Witness>()
  readonly seen = new Map<string, number>()
  readonly #random: () => number
  readonly #lanes = ['main', 'backfill', 'preview']

  constructor(seed: number) {
    this.#random = seeded(seed)
    this.jobs = Array.from({ length: 8 }, (_, id) => ({
      id,
      recurring: id < 6,
      state: 'active',
      failures: 0,
      failingSince: null,
    }))
    this.model.moved = (run, from, move) => this.#saw(run, from, move)
  }

  #pick(below: number): number {
    return pick(this.#random, below)
  }

  #saw(run: ModelRun, from: RunState, move: string): void {
    const known = this.witness.get(run)!
    this.seen.set(move, (this.seen.get(move) ?? 0) + 1)
    // What is settled stays as it is, until a person says go on.
    if (isSettled(from) && (move !== 'resume' || from !== known.settled?.state))
      throw new Error(`a settled run was moved: ${from}, ${move}`)
    if (move === 'resume') Object.assign(known, { failures: [], settled: null })
    // Nobody wakes before the time that was announced, but a person.
    if (move === 'wake' && this.model.now < (known.notBefore ?? 0)) throw new Error('it woke too early')
    if (isSettled(run.state)) known.settled = { state: run.state, done: run.done.size }
  }

  step(): void {
    const { model } = this
    const hand = this.#pick(model.hands.length)
    const runs = model.runs
    const run = runs.length === 0 ? undefined : runs[Math.max(0, runs.length - 1 - this.#pick(24))]
    const job = this.jobs[this.#pick(this.jobs.length)]!
    switch (this.#pick(20)) {
      case 0:
        this.#begin(job)
        break
      case 1:
        model.now += this.#pick(3) === 0 ? this.#pick(40 * minute) : this.#pick(10_000)
        if (this.#pick(4) > 0) model.renew()
        break
      case 2:
      case 3:
      case 9:
      case 10:
        this.#fail(hand)
        break
      case 4:
        // Death: what it held is held by nobody, and it comes back with empty hands.
        model.hands[hand] = null
        break
      case 5:
        // It stalls for longer than its lease, and goes on as if nothing had happened.
        model.now += leaseMs + 1
        break
      case 6:
        if (run !== undefined && this.#pick(4) === 0) model.move(run, 'stop')
        break
      case 7:
        if (run !== undefined) this.#goOn(run)
        break
      case 8:
        if (this.#pick(6) === 0 && job.recurring && job.state === 'active') job.state = 'paused'
        else if (job.state !== 'active')
          Object.assign(job, { state: 'active', failures: 0, failingSince: null })
        break
      default:
        model.wake()
        model.claim(hand)
        model.step(hand)
    }
  }

  #begin(job: ModelJob): void {
    const open = this.model.runs.filter((run) => !isSettled(run.state) && run.job === job).length
    if (open >= 3 || job.state !== 'active') return
    // Old runs are over: a million moves need not keep them all.
    if (this.model.runs.length > 60) this.#forgetSettled()
    const run = this.model.start(job, this.#lanes[this.#pick(3)]!, 1 + this.#pick(6))
    this.witness.set(run, { done: 0, failures: [], notBefore: null, settled: null })
  }

  #forgetSettled(): void {
    const kept = this.model.runs.filter((run) => !isSettled(run.state))
    for (const run of this.model.runs) if (isSettled(run.state)) this.witness.delete(run)
    this.model.runs.splice(0, this.model.runs.length, ...kept)
    kept.forEach((run, i) => Object.assign(run, { id: i + 1 }))
  }

  #fail(hand: number): void {
    const run = this.model.hands[hand]?.run
    const before = run?.failed ?? 0
    if (!this.model.fail(hand, problems[this.#pick(problems.length)]!) || run === undefined) return
    const known = this.witness.get(run)!
    if (run.failed > before) known.failures.push(this.model.now)
    if (run.state !== 'retry_wait') return
    known.notBefore = run.wakeAt
    // BC-17: fifteen minutes after the attempt failed, to the millisecond.
    if (run.failed > before && run.wakeAt! - this.model.now !== policy.rerunMinutes * minute)
      throw new Error('the next attempt is not fifteen minutes away')
  }

  #goOn(run: ModelRun): void {
    if (this.model.move(run, 'retry-now')) this.witness.get(run)!.notBefore = null
    else if (this.#pick(3) === 0) this.model.move(run, 'resume')
  }

  /** The law. Plain comparisons: a million times `expect` would take minutes. */
  check(): void {
    const holders = new Set<string>()
    const busy = new Set<ModelJob>()
    for (const run of this.model.runs) {
      const known = this.witness.get(run)!
      if (run.done.size < known.done) throw new Error('a settled record is open again')
      known.done = run.done.size
      if (run.commits.some((times) => times > 1)) throw new Error('a batch was committed twice')
      if (
        known.settled !== null &&
        (known.settled.done !== run.done.size || known.settled.state !== run.state)
      )
        throw new Error('a settled run has changed')
      if (run.state === 'completed' && run.done.size !== run.batches) throw new Error('records are left')
      if (run.state === 'failed' && run.done.size > 0)
        throw new Error('failed, although something was written')
      if (run.state === 'partial' && run.done.size === 0)
        throw new Error('partial, although nothing was written')
      if (known.failures.length > policy.reruns + 1) throw new Error('a sixth re-run')
      if (run.failed !== known.failures.length) throw new Error('an attempt was counted twice, or not at all')
      if (!run.holdsLane) continue
      if (holders.has(run.lane)) throw new Error(`two runs in lane ${run.lane}`)
      if (busy.has(run.job)) throw new Error('a job overlaps itself')
      holders.add(run.lane)
      busy.add(run.job)
    }
  }

  /** Nothing fails any more and every job is on: everything comes to an end, whatever happened before. */
  finish(): void {
    const { model } = this
    model.hands.fill(null)
    for (let round = 0; round < 20_000 && model.runs.some((run) => !isSettled(run.state)); round++) {
      for (const job of this.jobs) job.state = 'active'
      model.now += minute
      model.wake()
      for (const hand of model.hands.keys()) {
        model.claim(hand)
        while (model.step(hand)) this.check()
        model.letGo(hand)
      }
    }
  }
}

describe('the machines, the lanes and the failure policy together', () => {
  test(
    `${campaign.moves.toLocaleString('en')} random moves: the law holds after each, and nothing is stuck at the end (seed ${campaign.seed})`,
    { timeout: 600_000 },
    () => {
      const trial = new Trial(campaign.seed)
      for (let move = 0; move < campaign.moves; move++) {
        trial.step()
        trial.check()
      }
      trial.finish()
      expect(trial.model.runs.filter((run) => !isSettled(run.state))).toEqual([])
      // It was no idle walk: every move that workers and people have was made.
      for (const move of [
        'validate',
        'import',
        'process',
        'complete',
        'wait',
        'wake',
        'retry-now',
        'halt',
        'fail',
        'end_partial',
        'stop',
        'end_stopped',
        'resume',
      ])
        expect([move, (trial.seen.get(move) ?? 0) > 10]).toEqual([move, true])
    },
  )
})
