// Imports and undos on one database, driven to their end: what the tests of undo speak in.
import type { ClientConfig } from 'pg'
import { runName } from '../../src/core/names.ts'
import type { RunState } from '../../src/core/run.ts'
import type { UndoSettings } from '../../src/core/undo.ts'
import type { RunKey } from '../../src/db/moves.ts'
import { startUndo } from '../../src/db/undoRuns.ts'
import type { WorkerContext } from '../../src/pipeline/context.ts'
import { ImportHarness, smallCut } from './importHarness.ts'
import { definition, fileOf } from './people.ts'

export class UndoHarness {
  readonly h: ImportHarness

  private constructor(h: ImportHarness) {
    this.h = h
  }

  static async open(connection: ClientConfig, folder?: string): Promise<UndoHarness> {
    return new UndoHarness(await ImportHarness.open(connection, folder))
  }

  /** Imports rows `customer_id,email,city,score,seen`; answers the run once it is settled. */
  async imported(
    rows: readonly string[],
    how: Partial<Parameters<ImportHarness['start']>[1]> = {},
  ): Promise<RunKey> {
    const key = await this.h.start(fileOf(rows), { definition, ...how })
    await this.h.runToEnd(key)
    return key
  }

  async startUndo(
    target: RunKey,
    how: Omit<UndoSettings, 'reverts'> & Partial<typeof smallCut> = {},
  ): Promise<RunKey> {
    const { runId } = await this.h.db.transaction((client) =>
      startUndo(client, this.h.namespace, target.runId, { ...smallCut, ...how }),
    )
    return { namespaceId: target.namespaceId, runId }
  }

  /** Undoes a run; answers the undo run. */
  async undone(target: RunKey, parts: Partial<WorkerContext> = {}): Promise<RunKey> {
    const key = await this.startUndo(target)
    const state = await this.h.runToEnd(key, parts)
    if (state !== 'completed')
      throw new Error(
        `undo of ${runName(target.runId)} ended ${state}: ${JSON.stringify(await this.h.row(key))}`,
      )
    return key
  }

  /** Every way in which the numbers of any run do not add up. */
  async faults(): Promise<string[]> {
    const { rows } = await this.h.db.pool.query<{ id: number }>(
      `select id from sluice.run where state not in ('held', 'failed', 'skipped') order by id`,
    )
    const found: string[] = []
    for (const { id } of rows) {
      const { law, faults } = await this.h.verify({ namespaceId: this.h.namespace.id, runId: id })
      const says = [...(law?.faults ?? []), ...faults.map(({ kind, sentence }) => `${kind}: ${sentence}`)]
      found.push(...says.map((one) => `${runName(id)}: ${one}`))
    }
    return found
  }

  async state(key: RunKey): Promise<RunState> {
    return (await this.h.row(key)).state
  }

  /** Profiles, one line each: identifiers, then attributes that have a value. */
  async profiles(): Promise<string[]> {
    const lines = await this.h.dumpProfiles()
    return lines.map((line) => {
      const at = line.indexOf('{')
      const cells = JSON.parse(line.slice(at)) as Record<string, unknown>
      const shown = Object.entries(cells).flatMap(([key, value]) =>
        value === null ? [] : [`${key}=${JSON.stringify(value)}`.replaceAll('"', '')],
      )
      return [
        line
          .slice(0, at)
          .trim()
          .replaceAll(/\b[12]:/g, ''),
        ...shown,
      ].join(' ')
    })
  }

  /** Stamps of every profile as the plan sees them; without versions. */
  async stamps(): Promise<string[]> {
    const { rows } = await this.h.db.pool.query<{ line: string }>(
      `select concat_ws(' ', profile_id, run, ordinal, by) as line from ${this.h.namespace.schema}.stamp order by profile_id`,
    )
    return rows.map(({ line }) => line)
  }

  /** Codes of what an undo kept, with the profile's name. */
  async kept(key: RunKey): Promise<string[]> {
    const { rows } = await this.h.db.pool.query<{ line: string }>(
      `select concat_ws(' ', identifier, w ->> 'code', w -> 'details' ->> 'by') as line
       from ${this.h.namespace.schema}.record r, jsonb_array_elements(warnings) w where run = $1 order by ordinal`,
      [key.runId],
    )
    return rows.map(({ line }) => line)
  }

  async outcomes(key: RunKey): Promise<Record<string, number>> {
    const { totals } = await this.h.row(key)
    return Object.fromEntries(Object.entries(totals ?? {}).filter(([name]) => !name.startsWith('warned.')))
  }
}
