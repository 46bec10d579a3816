// `sluice user …`, `member …`, `token …` and `audit`: how they are typed, and what they take.
import { Option } from 'commander'
import { client, json, type Build, type Leaf } from './leaf.ts'

const gather = (value: string, before: string[] = []): string[] => [...before, value]

const paged: Build = (c) =>
  c
    .option('--cursor <place>', 'go on from here; the page before names it')
    .option('--limit <n>', 'how many', '50')

const auditOptions: Build = (c) =>
  paged(
    client(c)
      .option('--who <name>', 'done by this person or token')
      .option('--action <action>', 'such as runs, or runs.stop')
      .option('--what <name>', 'done to this, such as r1042')
      .option('--address <address>', 'from this address')
      .addOption(
        new Option('--result <which>', 'what was done, or what was refused').choices(['done', 'refused']),
      )
      .option('--from <time>', 'not before, such as 2026-01-31')
      .option('--to <time>', 'before this')
      .option('--installation', 'who signed in, users, keys: what concerns the whole installation')
      .option('--save <file>', 'all of it as a new file: .csv, or .jsonl with one JSON object a line'),
  )

const users = () => import('./users.ts')
const members = () => import('./members.ts')
const tokens = () => import('./tokens.ts')

/** `sluice user …` */
export const userLeaves: readonly Leaf[] = [
  {
    typed: 'list',
    does: 'who may sign in',
    options: (c) => paged(json(c)),
    load: async () => (await users()).listUsers,
  },
  {
    typed: 'link',
    does: 'a one-time link for the first admin',
    options: json,
    load: async () => (await users()).firstAdminLink,
  },
  {
    typed: 'reset <email>',
    does: 'a one-time link to choose another password',
    options: json,
    load: async () => (await users()).resetLink,
  },
  {
    typed: 'admin <email>',
    does: 'have somebody look after the whole installation',
    options: (c) => json(c).option('--off', 'not any more'),
    load: async () => (await users()).makeAdmin,
  },
  {
    typed: 'email <email> <new>',
    does: 'give somebody another address to sign in with',
    options: json,
    load: async () => (await users()).changeEmail,
  },
  {
    typed: 'two-factor-off <email>',
    does: 'switch off the second factor of somebody who lost their phone and their recovery codes',
    options: json,
    load: async () => (await users()).switchTwoFactorOff,
  },
  {
    typed: 'disable <email>',
    does: 'switch somebody off: signed out everywhere, their tokens void',
    options: json,
    load: async () => (await users()).switchUser(true),
  },
  {
    typed: 'enable <email>',
    does: 'switch somebody on again',
    options: json,
    load: async () => (await users()).switchUser(false),
  },
]

/** `sluice member …` */
export const memberLeaves: readonly Leaf[] = [
  {
    typed: 'list',
    does: 'who belongs to the namespace, and who is invited',
    options: (c) => paged(client(c)),
    load: async () => (await members()).listMembers,
  },
  {
    typed: 'add <email> <role>',
    does: 'add somebody, or invite them by a one-time link',
    options: (c) => client(c).option('--mail', 'mail the invitation'),
    load: async () => (await members()).addMember,
  },
  {
    typed: 'role <email> <role>',
    does: 'owner, admin, operator, approver or viewer',
    options: client,
    load: async () => (await members()).changeRole,
  },
  {
    typed: 'remove <email>',
    does: 'remove a member, or withdraw an invitation',
    options: client,
    load: async () => (await members()).removeMember,
  },
]

/** `sluice token …` */
export const tokenLeaves: readonly Leaf[] = [
  {
    typed: 'create <name>',
    does: 'a token for a program; it is shown once',
    options: (c) =>
      client(c)
        .option('--right <right>', 'what it may, such as view, import or run; several: once for each', gather)
        .option('--days <n>', 'after so many days it is void; none: when it is revoked', '90'),
    load: async () => (await tokens()).createToken,
  },
  {
    typed: 'list',
    does: 'the tokens of the namespace; never what they are',
    options: (c) => paged(client(c)).option('--revoked', 'also those that were revoked'),
    load: async () => (await tokens()).listTokens,
  },
  {
    typed: 'revoke <name>',
    does: 'make a token void at once',
    options: client,
    load: async () => (await tokens()).revokeToken,
  },
]

export const auditLeaf: Leaf = {
  typed: 'audit',
  does: 'who did what, when and from where',
  options: auditOptions,
  load: async () => (await import('./audit.ts')).showAudit,
}
