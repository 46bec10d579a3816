// How long things are kept, in instants (issue 4 point 10; LY-13 to LY-15, AL-29, E17). Pure.
import type { Retention } from './namespaceSettings.ts'

const day = 86_400_000

/** What is removed when its time is over, in the order it is removed. */
export const retentionKinds = ['artifacts', 'landings', 'changes', 'ledger', 'jobs', 'logs', 'runs'] as const
export type RetentionKind = (typeof retentionKinds)[number]

/** What each kind is, for people. */
export const retentionWords: Readonly<Record<RetentionKind, string>> = {
  artifacts: 'error files',
  landings: 'landed files',
  changes: 'what undo needs',
  ledger: 'records',
  jobs: 'jobs',
  logs: 'logs and messages',
  runs: 'lines of the run history',
}

/** Files that were uploaded and never imported are kept so many days. */
export const unusedUploadDays = 7

/** Runs of a job that stay in its history however old they are. */
export const runsKept = 5

/** Headers whose mapping is remembered, per namespace. */
export const headersKept = 1_000

/** Instants, ISO 8601: what is older goes. Null: it stays for ever. */
export type Cutoffs = Readonly<Record<RetentionKind | 'uploads', string | null>>

/** What is older than these instants is removed at the instant `at` (milliseconds since 1970). */
export function cutoffsAt(retention: Retention, at: number): Cutoffs {
  const before = (days: number | null): string | null =>
    days === null ? null : new Date(at - days * day).toISOString()
  const { artifacts, landings, changes, ledger, jobs, logs, audit } = retention
  return {
    artifacts: before(artifacts),
    landings: before(landings),
    changes: before(changes),
    ledger: before(ledger),
    jobs: before(jobs),
    logs: before(logs),
    // Who did what, when, stays readable as long as the audit.
    runs: before(audit),
    uploads: before(landings === null ? null : Math.min(unusedUploadDays, landings)),
  }
}
