// Small pieces every query needs: quoting, COPY in text form, waiting for a stream.
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** An identifier for SQL text. Names come from our own catalogue, quoting makes that safe to rely on. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

const names = new Map<string, string>()
/** Texts whose names are remembered; more only come of namespaces that are made and dropped. */
const namesMax = 5_000

/**
 * A query that each connection plans once and keeps: for what is asked again and again with other values, where planning takes
 * longer than the answer. Not for texts that are put together from filters: every text is kept as long as its connection.
 */
export function prepared(text: string, values: readonly unknown[]): pg.QueryConfig {
  let name = names.get(text)
  if (name === undefined) {
    name = createHash('sha256').update(text).digest('base64url').slice(0, 22)
    if (names.size >= namesMax) names.clear()
    names.set(text, name)
  }
  return { name, text, values: [...values] }
}

/** Sends rows in COPY text form (one string, rows end in \n). Rejects with the server's error. */
export async function copyIn(client: pg.ClientBase, statement: string, rows: string): Promise<void> {
  if (rows === '') return
  await pipeline(Readable.from([Buffer.from(rows)]), client.query(copyFrom(statement)))
}

/** Reads `copy (…) to stdout` whole, as text. For batches only: the answer is held in memory. */
export async function copyOut(client: pg.ClientBase, query: string): Promise<string> {
  const stream = client.query(copyTo(`copy (${query}) to stdout`))
  const blocks: Buffer[] = []
  stream.on('data', (block: Buffer) => blocks.push(block))
  await once(stream, 'end')
  return Buffer.concat(blocks).toString('utf8')
}
