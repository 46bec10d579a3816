// The part of the walk that is about records: looked at, retried, left out, processed, and settled from outside.
import { letWait, takeRecords } from '../../../src/db/recordMoves.ts'
import type { RunView } from '../../../src/api/runView.ts'
import { jobSetupSchema } from '../../../src/core/jobSetup.ts'
import type { Walker } from './walker.ts'

const some = 'customer_id,email\n5001,hal@example.com\n5002,ida@example.com\n5003,jan@example.com\n'

export async function walkRecords(walker: Walker): Promise<void> {
  await walker.ask('GET', '/records')
  const failed = { ids: ['r1001/3'] }
  for (const move of ['retry', 'skip']) {
    const json = { ...failed, dryRun: true }
    const other = { json: { ids: ['r1001/1'], dryRun: true } }
    await walker.ask('POST', `/records/${move}`, {}, { json, other })
  }
  const run = await stagedRun(walker)
  await letOneWait(walker, run)
  const settle = { ids: [`${run}/1`], state: 'finished', outcome: 'delivered' }
  const other = { json: { ...settle, outcome: 'removed' } }
  await walker.ask('POST', '/records/settle', {}, { json: settle, other })
  const order = { job: 'staged.csv', limit: 1_000 }
  await walker.ask('POST', '/records/process', {}, { json: order, other: { json: { job: 'staged.csv' } } })
}

/** A run that landed its records and left them for later. */
async function stagedRun({ api }: Walker): Promise<string> {
  const { run } = await api.start(some, {}, 'staged.csv')
  const setup = jobSetupSchema.parse({ staged: { perRun: 100, everyMinutes: 5 } })
  const { pool } = api.harness.db
  await pool.query(
    `update sluice.job_version set setup = $1 where job_id = (select id from sluice.job where name = 'staged.csv')`,
    [JSON.stringify(setup)],
  )
  const view: RunView = await api.settled(run)
  return view.run.id
}

/** As a destination that answers later would leave it; none of ours does yet. */
async function letOneWait({ api: { harness } }: Walker, run: string): Promise<void> {
  const { rows } = await harness.db.pool.query<{ month: string }>(
    'select run_month::text as month from sluice.run where id = $1',
    [Number(run.slice(1))],
  )
  const { id: namespaceId, schema } = harness.namespace
  const key = { namespaceId, runId: Number(run.slice(1)), schema, month: rows[0]!.month }
  await harness.db.transaction(async (client) => {
    await takeRecords(client, key, { by: key.runId, fresh: true, dueBy: 'infinity', limit: 1 })
    await letWait(client, key, [1])
  })
}
