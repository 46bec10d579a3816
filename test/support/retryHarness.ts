// Imports whose failed records are corrected and retried, without a server: what the retry tests talk to.
import type { ClientConfig } from 'pg'
import type { Dialect } from '../../src/core/dialect.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { outcomeName, recordStateName, skipReasonName } from '../../src/core/record.ts'
import { correcting, retrying } from '../../src/host/retrying.ts'
import { ImportHarness, smallCut, type Order } from './importHarness.ts'
import { definition } from './people.ts'

export class RetryHarness extends ImportHarness {
  static override async open(connection: ClientConfig, folder?: string): Promise<RetryHarness> {
    const { db, folder: blobs, namespace } = await ImportHarness.open(connection, folder)
    return new RetryHarness(db, blobs, namespace)
  }

  /** As `empty`, and the next run is r1001 again. */
  override async empty(): Promise<void> {
    await super.empty()
    await this.db.pool.query('update sluice.namespace set last_run = 1000')
  }

  /** Imports the content to its end. */
  async import(content: string, order: Partial<Order> = {}): Promise<RunKey> {
    const key = await this.start(content, { definition, ...order })
    await this.runToEnd(key)
    return key
  }

  /** Starts the import of a corrected error file. */
  async startCorrections(
    content: string | Buffer,
    hints: Partial<Dialect> = {},
    settings: object = smallCut,
  ): Promise<RunKey> {
    const upload = await this.land(content)
    const port = correcting(this.db, this.store)
    const started = await port.start(this.namespace, upload, hints, {
      again: false,
      dryRun: false,
      by: 'local',
    })
    if (started === null) throw new Error('not recognised as corrections')
    const key = { namespaceId: this.namespace.id, runId: started.runId }
    await this.db.pool.query('update sluice.run set settings = settings || $2 where id = $1', [
      started.runId,
      JSON.stringify(settings),
    ])
    return key
  }

  async correct(content: string | Buffer, hints: Partial<Dialect> = {}): Promise<RunKey> {
    const key = await this.startCorrections(content, hints)
    await this.runToEnd(key)
    return key
  }

  async look(content: string | Buffer) {
    const upload = await this.land(content)
    return correcting(this.db, this.store).look(this.namespace, upload, {})
  }

  retry(order: Partial<Parameters<ReturnType<typeof retrying>>[1]>) {
    const whole = {
      choice: { ids: [] },
      mapping: null,
      version: 'own',
      dryRun: false,
      by: 'local',
      ...order,
    } as const
    return retrying(this.db, this.store)(this.namespace, whole)
  }

  /** Retries and works until the child runs are settled. */
  async retryToEnd(order: Partial<Parameters<ReturnType<typeof retrying>>[1]>): Promise<RunKey[]> {
    const { runs } = await this.retry(order)
    const keys = runs.map(({ run }) => ({ namespaceId: this.namespace.id, runId: Number(run!.slice(1)) }))
    for (const key of keys) await this.runToEnd(key)
    return keys
  }

  /** What became of every record, in words, with where it goes back to and what retried it. */
  async lines(key: RunKey): Promise<string[]> {
    const { rows } = await this.db.pool.query<LedgerLine>(
      `select state, outcome, reason, problem ->> 'code' as code, identifier, origin, retried_in
       from ${this.namespace.schema}.record where run = $1 order by ordinal`,
      [key.runId],
    )
    return rows.map(({ state, outcome, reason, code, identifier, origin, retried_in }) => {
      const detail =
        outcome === null ? (reason === null ? code : skipReasonName(reason)) : outcomeName(outcome)
      const from = origin === null ? '' : ` origin ${origin}`
      const to = retried_in === null ? '' : ` retried ${retried_in}`
      return `${recordStateName(state)} ${detail} ${identifier ?? '-'}${from}${to}`
    })
  }
}

interface LedgerLine {
  readonly state: number
  readonly outcome: number | null
  readonly reason: number | null
  readonly code: string | null
  readonly identifier: string | null
  readonly origin: string | null
  readonly retried_in: string | null
}
