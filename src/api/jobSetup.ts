// Making a job, and changing one: a draft first, a new version with each change (E9, BS-24, LY-18).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type pg from 'pg'
import { z } from 'zod'
import { connectorOf } from '../connectors/registry.ts'
import { emptyDefinition, importDefinitionSchema, type ImportDefinition } from '../core/job.ts'
import {
  jobNameSchema,
  jobSetupChangesSchema,
  jobSetupSchema,
  kindOf,
  type JobSetup,
} from '../core/jobSetup.ts'
import type { ColumnMapping } from '../core/mapping.ts'
import { failure } from '../core/problems.ts'
import { sqlState } from '../db/client.ts'
import type { Namespace } from '../db/imports.ts'
import { readSettings } from '../db/settings.ts'
import { describeJob, insertJob, renameJob, saveVersion, type LockedJob } from '../db/jobs.ts'
import { changeText, diffDefinitions } from '../core/definitionDiff.ts'
import { diffSetups } from '../core/setupDiff.ts'
import { failures } from './answers.ts'
import { mayEdit } from './etags.ts'
import { approvalOf, askSomebodyElse } from './fourEyes.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { checkMapped, checkSetup } from './jobChecks.ts'
import { checkCircle, checkFollowed, checkRenamed } from './jobFollows.ts'
import { withLockedJob, type OfJob } from './jobLock.ts'
import { jobDetailSchema } from './jobView.ts'
import { jobOf, jobParams } from './jobParams.ts'
import { detailOf, etagOf } from './jobs.ts'
import { namespaceParams } from './params.ts'
import { whoOf } from './who.ts'

const definitionChanges = z.object({
  dialect: importDefinitionSchema.shape.dialect.optional(),
  columns: importDefinitionSchema.shape.columns.optional(),
  mapping: importDefinitionSchema.shape.mapping.optional(),
  policy: importDefinitionSchema.shape.policy.unwrap().optional(),
  breaker: importDefinitionSchema.shape.breaker.unwrap().optional(),
})

export const newJobSchema = z
  .object({
    job: jobNameSchema.meta({ description: 'The name; no other job in the lists may have it.' }),
    setup: jobSetupSchema.default(jobSetupSchema.parse({})),
    definition: definitionChanges.default({}).meta({
      description:
        'Dialect, columns, mapping, policy and breaker, as far as they are known; a sample proposes the rest.',
    }),
  })
  .meta({ id: 'NewJob' })

export const jobChangesSchema = z
  .object({
    name: jobNameSchema.optional().meta({ description: 'Another name; no new version.' }),
    setup: jobSetupChangesSchema.optional().meta({
      description: 'The parts that change, each as a whole. A description alone makes no new version.',
    }),
    definition: definitionChanges.optional().meta({ description: 'The parts that change, each as a whole.' }),
  })
  .meta({ id: 'JobChanges' })

export const jobSetupRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/jobs',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Make a job: a draft that does nothing until it is activated',
        params: namespaceParams,
        body: newJobSchema,
        response: { 201: jobDetailSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { job: name, setup, definition } = request.body
      const namespace = await namespaceOf(context, request.params.namespace)
      checkSetup(setup, await around(context, namespace))
      const first = definitionWith(emptyDefinition, definition)
      checkMapped(first)
      const by = whoOf(request)
      await context.database.transaction(async (client) => {
        await checkCircle(client, namespace, name, setup)
        await insertJob(client, namespace, { name, kind: kindOf(setup), setup, definition: first, by })
      })
      const { job } = await jobOf(context, { namespace: namespace.name, job: name })
      const detail = await detailOf(context, job)
      return reply.code(201).header('etag', etagOf(detail.version)).send(detail)
    },
  )

  app.patch(
    '/jobs/:job',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Change a job; runs under way keep the version they began with',
        description:
          'With If-Match, for example "v3", it is changed only if that is still its newest version (412 otherwise).',
        params: jobParams,
        body: jobChangesSchema,
        response: { 200: jobDetailSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { params, body } = request
      const by = whoOf(request)
      const after = await withLockedJob(context, params, async (of) => {
        if (!mayEdit(request, etagOf(of.locked.version)))
          throw failure('job.changed', { job: of.locked.name, version: of.locked.version })
        await change(context, of, body, { by, approved: false })
      })
      return reply.header('etag', etagOf(after.version)).send(after)
    },
  )
}

/** What the checks of a setup need to know beside it. */
async function around(context: ApiContext, namespace: Namespace): Promise<{ zone: string; now: string }> {
  const { zone } = await readSettings(context.database.pool, namespace.id)
  return { zone, now: context.now() }
}

/** Name and description where they stand; everything else as a new version. */
async function change(
  context: ApiContext,
  of: OfJob,
  { name, setup, definition }: z.infer<typeof jobChangesSchema>,
  { by, approved }: How,
): Promise<void> {
  const { client, locked } = of
  if (setup !== undefined || definition !== undefined) {
    const { description, ...parts } = setup ?? {}
    const isMore = [...Object.values(parts), ...Object.values(definition ?? {})].some(
      (part) => part !== undefined,
    )
    const changed = { ...locked.setup, ...defined(parts) }
    const version = isMore
      ? await saveChanged(context, of, changed, definition, { by, approved })
      : locked.version
    if (description !== undefined && description !== locked.setup.description)
      await describeJob(client, { ...locked, version }, description, by)
  }
  if (name === undefined || name === locked.name) return
  const { after = locked.setup.after } = setup ?? {}
  await checkRenamed(client, of.namespace, name, { after })
  await renamed(client, locked, name, by)
}

interface How {
  readonly by: string
  /** Somebody else has approved it. */
  readonly approved: boolean
}

/** Answers the version the job is at: where somebody else must approve the change, still the one it was. */
async function saveChanged(
  context: ApiContext,
  of: OfJob,
  setup: JobSetup,
  definition: z.infer<typeof definitionChanges> | undefined,
  { by, approved }: How,
): Promise<number> {
  const { client, locked } = of
  const after = await checkedDefinition(context, of, setup, definition)
  const content = { setup, definition: after, by }
  // Before it was ever switched on it does nothing that others would have to look at.
  const isDraft = locked.state === 'draft' || locked.state === 'sampling_failed'
  if (approved || isDraft || (await approvalOf(of)) === 'none')
    return saveVersion(client, locked, kindOf(setup), content)
  const changes = [...diffDefinitions(locked.definition, after), ...diffSetups(locked.setup, setup)]
  if (changes.length > 0)
    await askSomebodyElse(context, of, {
      kind: 'edit',
      change: { setup, definition: after },
      says: changes.map(changeText),
      by,
    })
  return locked.version
}

const askedSchema = z.object({ setup: jobSetupSchema, definition: importDefinitionSchema })

/** Makes a change that somebody asked for and somebody else has approved. Throws what the checks find by now. */
export async function changeAsked(context: ApiContext, of: OfJob, asked: unknown, by: string): Promise<void> {
  const { setup, definition } = askedSchema.parse(asked)
  // Its description may have been changed since.
  const whole = { ...setup, description: of.locked.setup.description }
  await saveChanged(context, of, whole, definition, { by, approved: true })
}

/** The definition as it would be. Throws what is wrong with the change. */
async function checkedDefinition(
  context: ApiContext,
  { client, namespace, locked, demand }: OfJob,
  setup: JobSetup,
  definition: z.infer<typeof definitionChanges> | undefined,
): Promise<ImportDefinition> {
  demand('edit')
  checkSetup(setup, await around(context, namespace))
  await checkCircle(client, namespace, locked.name, setup)
  if (locked.state === 'active') await checkFollowed(context, namespace, locked.name, setup)
  const after = definitionWith(locked.definition, definition ?? {})
  checkMapped(after)
  // What it became by the edit must be editable as well, or it could never be changed again by those who run it.
  if (
    locked.state !== 'draft' &&
    locked.state !== 'sampling_failed' &&
    !connectorOf(setup.source).capabilities.editableWhileActive
  )
    throw failure('job.setup_invalid', { detail: 'an active job cannot become one for files given by hand.' })
  return after
}

/** A race for a name is decided by the database. */
async function renamed(client: pg.ClientBase, locked: LockedJob, name: string, by: string): Promise<void> {
  try {
    await renameJob(client, locked, name, by)
  } catch (error) {
    if (sqlState(error) !== '23505') throw error
    throw failure('job.name_taken', { job: name, state: 'made meanwhile' })
  }
}

function definitionWith(
  before: ImportDefinition,
  { dialect, columns, mapping, policy, breaker }: z.infer<typeof definitionChanges>,
): ImportDefinition {
  // A mapping without a header names it itself.
  const named = before.columns.length === 0 ? mapping?.columns.filter(isRead) : undefined
  return {
    dialect: dialect ?? before.dialect,
    columns: columns ?? named?.map(({ column }) => column) ?? before.columns,
    mapping: mapping ?? before.mapping,
    policy: policy ?? before.policy,
    breaker: breaker === undefined ? before.breaker : breaker,
  }
}

const isRead = ({ compute }: ColumnMapping): boolean => compute === undefined

function defined<T extends object>(changes: T): T {
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined)) as T
}
