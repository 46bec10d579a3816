// What is written into the log of a job and its runs (requirements 1.6), and which move of a run writes what.
import type { JobMove } from './jobState.ts'
import type { RunMove } from './run.ts'

/** The mildest first. */
export const logLevels = ['info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

interface LogKindDefinition {
  readonly level: LogLevel
  readonly label: string
  /** One sentence; `{name}` is filled from the line's details. */
  readonly message: string
}

const kind = (level: LogLevel, label: string, message: string): LogKindDefinition => ({
  level,
  label,
  message,
})

export const logKinds = {
  started: kind('info', 'Started', 'The job runs for the first time.'),
  queued: kind('info', 'Queued', 'The run waits for its lane.'),
  fetch_started: kind('info', 'Fetch started', 'The source is being read.'),
  fetched: kind('info', 'Fetched', 'The source was read: {file}.'),
  columns_differ: kind('warn', 'Columns differ', 'The file has other columns than the job knows: {detail}.'),
  validated: kind('info', 'Validated', 'Every record was read, mapped and checked: {found}.'),
  held: kind('warn', 'Held', '{problem}'),
  released: kind('info', 'Released', 'The held run was released: {note}.'),
  dropped: kind('warn', 'Dropped', 'The held run was dropped: {note}.'),
  approval_asked: kind('info', 'Approval asked for', 'Waits for somebody else to approve it: {what}.'),
  approval_given: kind('info', 'Approved', 'Was approved, as {asked_by} had asked: {note}.'),
  approval_refused: kind('warn', 'Not approved', 'Was not approved, as {asked_by} had asked: {note}.'),
  synced: kind('info', 'Synced', 'The run is done: {summary}.'),
  skipped: kind('info', 'Skipped', 'The run did not take place: {problem}'),
  error: kind('error', 'Error', 'An attempt failed: {problem}'),
  retry_scheduled: kind('warn', 'Retry scheduled', 'Attempt {attempt} of {of} follows at {at}.'),
  retry_asked: kind('info', 'Retry asked for', 'A person did not want to wait for the next attempt.'),
  sleeping: kind('info', 'Sleeping', 'It sleeps until {until}: {problem}'),
  partial: kind('error', 'Partially completed', 'The run ended midway: {problem}'),
  failed: kind('error', 'Failed', 'The run failed: {problem}'),
  halted: kind('error', 'Halted', 'The run was halted: {problem}'),
  stop_requested: kind('warn', 'Stop requested', 'A person asked to stop.'),
  stopped: kind('warn', 'Stopped', 'The run was stopped; what was written stays.'),
  run_resumed: kind('info', 'Run resumed', 'The run goes on where it stopped.'),
  reverted: kind('warn', 'Reverted', 'The run was undone.'),
  reinstated: kind('info', 'Reinstated', 'The undo of the run was undone.'),
  sampling: kind('info', 'Sampling', 'A sample of the source is being read.'),
  sampled: kind('info', 'Sampled', 'The sample was understood.'),
  sampling_failed: kind('error', 'Sampling failed', '{problem}'),
  activated: kind('info', 'Activated', 'The job was switched on.'),
  paused: kind('warn', 'Paused', 'The job was switched off.'),
  resumed: kind('info', 'Resumed', 'The job was switched on again.'),
  job_halted: kind('error', 'Job halted', 'The job was switched off by the system: {problem}'),
  completed: kind('info', 'Completed', 'All that was to be done by the job is done.'),
  begun_again: kind('info', 'Started again', 'The job was started once more.'),
  edited: kind('info', 'Edited', 'The job was edited: version {version}.'),
  archived: kind('info', 'Archived', 'The job was taken out of the lists.'),
  restored: kind('info', 'Restored', 'The job was brought back.'),
  did_not_run: kind('warn', 'Did not run', 'The occurrence of {due} did not take place: {problem}'),
  source_unreadable: kind('warn', 'Source cannot be read', 'The folder cannot be watched: {problem}'),
  source_back: kind('info', 'Source is back', 'The folder can be watched again.'),
  file_missing: kind('warn', 'File did not arrive', 'No file had arrived by {by}.'),
  quota_step: kind('warn', 'Quota', '{percent} % of the quota of the month are used.'),
  quota_reached: kind('error', 'Quota reached', 'The quota of the month is used up.'),
  threshold: kind('warn', 'Outside its limits', '{problem}'),
  threshold_ok: kind(
    'info',
    'Within its limits again',
    '{found} {counter} {when}: within its limits again ({limits}).',
  ),
  consent_skipped: kind('info', 'Left out for consent', 'Records left out because of consent: {count}.'),
  type_error: kind('warn', 'Wrong type', 'Values of {column} that do not fit their type: {count}.'),
  stalled: kind('warn', 'Stalled', 'Nothing has moved since {since}.'),
  taken_over: kind('warn', 'Taken over', 'A worker was lost; another one took over.'),
  records_retried: kind('info', 'Records retried', '{changed} records are retried, {left} were left.'),
  records_skipped: kind('info', 'Records skipped', '{changed} records were skipped, {left} were left.'),
  records_settled: kind(
    'info',
    'Records settled',
    '{changed} records were settled from outside, {left} were left.',
  ),
  purged: kind('info', 'Purged', '{what} was removed by retention.'),
} as const satisfies Readonly<Record<string, LogKindDefinition>>

export type LogKind = keyof typeof logKinds

/** The kinds of lines that are as grave as a level or graver; undefined: all of them, also those of later versions. */
export function kindsFrom(level: LogLevel): readonly string[] | undefined {
  if (level === logLevels[0]) return undefined
  const grave = logLevels.slice(logLevels.indexOf(level))
  return Object.entries(logKinds)
    .filter(([, known]) => grave.includes(known.level))
    .map(([kind]) => kind)
}

const reinstated = 'reinstated' as const

/** The line each move of a run writes; null: none (the engine writes a better one, or nobody needs it). */
export const runMoveLog: Readonly<Record<RunMove, LogKind | null>> = {
  fetch: 'fetch_started',
  validate: 'fetched',
  hold: 'held',
  release: 'released',
  drop: 'dropped',
  import: 'validated',
  process: null,
  complete: 'synced',
  complete_with_errors: 'synced',
  wait: null,
  wake: null,
  'retry-now': 'retry_asked',
  fail: 'failed',
  end_partial: 'partial',
  halt: 'halted',
  stop: 'stop_requested',
  end_stopped: 'stopped',
  resume: 'run_resumed',
  skip: 'skipped',
  revert: 'reverted',
  reinstate_completed: reinstated,
  reinstate_completed_with_errors: reinstated,
  reinstate_partial: reinstated,
  reinstate_stopped: reinstated,
  reinstate_halted: reinstated,
}

/** The line each move of a job writes. */
export const jobMoveLog: Readonly<Record<JobMove, LogKind>> = {
  sample: 'sampling',
  sampled: 'sampled',
  fail_sampling: 'sampling_failed',
  amend: 'edited',
  activate: 'activated',
  pause: 'paused',
  resume: 'resumed',
  halt: 'job_halted',
  complete: 'completed',
  begin_again: 'begun_again',
  archive: 'archived',
  restore_draft: 'restored',
  restore_paused: 'restored',
  restore_completed: 'restored',
}
