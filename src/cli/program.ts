// The command table: names, options and help. Each command's code is loaded when it runs, so that help is quick.
import { Command, CommanderError, Option } from 'commander'
import { auditLeaf, memberLeaves, tokenLeaves, userLeaves } from './accessLeaves.ts'
import { exits } from './exit.ts'
import type { Host } from './host.ts'
import {
  mappingLeaves,
  namespaceLeaves,
  notifyLeaves,
  retentionLeaves,
  webhookLeaves,
} from './definitionLeaves.ts'
import { withDialectFlags, withMappingFlags, withPolicyFlags } from './importFlags.ts'
import { jobLeaves, secretLeaves } from './jobLeaves.ts'
import { scheduleLeaves } from './scheduleLeaves.ts'
import { client, json, type Build, type Leaf } from './leaf.ts'
import { recordLeaves, recordsLeaf } from './recordLeaves.ts'
import {
  approvalLeaves,
  jobHistoryLeaves,
  queueLeaf,
  runLeaves,
  runListOptions,
  settingsLeaf,
  settingsLeaves,
} from './runLeaves.ts'

const description =
  'Moves customer data in and out of one profile store, and can always say what became of every record.'

const runCommands = () => import('./runCommands.ts')
const profileCommands = () => import('./profiles.ts')
const smallCommands = () => import('./smallCommands.ts')
const serverCommands = () => import('./serverCommands.ts')

const shapeOptions: Build = (c) =>
  withMappingFlags(
    withPolicyFlags(
      withDialectFlags(
        c
          .option('--job <name>', 'the name of the job (default: the name of the file)')
          .option('--mapping <file>', 'a mapping from a YAML file')
          .option('--mapping-from <run>', 'the mapping of an earlier run')
          .option('--no-memory', 'propose a mapping afresh, whatever was done with such a file before')
          .option('--save-mapping <file>', 'write the mapping to a YAML file'),
      ),
    ),
  )

const importOptions: Build = (c) =>
  shapeOptions(
    client(c)
      .option('-y, --yes', 'do not ask')
      .option('--dry-run', 'show what would happen, write nothing')
      .option('--again', 'import even though the very same import was done before')
      .option('--resume', 'go on with an unfinished import of the same content')
      .option('--anew', 'stop an unfinished import of the same content and start a new one')
      .option('--skip-seen', 'leave out lines that the last run of the job delivered'),
  )

const tryOptions: Build = (c) =>
  shapeOptions(
    client(c)
      .option('-y, --yes', 'do not ask, show everything at once')
      .option('--keep', 'keep what was imported for a week, to look at it with all commands'),
  )

const undoOptions: Build = (c) =>
  client(c)
    .option('-y, --yes', 'do not ask')
    .option('--dry-run', 'show what would be undone and what would be kept, write nothing')

const inspectOptions: Build = (c) =>
  withMappingFlags(
    withDialectFlags(
      json(c)
        .option('--sample', 'only look at the beginning of the file')
        .option('--mapping <file>', 'what columns become, from a YAML file'),
    ),
  )

const convertOptions: Build = (c) =>
  withDialectFlags(
    json(c)
      .option('--out <file>', 'where the clean CSV goes (default: standard output)')
      .option('--errors <file>', 'where records that do not fit go')
      .option('--out-dir <folder>', 'for several files: NAME.csv and NAME.errors.csv in this folder'),
  )

const findOptions: Build = (c) =>
  client(c)
    .option(
      '--where <condition...>',
      "for example 'city=Wien', 'lifetime_value>=100', 'first_name~ad', 'city=' (no value)",
    )
    .option('--count', 'only count them')
    .option('--cursor <profile>', 'go on after this profile')
    .option('--limit <n>', 'how many', '20')

const explainOptions: Build = (c) =>
  withMappingFlags(
    withPolicyFlags(
      withDialectFlags(
        client(c)
          .option('--line <n>', 'this line of the file')
          .option('--record <n>', 'the how many-th record of the file')
          .option('--identifier <value>', 'the records that are about this person')
          .option('--mapping <file>', 'of a file that was never imported: a mapping from a YAML file'),
      ),
    ),
  )

const showProfileOptions: Build = (c) =>
  client(c)
    .option('--history', 'every value it had: who set it, when, from which line, and what it replaced')
    .option('--attribute <key>', 'only the history of this attribute, or of this kind of identifier')
    .option('--cursor <n>', 'go on after this page of the history')
    .option('--limit <n>', 'how many lines of the history', '50')

const upOptions: Build = (c) =>
  json(c)
    .option('--port <number>', 'also listen on this port of 127.0.0.1, for browsers (0: any free one)')
    .option('--workers <n>', 'worker processes; they share the runs, and the chunks of a big one', '1')
    .option('--root <folder>', 'jobs may read the folders below this one')
    .addOption(new Option('--linger <seconds>', 'end after so many seconds without use').hideHelp())
    .addOption(new Option('--background').hideHelp())

const downOptions: Build = (c) => json(c).option('--stop-runs', 'stop active runs first')

const fileLeaves: readonly Leaf[] = [
  {
    typed: 'import <files...>',
    does: 'take customer files in (- is standard input)',
    options: importOptions,
    load: async () => (await import('./import.ts')).importFiles,
  },
  {
    typed: 'try <file>',
    does: 'import a file into a throw-away namespace, look around, and leave nothing',
    options: tryOptions,
    load: async () => (await import('./try.ts')).tryFile,
  },
  {
    typed: 'inspect <files...>',
    does: 'what a file is taken for: dialect, columns, types, open questions',
    options: inspectOptions,
    load: async () => (await import('./inspectCommand.ts')).inspectFiles,
  },
  {
    typed: 'convert <files...>',
    does: 'any shape of file to a clean CSV, without importing it',
    options: convertOptions,
    load: async () => (await import('./convertCommand.ts')).convertFiles,
  },
]

const profileLeaves: readonly Leaf[] = [
  {
    typed: 'find [identifier]',
    does: 'find profiles by identifier or by attributes',
    options: findOptions,
    load: async () => (await profileCommands()).findProfiles,
  },
  {
    typed: 'show <profile>',
    does: 'one person, with where each value came from',
    options: showProfileOptions,
    load: async () => (await profileCommands()).showProfile,
  },
]

const otherLeaves: readonly Leaf[] = [
  {
    typed: 'attributes',
    does: 'the fields profiles have, and the kinds of identifiers',
    options: client,
    load: async () => (await smallCommands()).listAttributes,
  },
  {
    typed: 'verify <run>',
    does: 'check that the numbers of a run add up',
    options: client,
    load: async () => (await smallCommands()).verifyRun,
  },
  {
    typed: 'explain [what]',
    does: 'what became of a record (r1042/17) or of a line of a file, and why; or what a problem code means',
    options: explainOptions,
    load: async () => (await import('./explain.ts')).explain,
  },
  {
    typed: 'doctor',
    does: 'check this machine and the set-up',
    options: json,
    load: async () => (await smallCommands()).runDoctor,
  },
  {
    typed: 'up',
    does: 'start the server and stay',
    options: upOptions,
    load: async () => (await serverCommands()).up,
  },
  {
    typed: 'down',
    does: 'stop the server and the database',
    options: downOptions,
    load: async () => (await serverCommands()).down,
  },
]

/** The whole command line. `host` is what the machine offers. */
export function program(host: Host): Command {
  const root = new Command('sluice').description(description).version(host.version, '-V, --version')
  // A list and its verbs take the same options (sluice records, sluice records retry): each must get its own.
  root.enablePositionalOptions()
  const add = (parent: Command, leaves: readonly Leaf[]): void =>
    leaves.forEach((leaf) => addLeaf(parent, host, leaf))
  add(root, fileLeaves)
  add(root, [
    {
      typed: 'runs',
      does: 'list runs, newest first',
      options: runListOptions,
      load: async () => (await runCommands()).listRuns,
    },
  ])
  add(root, [
    {
      typed: 'undo <runs...>',
      does: 'take runs back: values, people and identifiers as they were before',
      options: undoOptions,
      load: async () => (await import('./undo.ts')).undoRuns,
    },
  ])
  add(root.command('run').description('look at one run, or tell it what to do'), runLeaves)
  add(root.command('approval').description('what waits for somebody else to approve it'), approvalLeaves)
  const records = addLeaf(root, host, recordsLeaf)
  add(records, recordLeaves)
  add(root.command('job').description('jobs: set up, switched on and off, their versions, and as files'), [
    ...jobLeaves,
    ...jobHistoryLeaves,
  ])
  add(root.command('secret').description('secrets of jobs and webhooks, by name'), secretLeaves)
  add(root.command('schedule').description('when jobs run, before anything is saved'), scheduleLeaves)
  add(root.command('user').description('who may sign in, and one-time links'), userLeaves)
  add(root.command('member').description('who belongs to a namespace, with which role'), memberLeaves)
  add(root.command('token').description('tokens for programs'), tokenLeaves)
  add(root, [auditLeaf, queueLeaf])
  add(root.command('mapping').description('mappings of earlier imports'), mappingLeaves)
  add(root.command('namespace').description('namespaces, and dropping what was only tried'), namespaceLeaves)
  const settings = addLeaf(root, host, settingsLeaf)
  add(settings, settingsLeaves)
  add(root.command('notify').description('messages to people and programs'), notifyLeaves)
  add(root.command('retention').description('how long things are kept'), retentionLeaves)
  add(root.command('webhook').description('programs elsewhere that are told'), webhookLeaves)
  add(root.command('profiles').description('find people'), profileLeaves)
  add(root, otherLeaves)
  const start: Leaf = {
    typed: 'start',
    does: 'import an example and stay up',
    options: importOptions,
    load: async () => (await import('./start.ts')).start,
  }
  addLeaf(root, host, start, { hidden: true })
  root
    .command('worker', { hidden: true })
    .option('--root <folder>')
    .action(({ root: folder }: { root?: string }) => host.worker(folder))
  for (const command of [root, ...root.commands]) command.helpCommand(false)
  return root
}

function addLeaf(parent: Command, host: Host, { typed, does, options, load }: Leaf, how = {}): Command {
  const command = options(parent.command(typed, how).description(does))
  command.action(async () => {
    const { act } = await import('./session.ts')
    await act(load, host, command)
  })
  return command
}

/** Runs the command line; the exit code is set when it returns. */
export async function main(host: Host, args: readonly string[]): Promise<void> {
  // `sluice records | head` has seen enough: that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit()
    throw error
  })
  const root = program(host)
  quietly(root)
  try {
    await root.parseAsync([...args], { from: 'user' })
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error
    process.exitCode = await usageExit(error, root, args)
  }
}

/** Commander tells us instead of printing and leaving. */
function quietly(command: Command): void {
  command.exitOverride().configureOutput({ outputError: () => {} })
  for (const child of command.commands) quietly(child)
}

async function usageExit(error: CommanderError, root: Command, args: readonly string[]): Promise<number> {
  if (error.exitCode === 0) return exits.ok
  // `sluice` or `sluice run` alone: help was printed already.
  if (error.code === 'commander.help') return exits.usage
  const { reportUsage } = await import('./usage.ts')
  return reportUsage(error.message, root, args)
}
