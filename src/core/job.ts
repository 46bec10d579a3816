// What a person defines: from where, to where, mapping, policies. Everything that decides the result of an import.
import { z } from 'zod'
import { dialectSchema } from './dialect.ts'
import { mappingSchema, writePolicySchema } from './mapping.ts'

/** When a run is held before anything is written (design section 7). */
export const breakerSchema = z.object({
  /** Percent of the records; both limits must be passed. */
  rejectsPercent: z.number().min(0).max(100).default(10),
  rejectsMin: z.int().min(0).default(100),
})

export const importDefinitionSchema = z.object({
  dialect: dialectSchema,
  /** The columns as read from the header when the mapping was made; for JSON the keys known then. */
  columns: z.array(z.string()),
  mapping: mappingSchema,
  policy: writePolicySchema.default(writePolicySchema.parse({})),
  breaker: breakerSchema.nullable().default(breakerSchema.parse({})),
})

export type ImportDefinition = z.infer<typeof importDefinitionSchema>

/** How a run is cut for workers. Numbers of design section 4; tests vary them to show that they decide nothing. */
export interface CutSettings {
  readonly batchRecords: number
  readonly batchBytes: number
  readonly chunkBatches: number
  readonly connections: number
  /** Lines compared with an earlier run in one go; a table of them takes 24 bytes each. */
  readonly compareLines: number
}

export const defaultCut: CutSettings = {
  batchRecords: 5_000,
  batchBytes: 8 << 20,
  chunkBatches: 16,
  connections: 3,
  compareLines: 2_000_000,
}
