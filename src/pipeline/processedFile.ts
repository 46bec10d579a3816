// The processed file of a run (BS-20): every record that was settled with its own columns and what became of it. It is made
// from the landing and the ledger when somebody wants it, so it is never stale and takes no room.
import type { RawRecord } from '../core/dialect.ts'
import { recordName } from '../core/names.ts'
import { outcomeName, recordStateName, skipReasonName } from '../core/record.ts'
import { outcomesBetween, type OutcomeRow } from '../db/read/outcomes.ts'
import type { Run } from '../db/runs.ts'
import { escapeFormula } from '../formats/spreadsheetCell.ts'
import { csvLine } from '../formats/writeCsv.ts'
import { customerColumns } from './errorFile.ts'
import type { SourceContext } from './landingRecords.ts'
import { sourceOf } from './recordSource.ts'

/** After the customer's columns. There is no `_run`: the file is for people, and is not taken for an error file. */
export const processedColumns = ['_record', '_line', '_state', '_outcome', '_why', '_profile'] as const

export interface ProcessedHow {
  /** Whether cells that look like formulas are made harmless; programs want them as they are. */
  readonly escape: boolean
  readonly signal?: AbortSignal
}

/** The file in pieces; one block of records is held at a time. Records nobody has settled are not in it. */
export async function* processedFile(
  context: SourceContext,
  run: Run,
  { escape, signal }: ProcessedHow,
): AsyncGenerator<Uint8Array> {
  const columns = [...run.definition.columns]
  const own = customerColumns(run)
  const places = own.map((column) => columns.indexOf(column))
  const cell = escape ? (text: string): string => escapeFormula(text) : (text: string): string => text
  yield Buffer.from(csvLine([...own.map(cell), ...processedColumns]))
  for await (const block of sourceOf(context, run).records({
    columns,
    ...(signal === undefined ? {} : { signal }),
  })) {
    const found = await outcomesOf(context, run, block)
    const lines = block.flatMap((raw) => {
      const row = found.get(raw.ordinal)
      if (row === undefined) return []
      const cells = places.map((place) => {
        const text = raw.cells?.[place] ?? null
        return text === null ? null : cell(text)
      })
      return [csvLine([...cells, ...told(run, raw, row)])]
    })
    if (lines.length > 0) yield Buffer.from(lines.join(''))
  }
}

async function outcomesOf(
  { db }: SourceContext,
  run: Run,
  block: readonly RawRecord[],
): Promise<ReadonlyMap<number, OutcomeRow>> {
  const key = { id: run.runId, month: run.month }
  const [from, to] = [block[0]!.ordinal, block.at(-1)!.ordinal]
  const rows = await outcomesBetween(db.pool, run.namespace.schema, key, from, to)
  return new Map(rows.map((row) => [row.ordinal, row]))
}

function told(run: Run, { ordinal, line }: RawRecord, row: OutcomeRow): (string | null)[] {
  const reason = row.reason === null ? null : (skipReasonName(row.reason) ?? null)
  return [
    recordName(run.runId, ordinal),
    String(line),
    recordStateName(row.state) ?? null,
    row.outcome === null ? null : (outcomeName(row.outcome) ?? null),
    row.code === null ? reason : `${row.code}: ${row.message ?? ''}`,
    row.profile === null ? null : String(row.profile),
  ]
}
