// The last step of a mirror, a run of its own: land the list of who is missing → cut → [held] → delete → finish.
import { randomUUID } from 'node:crypto'
import { writeLanding, type LandingManifest } from '../../blobs/landing.ts'
import { drifted, tripsOf } from '../../core/breaker.ts'
import { defaultCut } from '../../core/job.ts'
import { runName } from '../../core/names.ts'
import type { Problem } from '../../core/problem.ts'
import { problem } from '../../core/problems.ts'
import type { RunMove } from '../../core/run.ts'
import { countProfiles } from '../../db/breaker.ts'
import { insertChunks } from '../../db/chunks.ts'
import { insertLanding } from '../../db/imports.ts'
import type { RunClaim } from '../../db/leases.ts'
import { mirrored } from '../../db/mirror.ts'
import { moveRun, type RunChanges } from '../../db/moves.ts'
import { loadNames } from '../../db/undoLoad.ts'
import { readRun, type Run } from '../../db/runs.ts'
import { setLanding } from '../../db/undoRuns.ts'
import { heldOf, type HeldReport } from '../breaker.ts'
import type { PipelineContext } from '../context.ts'
import { checkLaw } from '../law.ts'
import { mapperOf } from '../mapperOf.ts'
import { cutChunks, indexKey, preparedKey, readIndex, writeIndex, type BatchPlace } from '../recordIndex.ts'
import { takeStage, type Stages } from '../stages.ts'
import { readLines, writeLines } from '../undo/lines.ts'
import { withAbsent, type Absent } from './absent.ts'

/** Does the stage a claimed mirror run is in, and moves it on. */
export async function workOnMirror(
  context: PipelineContext,
  claim: RunClaim,
  run: Run,
  signal: AbortSignal,
): Promise<void> {
  return takeStage(new MirrorStep(context, claim, run, signal), claim.state)
}

class MirrorStep implements Stages {
  readonly #context: PipelineContext
  readonly #claim: RunClaim
  readonly #signal: AbortSignal
  #run: Run

  constructor(context: PipelineContext, claim: RunClaim, run: Run, signal: AbortSignal) {
    this.#context = context
    this.#claim = claim
    this.#run = run
    this.#signal = signal
  }

  #move(move: RunMove, changes: RunChanges = {}): Promise<boolean> {
    return moveRun(this.#context.db.pool, this.#claim, move, changes, this.#claim.attempt)
  }

  async begin(): Promise<void> {
    if (this.#run.total !== null) await this.#move('import')
    else if (await this.#move('fetch')) await this.fetch()
  }

  /** Lands the list, once: what is cut from it must not change. */
  async fetch(): Promise<void> {
    if (this.#run.manifest === null) {
      await this.#land()
      this.#run = await readRun(this.#context.db.pool, this.#run)
    }
    if (await this.#move('validate')) await this.validate()
  }

  #parent(): Promise<Run> {
    return readRun(this.#context.db.pool, mirrored(this.#run))
  }

  async #land(): Promise<void> {
    const { db, store, clock } = this.#context
    const run = this.#run
    const id = randomUUID()
    const blobKey = `landings/${id}`
    const startedAt = new Date(clock.now()).toISOString()
    const batches: BatchPlace[] = []
    const size = { ...defaultCut, ...run.settings }.batchRecords
    const parent = await this.#parent()
    const manifest = await withAbsent(this.#context, parent, mapperOf(parent), this.#signal, (profiles) =>
      writeLanding(store, blobKey, writeLines(alone(profiles), size, batches)),
    )
    const total = batches.reduce((sum, { records }) => sum + records, 0)
    await writeIndex(store, indexKey(run.namespaceId, run.runId), { total, batches })
    const fileName = `missing from ${runName(parent.runId)}.jsonl`
    await db.transaction(async (client) => {
      await insertLanding(client, run.namespaceId, { id, fileName, blobKey, manifest, startedAt })
      await setLanding(client, run, id)
    })
  }

  async validate(): Promise<void> {
    const { db, store } = this.#context
    const run = this.#run
    const index = await readIndex(store, indexKey(run.namespaceId, run.runId))
    await this.#context.at?.('validated')
    const chunkBatches = Number(run.settings['chunkBatches'] ?? defaultCut.chunkBatches)
    await insertChunks(db.pool, run, cutChunks(index, chunkBatches))
    await this.#context.at?.('cut')
    const held = await this.#judge(index.total)
    const found = { total: index.total, validation: held === null ? {} : { held } }
    if (held === null) await this.#move('import', found)
    else await this.#move('hold', { ...found, problem: held.trips[0]! })
  }

  /** What the parent was allowed by its breaker, or released with, is allowed here; more is asked once more. */
  async #judge(total: number): Promise<HeldReport | null> {
    const { pool } = this.#context.db
    const { definition, namespace, runId } = this.#run
    if (definition.breaker === null || total === 0) return null
    const parent = await this.#parent()
    const expected = (parent.validation as { mirror?: Absent } | null)?.mirror?.people ?? 0
    const released = heldOf(parent)?.approved === true
    if (total <= expected && released) return null
    if (released && drifted({ deleted: expected }, { deleted: total }).length === 0) return null
    const trips = tripsOf(definition.breaker, {
      run: runName(runId),
      total,
      rejected: 0,
      deletes: total,
      profiles: await countProfiles(pool, namespace.schema),
      usual: [],
      misplaced: [],
      retyped: [],
    })
    return trips.length === 0 ? null : this.#report(trips, total)
  }

  async #report(trips: readonly Problem[], total: number): Promise<HeldReport> {
    const { db, store } = this.#context
    const { namespaceId, runId, manifest, namespace } = this.#run
    const index = await readIndex(store, indexKey(namespaceId, runId))
    const lines = await readLines(store, manifest as LandingManifest, index, 0, this.#signal)
    const ids = lines.slice(0, 20).map(({ profile }) => profile)
    const names = await db.withClient((client) => loadNames(client, namespace.schema, ids))
    const counters = { 'finished.deleted': total }
    const plan = { counters, differences: [], repeats: 0, newAttributes: [], deleted: [...names.values()] }
    return { trips, plan, absent: null, approved: true }
  }

  /** The law, and the end. */
  async finish(): Promise<void> {
    const { db, store } = this.#context
    const run = this.#run
    const law = await checkLaw(db, run, run.total ?? 0, true)
    await this.#context.at?.('counted')
    await this.#context.at?.('reported')
    if (law.faults.length > 0) {
      const broken = problem('law.broken', { detail: law.faults.join('; '), run: runName(run.runId) })
      return void (await this.#move('halt', { totals: law.totals, problem: broken }))
    }
    await this.#move('complete', { totals: law.totals })
    await this.#context.at?.('ended')
    const { namespaceId, runId } = mirrored(run)
    await store.remove(preparedKey(namespaceId, runId))
  }

  async endStopped(): Promise<void> {
    const law = await checkLaw(this.#context.db, this.#run, this.#run.total ?? 0, false)
    await this.#move('end_stopped', { totals: law.totals })
  }
}

/** Nobody hangs together with anybody here: each profile is a group of its own. */
async function* alone(
  profiles: AsyncIterable<readonly number[]>,
): AsyncGenerator<(readonly [profile: number, group: number])[]> {
  for await (const block of profiles) yield block.map((id) => [id, id] as const)
}
