// What connectors are given of the world: the root of folders, a clock, the profiles of a namespace.
import type { Clock } from '../core/clock.ts'
import type { SourceIo } from '../connectors/contract.ts'
import type { Database } from '../db/client.ts'
import type { Namespace } from '../db/imports.ts'
import { profileLines } from '../db/read/profileLines.ts'

export interface SourceWorld {
  readonly db: Database
  readonly clock: Pick<Clock, 'now'>
  /** Below which folders may be read; null: none was named at the start. */
  readonly root: string | null
}

export function sourceIo({ db, clock, root }: SourceWorld, namespace: Namespace): SourceIo {
  return {
    root,
    now: () => clock.now(),
    profiles: (where, signal) => profileLines(db, namespace, where, signal),
  }
}
