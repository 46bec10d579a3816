// A corrected error file as the API shows it before it is imported.
import { z } from 'zod'
import { dialectSchema } from '../core/dialect.ts'

const count = z.int().min(0)

export const correctionsSchema = z
  .object({
    runs: z.array(z.object({ id: z.string(), file: z.string() })).meta({
      description: 'Whose records are corrected, oldest first; the mapping is that of the last one.',
    }),
    job: z.string(),
    dialect: dialectSchema,
    whole: z.boolean().meta({ description: 'False: only the beginning of the file was read.' }),
    records: count,
    changed: count,
    unchanged: count.meta({ description: 'Rows as the error file had them; they will be skipped.' }),
    refused: z.record(z.string(), count).meta({ description: 'Rows that cannot be used, by problem code.' }),
    mangled: z
      .array(z.object({ column: z.string(), rows: count, of: count, before: z.string(), after: z.string() }))
      .meta({
        description:
          'Columns that changed in most rows although nothing was wrong with them, with an example.',
      }),
  })
  .meta({ id: 'CorrectionsView' })
export type CorrectionsView = z.infer<typeof correctionsSchema>
