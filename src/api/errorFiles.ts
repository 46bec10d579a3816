// The error file of a run as routes read it: from any byte on, and with what was mended since left out.
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { mendedAmong } from '../db/read/mended.ts'
import { errorFileHeader, readRejects, type ErrorFile, type RejectRow } from '../formats/rejects.ts'
import { runOf, type ApiContext } from './context.ts'

/** Bytes of an error file that one look goes through; longer ones are looked at in parts, or from their beginning only. */
export const lookedAtMax = 32 << 20

export interface OpenErrorFile {
  readonly file: ErrorFile
  /** Every row from a byte on. */
  readonly rows: (from: number) => AsyncIterable<RejectRow>
  /** Those that no later run has mended, and those with a record in `also`. */
  readonly openRows: (from: number, also?: ReadonlySet<number>) => AsyncIterable<RejectRow>
}

/** Throws `not_found` where the run has no error file, or none any more. */
export async function openErrorFile(
  context: ApiContext,
  namespace: Namespace,
  run: number,
): Promise<OpenErrorFile> {
  const row = await runOf(context, namespace, run)
  const artifact = row.artifacts.errors
  if (artifact === undefined) throw failure('not_found', { noun: 'error file', id: `of ${runName(run)}` })
  const { key } = artifact
  const bytes = artifact.bytes ?? (await context.blobs.size(key)) ?? 0
  async function* from(offset: number): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < bytes; at += blockBytes)
      yield await context.blobs.read(key, at, Math.min(blockBytes, bytes - at))
  }
  const file = await errorFileHeader(from(0))
  const rows = (offset: number): AsyncGenerator<RejectRow> => readRejects(file, from(offset), offset)
  const mended = (ordinals: readonly number[]): Promise<ReadonlySet<number>> =>
    mendedAmong(context.database.pool, namespace, row, ordinals)
  const openRows = async function* (
    offset: number,
    also: ReadonlySet<number> = new Set(),
  ): AsyncGenerator<RejectRow> {
    for await (const some of inBatches(rows(offset))) {
      const done = await mended(some.map(({ ordinal }) => ordinal))
      yield* some.filter(({ ordinal }) => !done.has(ordinal) || also.has(ordinal))
    }
  }
  return { file, rows, openRows: row.children.length === 0 ? rows : openRows }
}

const blockBytes = 1 << 18
const batchRows = 1_000

async function* inBatches(rows: AsyncIterable<RejectRow>): AsyncGenerator<RejectRow[]> {
  let batch: RejectRow[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < batchRows) continue
    yield batch
    batch = []
  }
  if (batch.length > 0) yield batch
}
