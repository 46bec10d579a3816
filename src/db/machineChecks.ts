// Puts the check of each state machine on its table, from the machine itself: the database judges every move.
import { createHash } from 'node:crypto'
import type pg from 'pg'
import { checkSql } from '../core/machine.ts'
import { jobMachine } from '../core/jobState.ts'
import { runMachine } from '../core/run.ts'

const tables = [
  { table: 'sluice.run', name: 'run_moves', sql: checkSql(runMachine) },
  { table: 'sluice.job', name: 'job_moves', sql: checkSql(jobMachine) },
]

/** Adds or renews the checks; a comment on the constraint keeps the hash of its text, so an equal one is left alone. */
export async function applyMachineChecks(client: pg.ClientBase): Promise<void> {
  for (const { table, name, sql } of tables) {
    const hash = createHash('sha256').update(sql).digest('hex').slice(0, 16)
    const { rows } = await client.query<{ hash: string | null }>(
      `select obj_description(oid, 'pg_constraint') as hash from pg_constraint where conname = $1 and conrelid = $2::regclass`,
      [name, table],
    )
    if (rows[0]?.hash === hash) continue
    await client.query(
      `alter table ${table} drop constraint if exists ${name}, add constraint ${name} check (${sql})`,
    )
    await client.query(`comment on constraint ${name} on ${table} is '${hash}'`)
  }
}
