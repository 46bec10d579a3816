// An upload as the API shows it: a file as it landed, or a part of one.
import { z } from 'zod'

const partSchema = z.object({
  name: z.string(),
  noun: z.enum(['sheet', 'table', 'file']),
  hidden: z.boolean().meta({ description: 'Hidden by whoever made the workbook.' }),
  empty: z.boolean(),
  bytes: z.int().nullable().meta({ description: 'When unpacked, as the file says; null: it does not say.' }),
})

export const uploadViewSchema = z
  .object({
    id: z.uuid(),
    fileName: z.string(),
    compression: z.enum(['none', 'gzip', 'zstd']),
    contentBytes: z.int().meta({ description: 'Inflated.' }),
    originalBytes: z.int(),
    contentSha256: z
      .string()
      .meta({ description: 'Of the inflated content: x.csv and x.csv.gz have the same.' }),
    container: z
      .object({ kind: z.enum(['xlsx', 'parquet', 'zip']), parts: z.array(partSchema) })
      .nullable()
      .meta({ description: 'What is inside a file that is imported in parts; null for others.' }),
    part: z
      .object({ name: z.string(), noun: z.enum(['sheet', 'table', 'file']) })
      .nullable()
      .meta({ description: 'Which part of another upload it is.' }),
  })
  .meta({ id: 'UploadView' })
export type UploadView = z.infer<typeof uploadViewSchema>
