// Who stands behind a stamp: the record, its run and job, and the line of its file.
import { z } from 'zod'
import { recordName, runName } from '../core/names.ts'
import { microsToIso, type StampEntry } from '../core/stamp.ts'
import type { Namespace } from '../db/imports.ts'
import { sourcesOfRuns } from '../db/read/history.ts'
import type { ApiContext } from './context.ts'

export const writerSchema = z
  .object({
    record: z.string().meta({ description: 'For example r1042/17.' }),
    run: z.string(),
    job: z.string().nullable(),
    trigger: z.string().nullable().meta({ description: 'manual, retry or undo.' }),
    reverted: z.boolean().meta({ description: 'The run was undone since.' }),
    file: z.string().nullable(),
    line: z.int().nullable().meta({
      description: 'Line of the file, while the run\u2019s landing is kept; explanations leave it out.',
    }),
    asOf: z.string().meta({ description: 'As of when the value was true.' }),
  })
  .meta({ id: 'Writer' })
export type Writer = z.infer<typeof writerSchema>

/**
 * Looks up everything at once; the lines of the first fifty records only, and with `lines` false of none: each costs
 * reading a part of a landing.
 */
export async function writersOf(
  context: ApiContext,
  namespace: Namespace,
  entries: readonly StampEntry[],
  { lines: withLines = true } = {},
): Promise<(entry: StampEntry) => Writer> {
  const records = new Map(
    entries.map(([, run, ordinal]) => [recordName(run, ordinal), { run, ordinal }] as const),
  )
  const runs = [...new Set([...records.values()].map(({ run }) => run))]
  const sources = await sourcesOfRuns(context.database.pool, namespace, runs)
  // The input of an undo is a list of profiles: no line of anybody's file.
  const inFiles = [...records.values()].filter(({ run }) => sources.get(run)?.trigger !== 'undo')
  const lines = await context.linesOf(namespace, withLines ? inFiles : [])
  return ([asOf, run, ordinal]) => {
    const source = sources.get(run)
    const record = recordName(run, ordinal)
    return {
      record,
      run: runName(run),
      job: source?.job ?? null,
      trigger: source?.trigger ?? null,
      reverted: source?.state === 'reverted',
      file: source?.trigger === 'undo' ? null : (source?.file ?? null),
      line: lines.get(record) ?? null,
      asOf: microsToIso(asOf),
    }
  }
}
