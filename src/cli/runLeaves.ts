// Commands about runs and what happened to them, and the settings of a namespace.
import { Option } from 'commander'
import { logLevels } from '../core/logKinds.ts'
import { client, withWords, type Build, type Leaf } from './leaf.ts'
import type { RunMove } from './runCommands.ts'

const runCommands = () => import('./runCommands.ts')
const logCommands = () => import('./log.ts')
const settingsCommands = () => import('./settings.ts')

/** Of `sluice runs`. */
export const runListOptions: Build = (c) =>
  withWords(client(c))
    .option('--limit <n>', 'how many', '20')
    .option('--state <state>', 'only runs in this state')
    .option('--job <name>', 'only runs of this job')
    .option('--cursor <run>', 'go on after this run')

const errorsOptions: Build = (c) =>
  client(c).option('--save <file>', 'write the error file: every failed record with its original values')

const logOptions: Build = (c) =>
  withWords(client(c))
    .option('--save <file>', 'write all of it to a new file: text, or one JSON object a line (.jsonl)')
    .option('--cursor <place>', 'go on from here; the page before names it')
    .option('--limit <n>', 'how many lines', '100')
    .addOption(
      new Option('--level <level>', 'only lines of this level and graver ones')
        .choices([...logLevels])
        .default(logLevels[0]),
    )

const move = (name: RunMove, typed: string, does: string): Leaf => ({
  typed,
  does,
  options: client,
  load: async () => (await runCommands()).moveRun(name),
})

/** `sluice queue` */
export const queueLeaf: Leaf = {
  typed: 'queue',
  does: 'what works, what waits in which order and for what',
  options: (c) =>
    client(c)
      .option('--lane <name>', 'only this lane')
      .option('--cursor <place>', 'go on from here; the page before names it')
      .option('--limit <n>', 'how many of those that wait', '50'),
  load: async () => (await import('./queue.ts')).showQueue,
}

/** `sluice run …` */
export const runLeaves: readonly Leaf[] = [
  {
    typed: 'show <run>',
    does: 'the receipt of a run',
    options: (c) => withWords(client(c)),
    load: async () => (await runCommands()).showRun,
  },
  {
    typed: 'errors <run>',
    does: 'what went wrong, by cause',
    options: errorsOptions,
    load: async () => (await import('./runErrors.ts')).runErrors,
  },
  {
    typed: 'log <run>',
    does: 'what happened to a run, line by line',
    options: logOptions,
    load: async () => (await logCommands()).runLog,
  },
  {
    typed: 'processed <run>',
    does: 'every record with what became of it, as CSV',
    options: (c) =>
      client(c)
        .option('--save <file>', 'write it to a new file (default: standard output)')
        .option('--keep-formulas', "leave cells such as =1+1 as they are, without a ' before them"),
    load: async () => (await import('./processed.ts')).processedOf,
  },
  {
    typed: 'profiles <run>',
    does: 'the people a run created or changed',
    options: (c) =>
      client(c).option('--cursor <n>', 'go on after this record').option('--limit <n>', 'how many', '20'),
    load: async () => (await import('./runProfiles.ts')).runProfiles,
  },
  move('stop', 'stop <run>', 'stop after the batches in hand; what was written stays'),
  move('release', 'release <run>', 'let a held run go ahead'),
  move('drop', 'drop <run>', 'give up a held run'),
  move('resume', 'resume <run>', 'continue a stopped run where it stopped'),
  move('retry-now', 'retry-now <run>', 'do not wait for the time of its next attempt'),
]

const approvals = () => import('./approvals.ts')
const noted: Build = (c) => client(c).option('--note <text>', 'why; kept in the log')

/** `sluice approval …` */
export const approvalLeaves: readonly Leaf[] = [
  {
    typed: 'list',
    does: 'held runs and changes of jobs that wait for somebody to approve them',
    options: (c) =>
      client(c).option('--decided', 'requests that were decided').option('--limit <n>', 'how many', '50'),
    load: async () => (await approvals()).listApprovals,
  },
  {
    typed: 'approve <id>',
    does: 'let a held run go ahead (r1042), or have a change made (a12)',
    options: noted,
    load: async () => (await approvals()).decideApproval('approve'),
  },
  {
    typed: 'reject <id>',
    does: 'give up a held run, or leave the job as it is; also what one asked for oneself',
    options: noted,
    load: async () => (await approvals()).decideApproval('reject'),
  },
]

/** `sluice job …`, what happened to it. */
export const jobHistoryLeaves: readonly Leaf[] = [
  {
    typed: 'log <job>',
    does: 'what happened to a job and its runs, the last line at the bottom',
    options: logOptions,
    load: async () => (await logCommands()).jobLog,
  },
  {
    typed: 'activity <job>',
    does: 'what a job added, updated, removed and omitted over time',
    options: (c) =>
      client(c)
        .option('--from <time>', 'from this date or time on (default: the last 30 days)')
        .option('--to <time>', 'until this date or time (default: now)')
        .addOption(
          new Option('--by <unit>', 'one line an hour, day, week or month')
            .choices(['hour', 'day', 'week', 'month'])
            .default('day'),
        )
        .option('--zone <zone>', 'time zone of the days (default: that of the namespace)'),
    load: async () => (await import('./activity.ts')).showActivity,
  },
]

/** `sluice settings` itself. */
export const settingsLeaf: Leaf = {
  typed: 'settings',
  does: 'what holds for a whole namespace: words, zone, quota, retention, who is told',
  options: client,
  load: async () => (await settingsCommands()).showSettings,
}

/** `sluice settings …` */
export const settingsLeaves: readonly Leaf[] = [
  {
    typed: 'set <assignments...>',
    does: 'change settings: sluice settings set zone=Europe/Vienna retention.jobs=30',
    options: client,
    load: async () => (await settingsCommands()).setSettings,
  },
]
