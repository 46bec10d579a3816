// What a batch of an import is made from, and what the batches of a run have in common.
import type { Shape } from '../core/changeSet.ts'
import type { PreparedRecord } from '../core/prepared.ts'
import type { Delivery } from '../db/delivery.ts'
import type { OrdinalRange } from '../db/seen.ts'
import type { ChunkClaim } from '../db/settle.ts'
import type { PipelineContext } from './context.ts'

export interface BatchWork {
  readonly claim: ChunkClaim
  /** The batch's place in its chunk. */
  readonly bit: number
  /** The last record of it that was taken before the quota cut it; 0: it begins at its beginning. */
  readonly taken: number
  readonly records: readonly PreparedRecord[]
  /** Records that were delivered before: nothing but their ledger rows is written. */
  readonly seen: readonly OrdinalRange[]
}

export interface BatchRun {
  readonly context: PipelineContext
  readonly namespaceId: number
  readonly delivery: Delivery
  /** Reads the catalogue again after it changed under us. */
  readonly reload: () => Promise<Shape>
}
