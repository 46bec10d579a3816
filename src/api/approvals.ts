// What waits for somebody else, and deciding about it: held runs (r1042), and changes of jobs that were asked for (a12).
import type { FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isOwn, localPerson, requestDays } from '../core/approval.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import {
  decideRequest,
  findRequest,
  hasDecider,
  listHeld,
  listRequests,
  type ApprovalRow,
  type HeldRun,
} from '../db/approvals.ts'
import type { Namespace } from '../db/imports.ts'
import { writeLog } from '../db/log.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import {
  checkNotOwn,
  checkRelease,
  needsOther,
  personNames,
  requestName,
  requestText,
  requestersOf,
} from './fourEyes.ts'
import { withLockedJob, type OfJob } from './jobLock.ts'
import { activateAsked } from './jobMoves.ts'
import { changeAsked } from './jobSetup.ts'
import { namespaceParams, noteBody, pageLimit } from './params.ts'
import { moveByPerson } from './runs.ts'
import { standingOf, whoOf } from './who.ts'

const approvalSchema = z
  .object({
    id: z
      .string()
      .meta({ description: 'Of a held run its own, r1042; of a change that was asked for, a12.' }),
    kind: z.enum(['run', 'activation', 'edit']),
    job: z.string(),
    run: z.string().nullable(),
    what: z.string().meta({ description: 'What it is about, in one sentence.' }),
    says: z.array(z.string()).meta({ description: 'What would change, line by line.' }),
    total: z.int().nullable().meta({ description: 'Of a run: its records.' }),
    counts: z
      .record(z.string(), z.int())
      .nullable()
      .meta({ description: 'Of a run: what would become of its records and profiles.' }),
    requestedBy: z.array(z.string()).meta({ description: 'Who asked for it, in any way.' }),
    since: z.string(),
    fourEyes: z.boolean().meta({ description: 'Who asked for it cannot approve it.' }),
    mayDecide: z.boolean().meta({ description: 'Whether who looks may approve it.' }),
    why: z.enum(['right', 'own', 'over']).nullable().meta({
      description:
        'Why they may not: without the right to approve, it is their own, or it is over. Null: they may.',
    }),
    decision: z.enum(['approved', 'rejected', 'outdated']).nullable(),
    decidedBy: z.string().nullable(),
    decidedAt: z.string().nullable(),
    note: z.string().nullable(),
  })
  .meta({ id: 'ApprovalView' })
export type ApprovalView = z.infer<typeof approvalSchema>

const listSchema = z
  .object({
    approvals: z.array(approvalSchema).meta({
      description:
        'Held runs and then changes, each those that wait longest first; decided ones newest first.',
    }),
  })
  .meta({ id: 'ApprovalList' })
export type ApprovalList = z.infer<typeof listSchema>

const decidedSchema = z
  .object({
    id: z.string(),
    decision: z.enum(['approved', 'rejected']),
    job: z.string(),
    run: z.string().nullable().meta({ description: 'The run that goes on, was given up, or begins by it.' }),
  })
  .meta({ id: 'ApprovalDecided' })
export type ApprovalDecided = z.infer<typeof decidedSchema>

const params = namespaceParams.extend({
  approval: z
    .string()
    .regex(/^[ra]\d{1,15}$/, 'the id of a held run such as r1042, or of a request such as a12'),
})

export const approvalRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/approvals',
    {
      schema: {
        tags: ['approvals'],
        summary: 'What waits for somebody to approve it; or which requests were decided',
        params: namespaceParams,
        querystring: z.object({
          decided: z.stringbool().default(false).meta({ description: 'Requests that were decided.' }),
          limit: pageLimit,
        }),
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return { approvals: await viewsFor(context, request, namespace, request.query) }
    },
  )
}

/** Deciding. */
export const approvalMoveRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (
  app,
  { context },
) => {
  app.post(
    '/approvals/:approval/approve',
    {
      schema: {
        tags: ['approvals'],
        summary: 'Approve: the held run goes ahead, the job is switched on, or the change is made',
        params,
        body: noteBody,
        response: { 200: decidedSchema, ...failures },
      },
    },
    (request) => decide(context, request, { ...request.params, ...request.body, approve: true }),
  )

  app.post(
    '/approvals/:approval/reject',
    {
      schema: {
        tags: ['approvals'],
        summary: 'Do not approve: the held run is given up, the request is over and nothing changes',
        params,
        body: noteBody,
        response: { 200: decidedSchema, ...failures },
      },
    },
    (request) => decide(context, request, { ...request.params, ...request.body, approve: false }),
  )

  app.delete(
    '/approvals/:approval',
    {
      schema: {
        tags: ['approvals'],
        summary: 'Take back what one asked for oneself',
        params,
        response: { 200: decidedSchema, ...failures },
      },
    },
    async (request) => {
      const { approval: id } = request.params
      const namespace = await namespaceOf(context, request.params.namespace)
      const row = await requestOf(context, namespace, id)
      // What others asked for is not theirs to see whether it can be taken back.
      if (!isOwn([row.requestedBy], await personNames(context, request)))
        throw failure('access.no_right', { right: 'take back what others asked for', who: whoOf(request) })
      return refuse(context, request, namespace, row, undefined)
    },
  )
}

interface Order {
  readonly namespace: string
  readonly approval: string
  readonly note?: string | undefined
  readonly approve: boolean
}

async function decide(
  context: ApiContext,
  request: FastifyRequest,
  { namespace: name, approval: id, note: said, approve }: Order,
): Promise<ApprovalDecided> {
  const note = said === '' ? undefined : said
  const decision = approve ? ('approved' as const) : ('rejected' as const)
  if (id.startsWith('r')) {
    const run = Number(id.slice(1))
    if (approve) await checkRelease(context, request, { namespace: name, run })
    const move = approve ? 'release' : 'drop'
    const view = await moveByPerson(context, { namespace: name, run, move, by: whoOf(request), note })
    return { id, decision, job: view.run.job, run: id }
  }
  const namespace = await namespaceOf(context, name)
  const row = await requestOf(context, namespace, id)
  return approve
    ? grant(context, request, namespace, row, note)
    : refuse(context, request, namespace, row, note)
}

/** A request that waits. Throws `not_found` and `approval.over`. */
async function requestOf(context: ApiContext, namespace: Namespace, id: string): Promise<ApprovalRow> {
  const row = id.startsWith('a')
    ? await findRequest(context.database.pool, namespace.id, Number(id.slice(1)))
    : undefined
  if (row === undefined) throw failure('not_found', { noun: 'request', id })
  if (row.decision !== null)
    throw failure('approval.over', { id, why: `it was ${row.decision}, by ${row.decidedBy ?? 'time'}` })
  if (isOld(context, row)) throw failure('approval.over', { id, why: `it waited ${requestDays} days` })
  return row
}

function isOld(context: ApiContext, { requestedAt }: ApprovalRow): boolean {
  return Date.parse(requestedAt) < Date.parse(context.now()) - requestDays * 86_400_000
}

/** Makes the change as it was asked for, by who asked; all of it with the decision, or nothing. */
async function grant(
  context: ApiContext,
  request: FastifyRequest,
  namespace: Namespace,
  row: ApprovalRow,
  note: string | undefined,
): Promise<ApprovalDecided> {
  const id = requestName(row.id)
  const { author = null } = row.change as { author?: string | null }
  const asked = { by: [row.requestedBy, author], what: requestText(row).toLowerCase(), id }
  await checkNotOwn(context, request, namespace.id, asked)
  let run: number | null = null
  let outdated = false
  await withLockedJob(context, { namespace: namespace.name, job: `j${row.jobId}` }, async (of) => {
    outdated = of.locked.version !== row.version
    await close(context, of, row, { by: whoOf(request), decision: outdated ? 'outdated' : 'approved', note })
    if (outdated) return
    if (row.kind === 'edit') await changeAsked(context, of, row.change, row.requestedBy)
    else run = await activateAsked(context, of, row.change, row.requestedBy)
  })
  if (outdated) throw failure('approval.over', { id, why: 'the job was changed since' })
  return { id, decision: 'approved', job: row.job, run: run === null ? null : runName(run) }
}

async function refuse(
  context: ApiContext,
  request: FastifyRequest,
  namespace: Namespace,
  row: ApprovalRow,
  note: string | undefined,
): Promise<ApprovalDecided> {
  await withLockedJob(context, { namespace: namespace.name, job: `j${row.jobId}` }, (of) =>
    close(context, of, row, { by: whoOf(request), decision: 'rejected', note }),
  )
  return { id: requestName(row.id), decision: 'rejected', job: row.job, run: null }
}

async function close(
  context: ApiContext,
  { client, namespace, locked }: OfJob,
  row: ApprovalRow,
  how: {
    readonly by: string
    readonly decision: 'approved' | 'rejected' | 'outdated'
    readonly note?: string | undefined
  },
): Promise<void> {
  const { by, decision, note } = how
  const id = requestName(row.id)
  const kept = await decideRequest(client, row.id, decision, { by, now: context.now(), note: note ?? null })
  if (!kept) throw failure('approval.over', { id, why: 'somebody else was first' })
  if (decision === 'outdated') return
  await writeLog(client, {
    namespaceId: namespace.id,
    job: locked.id,
    kind: decision === 'approved' ? 'approval_given' : 'approval_refused',
    by,
    details: { request: id, asked_by: row.requestedBy, ...(note === undefined ? {} : { note }) },
  })
}

interface Looker {
  readonly person: ReadonlySet<string>
  readonly may: boolean
  /** At the machine, and nobody else could decide. */
  readonly alone: boolean
}

async function viewsFor(
  context: ApiContext,
  request: FastifyRequest,
  namespace: Namespace,
  { decided, limit }: { readonly decided: boolean; readonly limit: number },
): Promise<ApprovalView[]> {
  const { pool } = context.database
  const person = await personNames(context, request)
  const looker: Looker = {
    person,
    may: standingOf(request).rights.includes('approve'),
    alone: person.has(localPerson) && !(await hasDecider(pool, namespace.id)),
  }
  const runs = decided ? [] : await listHeld(pool, namespace.id, limit)
  const requests = await listRequests(pool, namespace.id, { decided, limit })
  return [
    ...runs.map((run) => runApproval(run, looker)),
    ...requests.map((row) => requestView(row, looker, isOld(context, row))),
  ].slice(0, limit)
}

function whyNot(looker: Looker, own: boolean): 'right' | 'own' | null {
  if (!looker.may) return 'right'
  return own && !looker.alone ? 'own' : null
}

const undecided = { decision: null, decidedBy: null, decidedAt: null, note: null }

function runApproval(held: HeldRun, looker: Looker): ApprovalView {
  const id = runName(held.id)
  const fourEyes = needsOther(held)
  const requesters = requestersOf(held).filter((by) => by !== null)
  const why = whyNot(looker, fourEyes && isOwn(requesters, looker.person))
  return {
    ...undecided,
    id,
    kind: 'run',
    job: held.job,
    run: id,
    what: held.problem?.message ?? 'A preview waits for somebody to let it go ahead.',
    says: [],
    total: held.total,
    counts: held.counts,
    requestedBy: [...new Set(requesters)],
    since: held.since,
    fourEyes,
    mayDecide: why === null,
    why,
  }
}

function requestView(row: ApprovalRow, looker: Looker, old: boolean): ApprovalView {
  const { author = null } = row.change as { author?: string | null }
  const own = isOwn([row.requestedBy, author], looker.person)
  const why = row.decision !== null || old ? 'over' : whyNot(looker, own)
  return {
    id: requestName(row.id),
    kind: row.kind,
    job: row.job,
    run: null,
    what: `${requestText(row)} was asked for.`,
    says: [...row.says],
    total: null,
    counts: null,
    requestedBy: [...new Set([row.requestedBy, ...(author === null ? [] : [author])])],
    since: row.requestedAt,
    fourEyes: true,
    mayDecide: why === null,
    why,
    decision: row.decision,
    decidedBy: row.decidedBy,
    decidedAt: row.decidedAt,
    note: row.note,
  }
}
