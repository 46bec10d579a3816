// Where the records of a job come from (design section 2: Source).
import { z } from 'zod'

const upload = z.object({ kind: z.literal('upload') }).meta({ description: 'Files that are given by hand.' })

const folder = z
  .object({
    kind: z.literal('folder'),
    /** Below the root the server was started with; never outside of it. */
    path: z.string().default(''),
    /** Names it takes, with * and ?; `{date:YYYYMMDD}` stands for a date. */
    pattern: z.string().min(1).max(200).default('*'),
    /** Of several files nobody has processed: the newest alone (the others are passed over), or all, oldest first. */
    take: z.enum(['newest', 'all']).default('all'),
    /** Files older than this are not taken; null: any age. */
    maxAgeHours: z.number().positive().nullable().default(null),
    /** A file is whole when another of this name stands beside it (`{name}.done`); null: when it stopped growing. */
    marker: z.string().max(200).nullable().default(null),
    /** Start a run as soon as a file has arrived, besides the schedule. */
    onArrival: z.boolean().default(false),
    /** It should have arrived by this time of the job's zone (HH:MM) on days it is due, or somebody is told; null: no. */
    expectedBy: z
      .string()
      .regex(/^\d\d:\d\d$/)
      .nullable()
      .default(null),
  })
  .meta({ description: 'Files that arrive in a folder below the root.' })

const profiles = z
  .object({
    kind: z.literal('profiles'),
    /** Conditions as `profiles find --where` takes them; none: everybody. */
    where: z.array(z.string()).default([]),
  })
  .meta({ description: 'The profile store itself.' })

export const sourceSchema = z.discriminatedUnion('kind', [upload, folder, profiles])
export type Source = z.infer<typeof sourceSchema>
export type FolderSource = z.infer<typeof folder>
