// Every write that succeeded, every download of personal data, and every refusal becomes a line of the audit.
import type { FastifyReply, FastifyRequest } from 'fastify'
import { actionOf, difference, nameOf, withoutSecrets } from '../core/audit.ts'
import { writeAudit } from '../db/audit.ts'
import { findMember } from '../db/members.ts'
import { findJob, findVersion } from '../db/read/jobs.ts'
import { readSettings } from '../db/settings.ts'
import { findUser } from '../db/users.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { isReplay } from './idempotency.ts'
import { addressOf, type Access } from './place.ts'
import { isAudited, needOf, type Need } from './rights.ts'
import { callerOf } from './who.ts'

type Look = (context: ApiContext, params: Readonly<Record<string, string>>) => Promise<unknown>

const jobNow: Look = async (context, { namespace: name, job: id }) => {
  const namespace = await namespaceOf(context, name!)
  const job = await findJob(context.database.pool, namespace, id!)
  if (job === undefined) return null
  const kept = await findVersion(context.database.pool, job.id, job.versions)
  return { id: `j${job.id}`, name: job.name, state: job.state, version: job.versions, ...kept }
}
const memberNow: Look = async (context, { namespace: name, member }) => {
  const namespace = await namespaceOf(context, name!)
  const found = await findMember(context.database.pool, namespace.id, member!)
  return found === undefined ? null : { email: found.email, role: found.role }
}

/** What can be looked at before and after a write, by the end of the route's path. */
const looks: readonly (readonly [path: RegExp, look: Look])[] = [
  [
    /\/settings$/,
    async (context, { namespace }) =>
      readSettings(context.database.pool, (await namespaceOf(context, namespace!)).id),
  ],
  [/\/members\/:member$/, memberNow],
  [/\/jobs\/:job(\/(activate|pause|resume|archive|restore))?$/, jobNow],
  [
    /\/users\/:user$/,
    async (context, { user }) => {
      const found = await findUser(context.database.pool, user!)
      return found && { email: found.email, admin: found.admin, disabled: found.disabledAt !== null }
    },
  ],
]

const before = new WeakMap<FastifyRequest, { readonly look: Look; readonly value: unknown }>()

/** A hook that looks, before the route runs, at what it will change. */
export function lookBefore(context: ApiContext) {
  return async (request: FastifyRequest): Promise<void> => {
    const look = looks.find(([path]) => path.test(request.routeOptions.url ?? ''))?.[1]
    if (look === undefined || request.method === 'GET' || request.method === 'HEAD') return
    // What is not there is for the route to say.
    const value = await look(context, request.params as Record<string, string>).catch(() => null)
    before.set(request, { look, value })
  }
}

/** A hook that writes the line before the answer leaves. */
export function audit(context: ApiContext, access: Access) {
  return async (request: FastifyRequest, reply: FastifyReply, payload: unknown): Promise<unknown> => {
    const path = request.routeOptions.url
    const need = path === undefined ? undefined : needOf(request.method, path)
    // Who sends the same once more is told what was done then.
    if (path === undefined || !isAudited(request.method, need) || isReplay(reply)) return payload
    if (isPartOfFile(request.method, path)) return payload
    const result = resultOf(request, reply, payload)
    // The work is done: an audit that cannot be written is our fault, and no reason to say it was not.
    if (result !== null)
      await write(context, access, request, path, need, { result, payload }).catch(context.logFault)
    return payload
  }
}

/** A large file comes in thousands of parts; that it was begun is the line. */
function isPartOfFile(method: string, path: string): boolean {
  return method === 'PATCH' && path.endsWith('/uploads/resumable/:resumable')
}

/** `done`, the code of a refusal, or null: nothing happened, and it was not for lack of a right. */
function resultOf(request: FastifyRequest, reply: FastifyReply, payload: unknown): string | null {
  const known = callerOf(request) !== null
  // Signing in makes somebody known; what strangers may ask besides is none of their doing.
  if (reply.statusCode < 400) return known ? 'done' : null
  const counts = reply.statusCode === 403 ? known : reply.statusCode === 401 && hasDoor(request)
  return counts ? codeOf(payload) : null
}

/** Signing in and one-time links. Whoever only comes without a key is no line: strangers could fill the disk with them. */
function hasDoor(request: FastifyRequest): boolean {
  return ['/v1/sign-in', '/v1/sign-in/code'].includes(request.routeOptions.url ?? '')
}

function codeOf(payload: unknown): string {
  const { code } = answered(payload)
  return typeof code === 'string' ? code : 'refused'
}

async function write(
  context: ApiContext,
  access: Access,
  request: FastifyRequest,
  path: string,
  need: Need | undefined,
  { result, payload }: { readonly result: string; readonly payload: unknown },
): Promise<void> {
  const params = (request.params ?? {}) as Record<string, string>
  // A line about a namespace that is gone would be found by nobody there.
  const inNamespace = params['namespace'] !== undefined && need !== 'instance' && need !== 'drop_namespace'
  const caller = callerOf(request)
  const { was, is } = result === 'done' ? await changed(context, request, params) : nothing
  await writeAudit(context.database.pool, {
    at: context.now(),
    namespace: inNamespace ? params['namespace']! : null,
    who: caller?.name ?? signingIn(request.body),
    via: caller?.via ?? 'none',
    address: addressOf(request, access),
    action: actionOf(request.method, path),
    what: (inNamespace ? null : params['namespace']) ?? nameOf(params) ?? newName(request.body, payload),
    did: summaryOf(request),
    result,
    asked: plainBody(request.body),
    before: was,
    after: is,
  })
}

const nothing = { was: null, is: null }

/** Before and after, of what differs. */
async function changed(
  context: ApiContext,
  request: FastifyRequest,
  params: Readonly<Record<string, string>>,
): Promise<{ was: unknown; is: unknown }> {
  const looked = before.get(request)
  if (looked === undefined) return nothing
  // A job may have another name by now.
  const { id } = (looked.value ?? {}) as { id?: unknown }
  const place = typeof id === 'string' ? { ...params, job: id } : params
  const now = await looked.look(context, place).catch(() => null)
  const { was, is } = difference(looked.value ?? null, now ?? null)
  return { was: withoutSecrets(was), is: withoutSecrets(is) }
}

/** Who tried to sign in. What is no address may be a password in the wrong field. */
function signingIn(body: unknown): string {
  const { email } = (body ?? {}) as { email?: unknown }
  return typeof email === 'string' && /^[^\s@]+@[^\s@]+$/.test(email) ? email.slice(0, 254) : '–'
}

/** What a route made, where its path names nothing yet: the run it answers, the name or address it was given, or its id. */
function newName(body: unknown, payload: unknown): string | null {
  const { run, id, email: whose } = answered(payload)
  const { name, email, job } = (typeof body === 'object' && body !== null ? body : {}) as Record<
    string,
    unknown
  >
  const found = [run, whose, name, email, job, id].find((value) => typeof value === 'string')
  return found === undefined ? null : found.slice(0, 300)
}

function answered(payload: unknown): Record<string, unknown> {
  if (typeof payload !== 'string' || payload.length > 100_000 || !payload.startsWith('{')) return {}
  return JSON.parse(payload) as Record<string, unknown>
}

function summaryOf(request: FastifyRequest): string {
  const { schema, url = '' } = request.routeOptions
  return schema?.summary ?? url
}

/** A JSON body; a file that was sent is none. */
function plainBody(body: unknown): unknown {
  if (typeof body !== 'object' || body === null || Buffer.isBuffer(body) || 'pipe' in body) return null
  return withoutSecrets(body)
}
