// Commands about what was defined before: jobs and their versions, mappings of earlier imports, and namespaces.
import { client, json, type Build, type Leaf } from './leaf.ts'

const mappingCommands = () => import('./mappingCommands.ts')
const messageCommands = () => import('./messages.ts')
const webhookCommands = () => import('./webhooks.ts')
const namespaceCommands = () => import('./namespaces.ts')

const pageOptions: Build = (c) =>
  client(c)
    .option('--cursor <place>', 'go on from here; the page before names it')
    .option('--limit <n>', 'how many', '50')

const rememberedOptions: Build = (c) => client(c).option('--limit <n>', 'how many', '20')

const mappingShowOptions: Build = (c) => client(c).option('--save <file>', 'write it to a new YAML file')

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
    typed: 'create <name>',
    does: 'make a namespace: profiles, jobs, settings and members of its own',
    options: (c) =>
      json(c)
        .option('--label <text>', 'as people call it')
        .option('--zone <zone>', 'time zone of its schedules, such as Europe/Vienna')
        .option('--dialect <vendor>', 'whose words its people see')
        .option('--quota <n>', 'records a month, such as 10M')
        .option('--owner <email>', 'a user who owns it from the beginning'),
    load: async () => (await namespaceCommands()).createNamespace,
  },
  {
    typed: 'drop <name>',
    does: 'drop a namespace with everything in it',
    options: (c) => json(c).option('--confirm <name>', 'its name once more, if it was made to stay'),
    load: async () => (await namespaceCommands()).dropNamespace,
  },
]

/** `sluice notify …` */
export const notifyLeaves: readonly Leaf[] = [
  {
    typed: 'list',
    does: 'what people and programs were told, newest first',
    options: (c) => pageOptions(c).option('--undelivered', 'only what waits or was given up'),
    load: async () => (await messageCommands()).listMessages,
  },
  {
    typed: 'test',
    does: 'send a test and see whether it is delivered',
    options: (c) =>
      client(c)
        .option('--email <address>', 'to this address')
        .option('--webhook <name>', 'to this webhook of the namespace'),
    load: async () => (await messageCommands()).testMessage,
  },
  {
    typed: 'resend <message>',
    does: 'send again what was not delivered',
    options: client,
    load: async () => (await messageCommands()).resendMessage,
  },
]

/** `sluice webhook …` */
export const webhookLeaves: readonly Leaf[] = [
  {
    typed: 'list',
    does: 'the webhooks of the namespace',
    options: client,
    load: async () => (await webhookCommands()).showWebhooks,
  },
  {
    typed: 'add <name> <url>',
    does: 'tell a program: jobs name it in notify: webhooks',
    options: client,
    load: async () => (await webhookCommands()).addWebhook,
  },
  {
    typed: 'remove <name>',
    does: 'tell it no more',
    options: client,
    load: async () => (await webhookCommands()).removeWebhook,
  },
]

/** `sluice retention …` */
export const retentionLeaves: readonly Leaf[] = [
  {
    typed: 'forecast',
    does: 'how much is kept, what will be removed, and when',
    options: client,
    load: async () => (await import('./retention.ts')).forecast,
  },
]
