// Commands about what was defined before: jobs and their versions, mappings of earlier imports, and namespaces.
import { client, json, type Build, type Leaf } from './leaf.ts'

const jobCommands = () => import('./jobs.ts')
const mappingCommands = () => import('./mappingCommands.ts')
const namespaceCommands = () => import('./namespaces.ts')

const pageOptions: Build = (c) =>
  client(c)
    .option('--cursor <place>', 'go on from here; the page before names it')
    .option('--limit <n>', 'how many', '50')

const rememberedOptions: Build = (c) => client(c).option('--limit <n>', 'how many', '20')

const mappingShowOptions: Build = (c) => client(c).option('--save <file>', 'write it to a new YAML file')

/** `sluice job …` */
export const jobLeaves: readonly Leaf[] = [
  {
    typed: 'list',
    does: 'every job, newest first',
    options: pageOptions,
    load: async () => (await jobCommands()).listJobs,
  },
  {
    typed: 'versions <job>',
    does: 'the versions of a job, and what each changed',
    options: pageOptions,
    load: async () => (await jobCommands()).jobVersions,
  },
  {
    typed: 'diff <job> [from] [to]',
    does: 'what differs between two versions (default: the last two)',
    options: client,
    load: async () => (await jobCommands()).jobDiff,
  },
]

/** `sluice mapping …` */
export const mappingLeaves: readonly Leaf[] = [
  {
    typed: 'show <run>',
    does: 'the mapping of a run, as a mapping file',
    options: mappingShowOptions,
    load: async () => (await mappingCommands()).showMapping,
  },
  {
    typed: 'list',
    does: 'the headers whose mapping is remembered',
    options: rememberedOptions,
    load: async () => (await mappingCommands()).listMappings,
  },
  {
    typed: 'forget <run>',
    does: 'forget the mapping of a run: the next such file is proposed afresh',
    options: client,
    load: async () => (await mappingCommands()).forgetMapping,
  },
  {
    typed: 'diff <from> <to>',
    does: 'what differs between two runs, or between mapping files',
    options: client,
    load: async () => (await mappingCommands()).diffMappings,
  },
]

/** `sluice namespace …` */
export const namespaceLeaves: readonly Leaf[] = [
  {
    typed: 'list',
    does: 'every namespace, and which are dropped by themselves',
    options: json,
    load: async () => (await namespaceCommands()).listNamespaces,
  },
  {
    typed: 'drop <name>',
    does: 'drop what sluice try --keep kept, with everything in it',
    options: json,
    load: async () => (await namespaceCommands()).dropNamespace,
  },
]
