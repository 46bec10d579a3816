// Small pieces every query needs: quoting, COPY in text form, waiting for a stream.
import { once } from 'node:events'
import { pipeline } from 'node:stream/promises'
import { Readable } from 'node:stream'
import type pg from 'pg'
import { from as copyFrom, to as copyTo } from 'pg-copy-streams'

/** An identifier for SQL text. Names come from our own catalogue, quoting makes that safe to rely on. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
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
