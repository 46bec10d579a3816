// Who may do what (design section 12; AL-D06, BC-D01): rights, and the roles that have them. Pure.

interface RightDefinition {
  readonly label: string
  readonly doc: string
  /** A token may have it. What makes or gives rights is for people. */
  readonly forTokens: boolean
}

/** Every right in a namespace, the mildest first. */
export const rights = {
  view: {
    label: 'view',
    doc: 'See jobs, runs, records, profiles, problems and settings.',
    forTokens: true,
  },
  download_personal: {
    label: 'download personal data',
    doc: 'Download files with personal data: error files, processed files, uploaded content. Each download is a line of the audit.',
    forTokens: true,
  },
  import: {
    label: 'import',
    doc: 'Upload files and import them, and corrected error files.',
    forTokens: true,
  },
  run: {
    label: 'run',
    doc: 'Run a job now; stop, resume and retry runs; retry, skip and process records.',
    forTokens: true,
  },
  undo: { label: 'undo', doc: 'Take runs back.', forTokens: true },
  edit_jobs: {
    label: 'edit jobs',
    doc: 'Set up, change, activate, pause, resume, archive and restore jobs; forget mappings.',
    forTokens: true,
  },
  approve: {
    label: 'approve',
    doc: 'Release or drop a run that is held for a person to look at.',
    forTokens: true,
  },
  settings: {
    label: 'change settings',
    doc: 'Change settings of the namespace and whom messages go to.',
    forTokens: true,
  },
  secrets: {
    label: 'store secrets',
    doc: 'Store, replace and remove secrets. Nobody can read one.',
    forTokens: true,
  },
  audit: {
    label: 'read the audit',
    doc: 'See and export who did what, when and from where.',
    forTokens: true,
  },
  tokens: {
    label: 'make tokens',
    doc: 'Make tokens for programs, with rights of their own at most.',
    forTokens: false,
  },
  members: { label: 'manage members', doc: 'Add and remove people, and give them roles.', forTokens: false },
  drop_namespace: {
    label: 'drop the namespace',
    doc: 'Drop the namespace with everything in it.',
    forTokens: false,
  },
} as const satisfies Record<string, RightDefinition>

export type Right = keyof typeof rights
export const rightNames = Object.keys(rights) as Right[]

/** What a token may be given. */
export const tokenRights: readonly Right[] = rightNames.filter((right) => rights[right].forTokens)

interface RoleDefinition {
  readonly label: string
  readonly doc: string
  readonly rights: readonly Right[]
}

/** Every role of a namespace, the strongest first; who has which right. */
export const roles = {
  owner: {
    label: 'owner',
    doc: 'Everything, and the only one who makes other owners.',
    rights: rightNames,
  },
  admin: {
    label: 'admin',
    doc: 'Everything but the owners and dropping the namespace: jobs, approvals, settings, secrets, members, audit.',
    rights: rightNames.filter((right) => right !== 'drop_namespace'),
  },
  operator: {
    label: 'operator',
    doc: 'The daily work: import, set up and run jobs, mend records, undo, download.',
    rights: ['view', 'download_personal', 'import', 'run', 'undo', 'edit_jobs', 'tokens'],
  },
  approver: {
    label: 'approver',
    doc: 'Looks, and decides about runs that are held.',
    rights: ['view', 'approve'],
  },
  viewer: { label: 'viewer', doc: 'Looks, and changes nothing.', rights: ['view'] },
} as const satisfies Record<string, RoleDefinition>

export type Role = keyof typeof roles
export const roleNames = Object.keys(roles) as [Role, ...Role[]]

/** What somebody with this role may do. */
export function rightsOf(role: Role): readonly Right[] {
  return roles[role].rights
}

/** Whether one with the role `giver` may give `role`, or take it away: nobody reaches above themselves. */
export function mayGive(giver: Role, role: Role): boolean {
  return rightsOf(giver).includes('members') && (giver === 'owner' || role !== 'owner')
}

/** What may be asked for in a token by somebody with these rights: only what they have, and nothing that gives rights. */
export function grantable(own: readonly Right[]): Right[] {
  return tokenRights.filter((right) => own.includes(right))
}
