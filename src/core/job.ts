// What a person defines: from where, to where, mapping, policies. Everything that decides the result of an import.
import { z } from 'zod'
import { dialectSchema } from './dialect.ts'
import { mappingSchema, writePolicySchema } from './mapping.ts'

const percent = z.number().min(0).max(100)

/** When a run is held before anything is written (design section 7). Null switches a limit off. */
export const breakerSchema = z
  .object({
    /** Percent of the records; both limits must be passed. */
    rejectsPercent: percent.nullable().default(10),
    rejectsMin: z.int().min(0).default(100),
    /** Profiles that would be deleted: more than so many, or more than this percentage of all there are. */
    deletesMax: z.int().min(0).nullable().default(250),
    deletesPercent: percent.nullable().default(5),
    /** Records, as percentages of what the last runs of the job had; not for jobs that run once. */
    rowsMinPercent: percent.nullable().default(50),
    rowsMaxPercent: z.number().min(100).nullable().default(200),
    /** A file without records. */
    empty: z.boolean().default(true),
    /** A mapped column that is missing, or whose values do not fit any more. */
    columns: z.boolean().default(true),
  })
  .meta({ id: 'BreakerLimits' })
export type BreakerLimits = z.infer<typeof breakerSchema>

export const importDefinitionSchema = z
  .object({
    dialect: dialectSchema,
    /** The columns as read from the header when the mapping was made; for JSON the keys known then. */
    columns: z.array(z.string()),
    mapping: mappingSchema,
    policy: writePolicySchema.default(writePolicySchema.parse({})),
    breaker: breakerSchema.nullable().default(breakerSchema.parse({})),
  })
  .meta({ id: 'ImportDefinition' })

export type ImportDefinition = z.infer<typeof importDefinitionSchema>

/** The definition of a draft whose files nobody has seen yet: it maps nothing. */
export const emptyDefinition: ImportDefinition = importDefinitionSchema.parse({
  dialect: { format: 'csv', encoding: 'utf-8' },
  columns: [],
  mapping: { columns: [] },
})

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
