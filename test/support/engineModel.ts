// The engine in memory: lanes, claims, leases and attempts as the database keeps them, moved by the machines and by the failure policy of the core.
import { decide } from '../../src/core/failurePolicy.ts'
import type { Problem } from '../../src/core/problem.ts'
import { isSettled, laneRunStates, runMachine, type RunMove, type RunState } from '../../src/core/run.ts'
import { failurePolicySchema } from '../../src/core/setup/policies.ts'

export const policy = failurePolicySchema.parse({})
export const leaseMs = 20_000

export interface ModelRun {
  readonly id: number
  readonly job: ModelJob
  lane: string
  state: RunState
  holdsLane: boolean
  /** Fences: whoever claimed it with another number changes nothing. */
  attempt: number
  leasedBy: number | null
  leaseUntil: number
  claimedAt: number
  stateAt: number
  started: boolean
  failed: number
  wakeAt: number | null
  sleepingSince: number | null
  readonly batches: number
  readonly done: Set<number>
  /** How often each batch was committed. */
  readonly commits: number[]
}

export interface ModelJob {
  readonly id: number
  readonly recurring: boolean
  state: 'active' | 'paused' | 'halted'
  failures: number
  failingSince: number | null
}

/** What a worker believes to hold; it may be wrong. */
interface Held {
  readonly run: ModelRun
  readonly attempt: number
  /** The batch it has planned and not committed yet. */
  planned: number | null
}

const claimable: readonly RunState[] = ['queued', 'fetching', 'validating', 'importing', 'processing']

export class EngineModel {
  now = 0
  readonly runs: ModelRun[] = []
  readonly hands: (Held | null)[]
  /** Told of every move, before anything else happens. */
  moved: (run: ModelRun, from: RunState, move: RunMove) => void = () => {}

  constructor(hands: number) {
    this.hands = Array.from({ length: hands }, () => null)
  }

  start(job: ModelJob, lane: string, batches: number): ModelRun {
    const run: ModelRun = {
      id: this.runs.length + 1,
      job,
      lane,
      state: 'queued',
      holdsLane: false,
      attempt: 0,
      leasedBy: null,
      leaseUntil: 0,
      claimedAt: -1,
      stateAt: this.now,
      started: false,
      failed: 0,
      wakeAt: null,
      sleepingSince: null,
      batches,
      done: new Set(),
      commits: Array.from({ length: batches }, () => 0),
    }
    this.runs.push(run)
    return run
  }

  /** A move, if the machine allows it. */
  move(run: ModelRun, move: RunMove): boolean {
    const { from, to } = runMachine.moves[move]
    if (!from.includes(run.state)) return false
    const was = run.state
    run.state = to
    run.stateAt = this.now
    run.started = true
    run.wakeAt = null
    run.holdsLane &&= laneRunStates.includes(to)
    if (isSettled(was) && to === 'queued') run.failed = 0
    if (isSettled(to)) {
      run.leasedBy = null
      run.sleepingSince = null
      if (to === 'halted') run.job.state = 'halted'
      if (to.startsWith('completed')) Object.assign(run.job, { failures: 0, failingSince: null })
    }
    this.moved(run, was, move)
    return true
  }

  get #open(): ModelRun[] {
    return this.runs.filter((run) => !isSettled(run.state))
  }

  wake(): void {
    for (const run of this.#open)
      if (run.state === 'retry_wait' && run.wakeAt !== null && run.wakeAt <= this.now) this.move(run, 'wake')
  }

  /** The next run for a hand, as a claim chooses it. */
  claim(hand: number): ModelRun | null {
    if (this.hands[hand] !== null) return null
    const open = this.#open
    const free = (run: ModelRun): boolean => run.leasedBy === null || run.leaseUntil < this.now
    const hung = (run: ModelRun): boolean => run.claimedAt < run.stateAt && run.stateAt < this.now - 1_000
    const run =
      open.find((r) => (r.state === 'stopping' ? free(r) || hung(r) : r.holdsLane && free(r))) ??
      open.find((r) => this.#mayBegin(r, open))
    if (run === undefined) return null
    run.holdsLane ||= run.state !== 'stopping'
    run.attempt++
    run.leasedBy = hand
    run.leaseUntil = this.now + leaseMs
    run.claimedAt = this.now
    this.hands[hand] = { run, attempt: run.attempt, planned: null }
    return run
  }

  #mayBegin(run: ModelRun, open: readonly ModelRun[]): boolean {
    if (!claimable.includes(run.state) || run.holdsLane) return false
    if (open.some((other) => other.holdsLane && (other.lane === run.lane || other.job === run.job)))
      return false
    const { job } = run
    if (!job.recurring) return true
    if (job.state !== 'active' && !run.started) return false
    return !open.some(
      (o) => o.job === job && o.id < run.id && (o.state === 'retry_wait' || o.state === 'held'),
    )
  }

  /** A hand gets a step further with what it has; fenced where it has lost it. Answers whether anything changed. */
  step(hand: number): boolean {
    const held = this.hands[hand]
    if (held == null) return false
    const { run, attempt } = held
    // Planning knows nothing of fences; what is written does.
    if (run.state === 'importing' && held.planned === null && run.done.size < run.batches) {
      held.planned = run.done.size
      return true
    }
    if (run.attempt !== attempt) {
      this.hands[hand] = null
      return false
    }
    const changed = this.#advance(run, held)
    if (isSettled(run.state) || !changed) this.letGo(hand)
    return changed
  }

  #advance(run: ModelRun, held: Held): boolean {
    switch (run.state) {
      case 'queued':
        return this.move(run, run.done.size > 0 ? 'import' : 'validate')
      case 'fetching':
        return this.move(run, 'validate')
      case 'validating':
        return this.move(run, 'import')
      case 'importing':
        if (held.planned === null) return this.move(run, 'process')
        run.commits[held.planned]!++
        run.done.add(held.planned)
        held.planned = null
        return true
      case 'processing':
        return this.move(run, 'complete')
      case 'stopping':
        return this.move(run, 'end_stopped')
      default:
        return false
    }
  }

  /** A hand's stage ends with a problem: what the policy says is carried out. */
  fail(hand: number, problem: Problem): boolean {
    const held = this.hands[hand]
    if (held == null || held.run.attempt !== held.attempt) return this.step(hand)
    const { run } = held
    this.letGo(hand)
    if (run.state === 'stopping') return false
    const { job } = run
    const decision = decide({
      now: this.now,
      problem,
      policy,
      failedBefore: run.failed,
      written: run.done.size > 0,
      fetchable: run.done.size === 0,
      sleepingSince: run.sleepingSince,
      failingSince: job.failingSince,
      failures: job.failures,
    })
    if (decision.do === 'linger') {
      run.sleepingSince ??= this.now
      return false
    }
    if (!this.move(run, decision.do === 'end' ? decision.move : 'wait')) return false
    if (decision.do === 'sleep') run.sleepingSince ??= this.now
    else {
      run.failed++
      run.sleepingSince = null
      job.failures++
      job.failingSince ??= this.now
    }
    if (decision.do !== 'end') run.wakeAt = decision.until
    return true
  }

  letGo(hand: number): void {
    const held = this.hands[hand]
    if (held != null && held.run.attempt === held.attempt) held.run.leasedBy = null
    this.hands[hand] = null
  }

  /** Hands that live renew what they hold. */
  renew(): void {
    for (const [hand, held] of this.hands.entries())
      if (held !== null && held.run.attempt === held.attempt && held.run.leasedBy === hand)
        held.run.leaseUntil = this.now + leaseMs
  }
}
