// `sluice job …` and `sluice secret …`: how they are typed, and what they take.
import type { Command } from 'commander'
import { withDialectFlags, withMappingFlags, withPolicyFlags } from './importFlags.ts'
import { client, json, withWords, type Build, type Leaf } from './leaf.ts'
import { withScheduleFlags } from './scheduleLeaves.ts'

const gather = (value: string, before: string[] = []): string[] => [...before, value]

const pageOptions: Build = (c) =>
  client(c)
    .option('--cursor <place>', 'go on from here; the page before names it')
    .option('--limit <n>', 'how many', '50')

const listOptions: Build = (c) =>
  withWords(pageOptions(c))
    .option(
      '--state <state>',
      'draft, active, paused, halted, completed, archived…; several: once for each',
      gather,
    )
    .option('--kind <kind>', 'one-time or recurring')
    .option('--source <kind>', 'folder, profiles or upload')
    .option('--text <text>', 'with this text in the name')
    .option('--sort <order>', 'created, updated, name, next (run) or ran (last run)', 'created')
    .option('--archived', 'only those taken out of the lists')

function withSetupFlags(command: Command): Command {
  return withScheduleFlags(withPlaceFlags(command))
    .option('--missed <how>', 'runs nobody was there for: run-once or skip')
    .option('--overlap <how>', 'due while one is under way: queue or skip')
    .option('--after <job>', 'run when this job has ended well; none: not')
    .option('--lane <name>', 'runs of one lane go one after another')
    .option('--skip-seen', 'leave out lines that the run before delivered')
    .option('--approval <what>', 'what needs somebody else to approve it: none, changes or every-run')
    .option('--reruns <n>', 'how often a failed run is tried again')
    .option('--rerun-minutes <n>', 'minutes between them')
    .option('--error-window <span>', 'failing for so long without a success halts the job, such as 10h; none')
    .option('--error-window-attempts <n>', 'failed attempts there must be in it at least')
    .option(
      '--breaker <limit>',
      'when a run is held: rejects=2%, rejects=0, deletes=250, deletes=5%, rows=50%..200%, empty=off, columns=off, none, default; several: once for each',
      gather,
    )
    .option(
      '--staged-every <distance>',
      'records wait, and are processed so often, such as 5m; none: at once',
    )
    .option('--staged-per-run <n>', 'records processed each time at most')
    .option(
      '--retry-codes <codes>',
      'failed records that are tried again, such as email.*,as_of.future; none',
    )
    .option('--retry-times <n>', 'how often they are, at most (1 to 10)')
    .option('--retry-every <distance>', 'how long they wait in between, up to 6h')
    .option('--notify <email>', 'whom to tell; several: once for each; none: nobody', gather)
    .option('--notify-when <when>', 'each-run, failures or health')
    .option('--notify-webhook <name>', 'webhooks to call; several: once for each; none', gather)
    .option('--notify-failed <percent>', 'also when more than this share of a run failed, such as 5%; none')
    .option(
      '--threshold <limits>',
      "a number to watch, such as added/day=100..5000, failed/hour=..50, 'added/week=1000.. tolerate 2'; several: once for each; none",
      gather,
    )
    .option('--notify-digest <time>', 'one message a day at this time, such as 07:00; none: at once')
}

function withPlaceFlags(command: Command): Command {
  return command
    .option('--description <text>', 'what it is for')
    .option('--folder <place>', "files in a folder below the server's root, such as 'in/*.csv'")
    .option('--by-hand', 'files that are given by hand')
    .option('--profiles', 'the profiles themselves')
    .option('--where <condition>', 'which profiles, such as city=Wien', gather)
    .option('--part <name>', 'the sheet of a workbook, or the file of an archive')
    .option('--take <which>', 'of several new files: all (oldest first) or newest')
    .option('--max-age <hours>', 'older files are not taken; none: any age')
    .option('--marker <name>', 'a file is whole when this stands beside it, such as {name}.done')
    .option('--on-arrival', 'start as soon as a file has arrived')
    .option('--expected-by <time>', 'tell somebody when no file has arrived by then, such as 07:00')
}

const createOptions: Build = (c) =>
  withPolicyFlags(
    withSetupFlags(client(c))
      .option('--mapping <file>', 'what columns become, from a YAML file')
      .option('--mapping-from <run>', 'how files are read and mapped, as an earlier run did'),
  )

const editOptions: Build = (c) =>
  withMappingFlags(createOptions(c)).option('--no-schedule', 'no schedule any more')

const sampleOptions: Build = (c) =>
  withMappingFlags(
    withDialectFlags(client(c))
      .option('--file <file>', 'a sample file; without it the source is read')
      .option('--no-memory', 'propose afresh, whatever was done with such a file before'),
  )

const fileOptions: Build = (c) =>
  client(c).option('--file <file>', 'the file, of a job that is given its files')

const show = () => import('./jobShow.ts')
const setUp = () => import('./jobSetup.ts')
const moves = () => import('./jobMoves.ts')
const files = () => import('./jobFiles.ts')
const lists = () => import('./jobs.ts')

const setUpLeaves: readonly Leaf[] = [
  {
    typed: 'create <name>',
    does: 'set up a job: a draft that does nothing until it is activated',
    options: createOptions,
    load: async () => (await setUp()).createJob,
  },
  {
    typed: 'edit <job>',
    does: 'change a job: a new version; runs under way keep theirs',
    options: editOptions,
    load: async () => (await setUp()).editJob,
  },
  {
    typed: 'rename <job> <name>',
    does: 'give a job another name',
    options: client,
    load: async () => (await setUp()).renameJob,
  },
  {
    typed: 'sample <job>',
    does: 'read a sample of its source, and propose how it is read and mapped',
    options: sampleOptions,
    load: async () => (await import('./jobSample.ts')).sampleJob,
  },
  {
    typed: 'template <job>',
    does: 'a CSV file that fits the job: its header and an example row',
    options: (c) => client(c).option('--save <file>', 'write it to a new file'),
    load: async () => (await import('./jobSample.ts')).jobTemplate,
  },
]

const moveLeaves: readonly Leaf[] = [
  {
    typed: 'activate <job>',
    does: 'switch a job on; its first run starts at once',
    options: fileOptions,
    load: async () => (await moves()).moveJob('activate'),
  },
  {
    typed: 'pause <job>',
    does: 'switch a recurring job off until it is resumed',
    options: (c) => client(c).option('--stop', 'stop a run under way; otherwise it finishes'),
    load: async () => (await moves()).moveJob('pause'),
  },
  {
    typed: 'resume <job>',
    does: 'switch a paused or halted job on again',
    options: client,
    load: async () => (await moves()).moveJob('resume'),
  },
  {
    typed: 'run <job>',
    does: 'start a run of the job now',
    options: (c) =>
      fileOptions(c)
        .option('--again', 'read the newest file of its folder once more')
        .option('--wait', 'watch it to its end; the exit code is that of the run'),
    load: async () => (await moves()).moveJob('run'),
  },
  {
    typed: 'archive <job>',
    does: 'take a job out of the lists; its history stays',
    options: client,
    load: async () => (await moves()).moveJob('archive'),
  },
  {
    typed: 'restore <job>',
    does: 'bring an archived job back',
    options: client,
    load: async () => (await moves()).moveJob('restore'),
  },
]

/** `sluice job …` */
export const jobLeaves: readonly Leaf[] = [
  {
    typed: 'list',
    does: 'every job with its state, what it is doing, and its last runs',
    options: listOptions,
    load: async () => (await lists()).listJobs,
  },
  {
    typed: 'show <job>',
    does: 'one job: its state, what to do next, its setup and its last runs',
    options: (c) => withWords(client(c)),
    load: async () => (await show()).showJob,
  },
  {
    typed: 'source <job>',
    does: 'what lies where a job reads from, and what became of each file',
    options: pageOptions,
    load: async () => (await import('./jobSource.ts')).showSource,
  },
  ...setUpLeaves,
  ...moveLeaves,
  {
    typed: 'versions <job>',
    does: 'the versions of a job, and what each changed',
    options: pageOptions,
    load: async () => (await lists()).jobVersions,
  },
  {
    typed: 'diff <job> [from] [to]',
    does: 'what differs between two versions (default: the last two)',
    options: client,
    load: async () => (await lists()).jobDiff,
  },
  {
    typed: 'export [jobs...]',
    does: 'jobs as a YAML file (default: all that are in the lists)',
    options: (c) => client(c).option('--save <file>', 'write it to a new file'),
    load: async () => (await files()).exportJobs,
  },
  {
    typed: 'plan <files...>',
    does: 'what applying job files would change',
    options: client,
    load: async () => (await files()).planFiles,
  },
  {
    typed: 'apply <files...>',
    does: 'make jobs as job files say',
    options: (c) =>
      client(c).option('-y, --yes', 'do not ask').option('--dry-run', 'only show what would change'),
    load: async () => (await files()).applyFiles,
  },
]

const secrets = () => import('./secrets.ts')

/** `sluice secret …` */
export const secretLeaves: readonly Leaf[] = [
  {
    typed: 'set <name>',
    does: 'store a secret: typed when asked, or from standard input',
    options: client,
    load: async () => (await secrets()).setSecret,
  },
  {
    typed: 'list',
    does: 'the names of the secrets; never what they are',
    options: pageOptions,
    load: async () => (await secrets()).listSecrets,
  },
  {
    typed: 'remove <name>',
    does: 'forget a secret',
    options: client,
    load: async () => (await secrets()).removeSecret,
  },
  {
    typed: 'rotate',
    does: 'a fresh key; all secrets of every namespace are sealed under it',
    options: json,
    load: async () => (await secrets()).rotateSecrets,
  },
]
