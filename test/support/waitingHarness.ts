// Jobs whose records wait: landed by one run, processed by another, at a time that is handed in.
import type { ClientConfig } from 'pg'
import { jobSetupSchema } from '../../src/core/jobSetup.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { RecordRetries } from '../../src/engine/recordRetries.ts'
import { RetryHarness } from './retryHarness.ts'
import { definition } from './people.ts'
import { ImportHarness, smallCut } from './importHarness.ts'

export class WaitingHarness extends RetryHarness {
  static override async open(connection: ClientConfig, folder?: string): Promise<WaitingHarness> {
    const { db, folder: blobs, namespace } = await ImportHarness.open(connection, folder)
    return new WaitingHarness(db, blobs, namespace)
  }

  /** Starts the import of a file by a job with this setup; `kind`: recurring stays active. */
  async startBy(
    setup: object,
    content: string,
    kind: 'recurring' | 'one_time' = 'recurring',
    jobName = 'people.csv',
  ): Promise<RunKey> {
    const key = await this.start(content, { definition, jobName })
    await this.db.pool.query('update sluice.job_version set setup = $1', [
      JSON.stringify(jobSetupSchema.parse(setup)),
    ])
    // Imports by hand make one-time jobs; the next one of the same name finds its job by that kind.
    if (kind === 'recurring')
      await this.db.pool.query(
        `update sluice.job set state_from = 'completed', state = 'active' where state <> 'active'`,
      )
    return key
  }

  async landBy(setup: object, content: string): Promise<RunKey> {
    const key = await this.startBy(setup, content)
    await this.runToEnd(key)
    return key
  }

  /** Lets the duty do what is due so many minutes from now; answers the processing runs it made. */
  async tick(minutes = 0): Promise<RunKey[]> {
    const { rows: before } = await this.db.pool.query<{ last: number }>(
      'select last_run as last from sluice.namespace',
    )
    const context = { db: this.db, store: this.store }
    await new RecordRetries(context).runOnce(new Date(Date.now() + minutes * 60_000))
    const { rows } = await this.db.pool.query<{ id: number }>(
      `select id from sluice.run where trigger = 'process' and id > $1 order by id`,
      [before[0]!.last],
    )
    await this.db.pool.query(
      `update sluice.run set settings = settings || $1 where trigger = 'process' and state = 'queued'`,
      [JSON.stringify(smallCut)],
    )
    return rows.map(({ id }) => ({ namespaceId: this.namespace.id, runId: id }))
  }

  /** The same, and works until they are settled. */
  async process(minutes = 0): Promise<RunKey[]> {
    const keys = await this.tick(minutes)
    for (const key of keys) await this.runToEnd(key)
    return keys
  }
}
