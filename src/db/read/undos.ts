// What an undo had to keep, by cause, with the first profiles of each.
import type pg from 'pg'
import type { Problem } from '../../core/problem.ts'
import { quoteName } from '../sql.ts'

export interface KeptExample {
  readonly profile: number
  readonly identifier: string | null
  readonly message: string
}

/** The first profiles of which something was kept for this reason, in the order of the undo. */
export async function keptExamples(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  run: { readonly id: number; readonly month: string },
  code: string,
  limit: number,
): Promise<KeptExample[]> {
  const { rows } = await client.query<{ profile_id: number; identifier: string | null; warnings: Problem[] }>(
    `select profile_id, identifier, warnings from ${quoteName(schema)}.record
     where run_month = $1 and run = $2 and warnings @> $3 order by ordinal limit $4`,
    [run.month, run.id, JSON.stringify([{ code }]), limit],
  )
  return rows.map(({ profile_id, identifier, warnings }) => ({
    profile: profile_id,
    identifier,
    message: warnings.find((one) => one.code === code)?.message ?? '',
  }))
}

/** Profiles of which an undo kept something. */
export async function countKept(
  client: pg.ClientBase | pg.Pool,
  schema: string,
  run: { readonly id: number; readonly month: string },
): Promise<number> {
  const { rows } = await client.query<{ n: number }>(
    `select count(*) as n from ${quoteName(schema)}.record where run_month = $1 and run = $2 and warnings is not null`,
    [run.month, run.id],
  )
  return rows[0]!.n
}
