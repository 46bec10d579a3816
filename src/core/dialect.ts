// How the bytes of a file become records: detected, shown, and overridable flag by flag.
import { z } from 'zod'
import type { Problem } from './problem.ts'

export const dialectSchema = z
  .object({
    format: z.enum(['csv', 'jsonl', 'json', 'rows']).meta({
      description:
        'csv: delimited text; jsonl: one JSON object a line; json: one array of objects; rows: one JSON array of cells a line, as sheets and tables land.',
    }),
    encoding: z.string().meta({
      description: 'utf-8, utf-16le, utf-16be, windows-1252, iso-8859-1, or any name iconv-lite knows.',
    }),
    delimiter: z
      .string()
      .min(1)
      .max(16)
      .default(',')
      .meta({ description: 'Between fields; one or several characters.' }),
    quote: z.string().max(1).default('"').meta({ description: 'Around fields; empty for none.' }),
    escape: z
      .string()
      .max(1)
      .default('"')
      .meta({ description: 'Before a quote inside a quoted field; the quote itself when doubled.' }),
    rowDelimiter: z
      .string()
      .min(1)
      .max(16)
      .default('auto')
      .meta({ description: 'auto takes LF, CRLF and CR alike; or own characters.' }),
    skipLines: z
      .int()
      .min(0)
      .default(0)
      .meta({ description: 'Physical lines before the header (preamble).' }),
    headerLines: z
      .int()
      .min(0)
      .max(16)
      .default(1)
      .meta({ description: '0: no header, columns are named column_1, column_2…' }),
    trailerLines: z
      .int()
      .min(0)
      .max(100)
      .default(0)
      .meta({ description: 'Physical lines at the end that are not records (totals).' }),
    onBad: z
      .enum(['quarantine', 'pad'])
      .default('quarantine')
      .meta({ description: 'A wrong field count goes to the error file, or is padded.' }),
  })
  .meta({ id: 'Dialect' })

export type Dialect = z.infer<typeof dialectSchema>

/** A part of a dialect: what a person said about a file. What was not said stays open, so no default may fill it in. */
export const dialectHintsSchema = z.object(
  Object.fromEntries(
    Object.entries(dialectSchema.shape).map(([name, field]) => {
      const bare = field instanceof z.ZodDefault ? field.unwrap() : field
      return [name, bare.meta(field.meta() ?? {}).optional()]
    }),
  ),
) as unknown as z.ZodType<Partial<Dialect>, Partial<Dialect>>

export { caps } from './caps.ts'

/** One record as the reader sees it. Offsets and lines are those of the landing (the inflated content). */
export interface RawRecord {
  /** 1 for the first record after the header. Bad records have ordinals too: nothing is lost. */
  readonly ordinal: number
  /** Physical line where it starts, 1 for the first line of the file. */
  readonly line: number
  /** Byte offset where it starts. */
  readonly offset: number
  /** Bytes from its start to the next record's start. */
  readonly length: number
  /**
   * Cells by column position; null: the JSON record lacks the key or has null there. Null when the record is bad, or
   * when a reader's filter let it pass unread.
   */
  readonly cells: readonly (string | null)[] | null
  /** Why it cannot be read. */
  readonly bad: Problem | null
  /** Its bytes exactly (up to the record cap), kept for bad records only. */
  readonly raw: Uint8Array | null
}

/** Where reading can begin in the middle of a landing. */
export interface ReadStart {
  readonly offset: number
  readonly ordinal: number
  readonly line: number
}
