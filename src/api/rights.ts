// Which right each route needs: the one table (design section 12). What is not in it is refused to everybody.
import type { Right } from '../core/access.ts'

/**
 * A right in the route's namespace, or:
 * public: anybody; known: anybody who signed in or has a token; instance: who looks after the whole installation;
 */
export type Need = Right | 'public' | 'known' | 'instance'

const everywhere: Readonly<Record<string, Need>> = {
  'GET /assets/*': 'public',
  'GET /v1/sign-in/options': 'public',
  'POST /v1/sign-in': 'public',
  'POST /v1/sign-in/code': 'public',
  'GET /v1/sign-in/oidc': 'public',
  'GET /v1/sign-in/oidc/callback': 'public',
  'POST /v1/sign-out': 'known',
  'GET /v1/me': 'known',
  'PATCH /v1/me': 'known',
  'POST /v1/me/password': 'known',
  'POST /v1/me/email': 'known',
  'GET /v1/me/sessions': 'known',
  'DELETE /v1/me/sessions': 'known',
  'DELETE /v1/me/sessions/:session': 'known',
  'POST /v1/me/two-factor': 'known',
  'POST /v1/me/two-factor/confirm': 'known',
  'POST /v1/me/two-factor/recovery-codes': 'known',
  'POST /v1/me/two-factor/off': 'known',
  'POST /v1/password-reset': 'public',
  'POST /v1/links/look': 'public',
  'POST /v1/links/use': 'public',
  'POST /v1/links': 'instance',
  'GET /v1/users': 'instance',
  'GET /v1/users/:user': 'instance',
  'PATCH /v1/users/:user': 'instance',
  'DELETE /v1/users/:user/two-factor': 'instance',
  'GET /v1/audit': 'instance',
  'GET /v1/audit/file': 'instance',
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /reference': 'public',
  'GET /reference/before.js': 'public',
  'GET /reference/scalar.js': 'public',
  'GET /v1/openapi.json': 'public',
  'GET /v1/problems/:code': 'public',
  'GET /v1/health': 'instance',
  'POST /v1/stop': 'instance',
  'POST /v1/secrets/rotate': 'instance',
  'GET /v1/namespaces': 'known',
  'POST /v1/namespaces': 'instance',
  'DELETE /v1/namespaces/:namespace': 'drop_namespace',
}

/** In a namespace; the paths go on from `/v1/namespaces/:namespace`. */
const inNamespace: Readonly<Record<string, Need>> = {
  'GET /members': 'view',
  'POST /members': 'members',
  'GET /members/:member': 'view',
  'PATCH /members/:member': 'members',
  'DELETE /members/:member': 'members',
  'GET /tokens': 'tokens',
  'POST /tokens': 'tokens',
  'GET /tokens/:token': 'tokens',
  'DELETE /tokens/:token': 'tokens',
  'GET /audit': 'audit',
  'GET /audit/file': 'audit',

  'POST /uploads': 'import',
  'POST /uploads/:upload/parts': 'import',
  'POST /uploads/:upload/inspect': 'import',
  'POST /uploads/:upload/corrections': 'import',
  'GET /uploads/:upload': 'import',
  'GET /uploads/:upload/content': 'download_personal',
  'OPTIONS /uploads/resumable': 'import',
  'POST /uploads/resumable': 'import',
  'GET /uploads/resumable/:resumable': 'import',
  'PATCH /uploads/resumable/:resumable': 'import',
  'DELETE /uploads/resumable/:resumable': 'import',
  'POST /bulk/csv': 'import',
  'POST /bulk/json': 'import',
  'POST /imports': 'import',
  'POST /corrections': 'import',

  'GET /approvals': 'view',
  'POST /approvals/:approval/approve': 'approve',
  'POST /approvals/:approval/reject': 'approve',
  'DELETE /approvals/:approval': 'edit_jobs',

  'GET /runs': 'view',
  'GET /runs/:run': 'view',
  'POST /runs/:run/release': 'approve',
  'POST /runs/:run/drop': 'approve',
  'POST /runs/:run/retry-now': 'run',
  'POST /runs/:run/stop': 'run',
  'POST /runs/:run/resume': 'run',
  'GET /live': 'view',
  'GET /runs/:run/live': 'view',
  'GET /runs/:run/log': 'view',
  'GET /runs/:run/log/file': 'view',
  'GET /runs/:run/definition': 'view',
  'POST /runs/:run/forget-mapping': 'edit_jobs',
  'GET /runs/:run/errors': 'view',
  'GET /runs/:run/rejects': 'view',
  'POST /runs/:run/fixes': 'import',
  'POST /runs/:run/fixes/count': 'import',
  'GET /runs/:run/artifacts/:name': 'download_personal',
  'GET /runs/:run/processed': 'download_personal',
  'POST /runs/:run/verify': 'view',
  'GET /runs/:run/profiles': 'view',
  'GET /queue': 'view',
  'GET /home': 'view',
  'POST /undos': 'undo',

  'GET /jobs': 'view',
  'POST /jobs': 'edit_jobs',
  'GET /jobs/:job': 'view',
  'PATCH /jobs/:job': 'edit_jobs',
  'POST /jobs/:job/activate': 'edit_jobs',
  'POST /jobs/:job/pause': 'edit_jobs',
  'POST /jobs/:job/resume': 'edit_jobs',
  'POST /jobs/:job/run': 'run',
  'POST /jobs/:job/archive': 'edit_jobs',
  'POST /jobs/:job/restore': 'edit_jobs',
  'POST /jobs/:job/sample': 'edit_jobs',
  'GET /jobs/:job/sample': 'edit_jobs',
  'GET /jobs/:job/source': 'view',
  'GET /jobs/:job/activity': 'view',
  'GET /jobs/:job/template': 'view',
  'GET /jobs/:job/versions': 'view',
  'GET /jobs/:job/versions/:version': 'view',
  'GET /jobs/:job/diff': 'view',
  'GET /jobs/:job/log': 'view',
  'GET /jobs/:job/log/file': 'view',
  'GET /connectors': 'view',
  'POST /schedules/preview': 'view',
  'POST /mappings/recall': 'view',
  'GET /mappings': 'view',

  'GET /records': 'view',
  'POST /records/retry': 'run',
  'POST /records/skip': 'run',
  'POST /records/settle': 'run',
  'POST /records/process': 'run',
  'GET /runs/:run/records/:record': 'view',
  'GET /runs/:run/records/:record/explanation': 'view',
  'GET /explanations': 'view',
  'POST /explanations': 'view',

  'GET /profiles': 'view',
  'GET /profiles/count': 'view',
  'GET /profiles/:profile': 'view',
  'GET /profiles/:profile/history': 'view',
  'GET /attributes': 'view',

  'GET /messages': 'view',
  'GET /messages/:message': 'view',
  'POST /messages/:message/resend': 'settings',
  'POST /messages/test': 'settings',
  'GET /webhooks': 'settings',
  'POST /webhooks': 'settings',
  'GET /webhooks/:webhook': 'settings',
  'DELETE /webhooks/:webhook': 'settings',
  'GET /secrets': 'secrets',
  'GET /secrets/:secret': 'secrets',
  'PUT /secrets/:secret': 'secrets',
  'DELETE /secrets/:secret': 'secrets',
  'GET /retention/forecast': 'view',
  'GET /settings': 'view',
  'PATCH /settings': 'settings',
}

const needs: ReadonlyMap<string, Need> = new Map([
  ...Object.entries(everywhere),
  ...Object.entries(inNamespace).map(([route, need]): [string, Need] => {
    const [method, path] = route.split(' ') as [string, string]
    return [`${method} /v1/namespaces/:namespace${path}`, need]
  }),
])

/** Every line of the table: `METHOD /path` as the routes write it. */
export const routesWithNeeds: ReadonlyMap<string, Need> = needs

/** What a route needs; undefined: nobody decided, so it is refused. HEAD answers no more than GET. */
export function needOf(method: string, path: string): Need | undefined {
  return needs.get(`${method === 'HEAD' ? 'GET' : method} ${path}`)
}

/** Whether the audit gets a line: what changes something, and downloads of personal data (design section 12). */
export function isAudited(method: string, need: Need | undefined): boolean {
  if (method === 'GET' || method === 'HEAD' || method === 'OPTIONS') return need === 'download_personal'
  return need !== 'view'
}
