// Where the records of a job come from (design section 2: Source).
import { z } from 'zod'
import { timeOfDay } from './times.ts'
import { parseFilePattern } from '../filePattern.ts'

export const uploadSchema = z
  .object({ kind: z.literal('upload') })
  .meta({ description: 'Files that are given by hand.' })

/** Whether a path leads nowhere but downwards: no beginning slash, no `..`. */
export function leadsDown(path: string): boolean {
  if (/[\\\0]/.test(path) || path.startsWith('/')) return false
  return !path.split('/').includes('..')
}

export const folderSchema = z
  .object({
    kind: z.literal('folder'),
    path: z
      .string()
      .max(1_000)
      .refine(leadsDown, 'a path below the root: no .. in it and no slash at its beginning')
      .default('')
      .meta({ title: 'Folder', description: 'Below the root the server was started with.' }),
    pattern: z
      .string()
      .min(1)
      .max(200)
      .superRefine((pattern, context) => {
        const parsed = parseFilePattern(pattern)
        if (typeof parsed === 'string') context.addIssue({ code: 'custom', message: parsed })
      })
      .default('*')
      .meta({
        title: 'File names',
        description: 'With * and ? as in a shell; {date:YYYYMMDD} stands for a date.',
      }),
    take: z.enum(['newest', 'all']).default('all').meta({
      title: 'Which files',
      description: 'all: every file nobody has processed, oldest first; newest: the newest alone.',
    }),
    maxAgeHours: z.number().positive().nullable().default(null).meta({
      title: 'Oldest file',
      description: 'Files that were changed longer ago, in hours, are not taken; null: any age.',
    }),
    marker: z
      .string()
      .min(1)
      .max(200)
      .regex(/^[^/\\\0]+$/, 'a name, not a path')
      .refine((marker) => marker !== '{name}', 'a name other than that of the file itself')
      .nullable()
      .default(null)
      .meta({
        title: 'Marker',
        description:
          'A file is whole when another of this name stands beside it, such as {name}.done; null: when it stopped growing.',
      }),
    part: z.string().min(1).max(200).nullable().default(null).meta({
      title: 'Sheet or file inside',
      description: 'Of a workbook or an archive; null: the only one with content.',
    }),
    onArrival: z.boolean().default(false).meta({
      title: 'When a file arrives',
      description: 'Start a run as soon as a file has arrived, besides the schedule.',
    }),
    expectedBy: timeOfDay.nullable().default(null).meta({
      title: 'Expected by',
      description:
        'A file should have arrived by this time of day in the zone of the job, or it is told; null: no.',
    }),
  })
  .meta({ description: 'Files that arrive in a folder below the root.' })

export const profilesSchema = z
  .object({
    kind: z.literal('profiles'),
    where: z.array(z.string()).default([]).meta({
      title: 'Who',
      description: 'Conditions as sluice profiles find --where takes them; none: everybody.',
    }),
  })
  .meta({ description: 'The profile store itself.' })

export const sourceSchema = z
  .discriminatedUnion('kind', [uploadSchema, folderSchema, profilesSchema])
  .meta({ id: 'JobSource' })
export type Source = z.infer<typeof sourceSchema>
export type FolderSource = z.infer<typeof folderSchema>
export type UploadSource = z.infer<typeof uploadSchema>
export type ProfilesSource = z.infer<typeof profilesSchema>
