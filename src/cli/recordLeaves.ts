// `sluice records` and what can be done with records: how it is typed.
import { client, withWords, type Build, type Leaf } from './leaf.ts'

const collect = (value: string, before: string[] = []): string[] => [...before, value]

const recordFilters: Build = (c) =>
  client(c)
    .option('--run <run>', 'only records of this run')
    .option('--job <name>', 'only records of this job; may be given several times', collect)
    .option(
      '--state <states>',
      'new, processing, retry, waiting, finished, skipped, failed; several with commas',
    )
    .option('--outcome <outcome>', 'created, updated, unchanged, merged…')
    .option('--reason <reason>', 'why it was skipped: exists, not_found, superseded…')
    .option('--code <code>', 'problem code of failed records')
    .option('--id <record>', 'exactly this record, r1042/17')
    .option('--id-contains <text>', 'a part of the id: 1042/17, r104, 17')
    .option('--type <file>', 'the record type: exactly this name of the file it came in')
    .option('--type-contains <text>', 'a part of the name of the file')
    .option('--identifier <value>', 'exactly this identifier of the person')
    .option('--contains <text>', 'an identifier that contains this text')
    .option('--profile <id>', 'records of this profile')
    .option('--created-since <time>', 'landed at or after this date or time (UTC)')
    .option('--created-until <time>', 'landed before this date or time (UTC)')
    .option('--since <time>', 'changed last at or after this date or time (UTC)')
    .option('--until <time>', 'changed last before this date or time (UTC)')

const recordOptions: Build = (c) =>
  withWords(recordFilters(c))
    .option('--all-attempts', 'with --state, --outcome, --reason or --code: also rows retried since')
    .option('--cursor <record>', 'go on after this record')
    .option('--limit <n>', 'how many', '50')

export const recordsLeaf: Leaf = {
  typed: 'records',
  does: 'what became of each record',
  options: recordOptions,
  load: async () => (await import('./records.ts')).listRecords,
}

const recordMoves = () => import('./recordMoves.ts')

export const recordLeaves: readonly Leaf[] = [
  {
    typed: 'show <record>',
    does: 'one record (r1042/17): overview, data, and what was said about it',
    options: client,
    load: async () => (await import('./recordShow.ts')).showRecord,
  },
  {
    typed: 'retry [records...]',
    does: 'take records in once more: by name (r1042/17), or by what became of them',
    options: (c) =>
      recordFilters(c)
        .option('-y, --yes', 'do not ask')
        .option('--dry-run', 'only count what would be retried')
        .option('--mapping <file>', 'with a mapping from a YAML file')
        .option('--latest', 'with the newest version of the job instead of the one they were read with'),
    load: async () => (await recordMoves()).retryRecords,
  },
  {
    typed: 'skip [records...]',
    does: 'leave out records that are still to be processed',
    options: (c) =>
      recordFilters(c)
        .option('-y, --yes', 'do not ask')
        .option('--dry-run', 'only count what would be skipped'),
    load: async () => (await recordMoves()).skipRecords,
  },
  {
    typed: 'process <job>',
    does: 'process the waiting records of a job now, instead of when they are due',
    options: (c) =>
      client(c)
        .option('--limit <n>', 'at most so many instead of the number of the job')
        .option('--no-wait', 'do not wait for the end of the run'),
    load: async () => (await import('./recordProcess.ts')).processRecords,
  },
  {
    typed: 'settle <records...>',
    does: 'say what became of records that wait for an answer from outside',
    options: (c) =>
      client(c)
        .option('--finished', 'the destination took them')
        .option('--removed', 'the destination removed what they name')
        .option('--failed <why>', 'the destination refused them, and why'),
    load: async () => (await import('./recordProcess.ts')).settleRecords,
  },
]
