// Four eyes, where the API asks: who the caller is as a person, what they may not decide themselves, and asking somebody else.
import type { FastifyRequest } from 'fastify'
import {
  isOwn,
  localPerson,
  personIn,
  releaseNeedsOther,
  strictest,
  type ApprovalMode,
} from '../core/approval.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import {
  findHeld,
  hasDecider,
  insertRequest,
  type ApprovalRow,
  type HeldRun,
  type RequestKind,
} from '../db/approvals.ts'
import { writeLog } from '../db/log.ts'
import { readSettings } from '../db/settings.ts'
import { emailsOf, findUser } from '../db/users.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import type { OfJob } from './jobLock.ts'
import { standingOf, whoOf } from './who.ts'

/** `a12`: the name of a request. */
export function requestName(id: number): string {
  return `a${id}`
}

/** Every name the caller goes by, and went by: another address makes nobody another person. */
export async function personNames(
  { database }: ApiContext,
  request: FastifyRequest,
): Promise<ReadonlySet<string>> {
  const person = personIn(whoOf(request))
  const user = await findUser(database.pool, person)
  return new Set([person, ...(user === undefined ? [] : await emailsOf(database.pool, user.id))])
}

/** Why somebody may not decide about something; null: they may. */
export async function whyNotDecide(
  { database }: ApiContext,
  namespaceId: number,
  person: ReadonlySet<string>,
  requesters: readonly (string | null)[],
): Promise<'own' | null> {
  if (!isOwn(requesters, person)) return null
  // Whoever is at the machine has nobody to ask where nobody else could sign in and decide.
  return person.has(localPerson) && !(await hasDecider(database.pool, namespaceId)) ? null : 'own'
}

/** Throws `approval.own_request`. */
export async function checkNotOwn(
  context: ApiContext,
  request: FastifyRequest,
  namespaceId: number,
  asked: { readonly by: readonly (string | null)[]; readonly what: string; readonly id: string },
): Promise<void> {
  const person = await personNames(context, request)
  if ((await whyNotDecide(context, namespaceId, person, asked.by)) === null) return
  throw failure('approval.own_request', { who: personIn(whoOf(request)), what: asked.what, id: asked.id })
}

/** Who asked for what a held run does: who started it, and who made the version it runs with. */
export function requestersOf({ startedBy, author }: HeldRun): (string | null)[] {
  return [startedBy, author]
}

export function needsOther({ modes, trigger }: HeldRun): boolean {
  return releaseNeedsOther(modes, trigger)
}

/** Before a held run is released. Throws `approval.own_request`; what else is wrong is for the move to say. */
export async function checkRelease(
  context: ApiContext,
  request: FastifyRequest,
  { namespace: name, run }: { readonly namespace: string; readonly run: number },
): Promise<void> {
  const namespace = await namespaceOf(context, name)
  const held = await findHeld(context.database.pool, namespace.id, run)
  if (held === undefined || !needsOther(held)) return
  const what = `starting ${runName(run)}, or the version of the job it runs with`
  await checkNotOwn(context, request, namespace.id, { by: requestersOf(held), what, id: runName(run) })
}

/** Whether the caller is a second pair of eyes for what these people asked for, and may be. */
export async function isSecondPair(
  context: ApiContext,
  request: FastifyRequest,
  namespaceId: number,
  by: readonly (string | null)[],
): Promise<boolean> {
  if (!standingOf(request).rights.includes('approve')) return false
  return (await whyNotDecide(context, namespaceId, await personNames(context, request), by)) === null
}

/** What of a job needs somebody else: by itself or by its namespace. */
export async function approvalOf({ client, namespace, locked }: OfJob): Promise<ApprovalMode> {
  return strictest(locked.setup.approval, (await readSettings(client, namespace.id)).approval)
}

const nouns: Readonly<Record<RequestKind, string>> = { activation: 'Switching on', edit: 'A change' }

/** What a request is about, in words: `Switching on of crm`. */
export function requestText({ kind, job }: Pick<ApprovalRow, 'kind' | 'job'>): string {
  return `${nouns[kind]} of ${job}`
}

/** Asks somebody else, in place of doing it, with the job locked. Throws `approval.open`. */
export async function askSomebodyElse(
  context: ApiContext,
  { client, namespace, locked }: OfJob,
  order: {
    readonly kind: RequestKind
    readonly change: unknown
    readonly says: readonly string[]
    readonly by: string
  },
): Promise<void> {
  const { id: jobId, version } = locked
  const made = await insertRequest(client, {
    ...order,
    namespaceId: namespace.id,
    jobId,
    version,
    now: context.now(),
  })
  if ('there' in made) {
    const { id, kind, requestedBy: by } = made.there
    throw failure('approval.open', { what: nouns[kind], job: locked.name, by, id: requestName(id) })
  }
  const details = { request: requestName(made.id), what: nouns[order.kind].toLowerCase() }
  await writeLog(client, {
    namespaceId: namespace.id,
    job: jobId,
    kind: 'approval_asked',
    by: order.by,
    details,
  })
}
