// Versions of a job, what differs between two of them, and the definition of one run.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { changeText, diffDefinitions, type DefinitionChange } from '../core/definitionDiff.ts'
import { importDefinitionSchema } from '../core/job.ts'
import { jobSetupSchema } from '../core/jobSetup.ts'
import { diffSetups } from '../core/setupDiff.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import {
  findRunDefinition,
  findVersion,
  listVersions,
  type Defined,
  type JobRow,
  type VersionRow,
} from '../db/read/jobs.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { jobOf, jobParams } from './jobParams.ts'
import { pageLimit, runParams } from './params.ts'
import { runIdText } from './runId.ts'

const version = z.coerce.number().int().min(1)

const changeSchema = z.object({
  sign: z.enum(['+', '-', '~']).meta({ description: 'Added, removed, changed.' }),
  part: z.string().meta({ description: 'column, or the part of the definition: mapping, policy, source…' }),
  name: z.string().meta({ description: 'The column; the part again where it is about no column.' }),
  field: z.string().nullable().meta({ description: 'What of it; null: all of it.' }),
  before: z.string().nullable(),
  after: z.string().nullable(),
  text: z.string().meta({ description: 'The whole change as one line.' }),
})

const versionsSchema = z
  .object({
    job: z.string(),
    versions: z.array(
      z.object({
        version: z.int(),
        createdAt: z.string(),
        createdBy: z.string().nullable(),
        runs: z.int(),
        firstRun: runIdText.nullable(),
        lastRun: runIdText.nullable(),
        changes: z.int().meta({ description: 'Differences from the version before.' }),
        examples: z.array(z.string()).meta({ description: 'The first three of them.' }),
      }),
    ),
    next: z.int().nullable().meta({ description: 'The version the next page begins with; null at the end.' }),
  })
  .meta({ id: 'JobVersions' })
export type JobVersions = z.infer<typeof versionsSchema>

const diffSchema = z
  .object({
    job: z.string(),
    from: z.int(),
    to: z.int(),
    changes: z.array(changeSchema),
  })
  .meta({ id: 'JobDiff' })
export type JobDiff = z.infer<typeof diffSchema>

const versionSchema = z
  .object({
    job: z.string(),
    version: z.int(),
    setup: jobSetupSchema,
    definition: importDefinitionSchema,
  })
  .meta({ id: 'JobVersion' })
export type JobVersion = z.infer<typeof versionSchema>

const runDefinitionSchema = z
  .object({
    run: runIdText,
    job: z.string(),
    version: z.int(),
    file: z.string().nullable(),
    createdAt: z.string(),
    definition: importDefinitionSchema,
  })
  .meta({ id: 'RunDefinitionView' })
export type RunDefinitionView = z.infer<typeof runDefinitionSchema>

export const definitionRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/jobs/:job/versions',
    {
      schema: {
        tags: ['jobs'],
        summary: 'The versions of a job, newest first, each with what it changed',
        params: jobParams,
        querystring: z.object({ cursor: version.optional(), limit: pageLimit }),
        response: { 200: versionsSchema, ...failures },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query
      const { job } = await jobOf(context, request.params)
      const from = cursor ?? job.versions
      const rows = await listVersions(context.database.pool, job.id, { from, limit: limit + 1 })
      const versions = rows.slice(0, limit).map((row, i) => versionView(row, rows[i + 1]))
      return { job: job.name, versions, next: rows[limit]?.version ?? null }
    },
  )

  app.get(
    '/jobs/:job/diff',
    {
      schema: {
        tags: ['jobs'],
        summary: 'What differs between two versions of a job',
        params: jobParams,
        querystring: z.object({
          from: version.optional().meta({ description: 'Default: the version before `to`.' }),
          to: version.optional().meta({ description: 'Default: the newest version.' }),
        }),
        response: { 200: diffSchema, ...failures },
      },
    },
    async (request) => {
      const { job } = await jobOf(context, request.params)
      const to = request.query.to ?? job.versions
      // The first version differs from nothing but itself.
      const from = request.query.from ?? Math.max(1, to - 1)
      const [before, after] = [await versionOf(context, job, from), await versionOf(context, job, to)]
      const changes = allChanges(before, after).map((one) => ({ ...one, text: changeText(one) }))
      return { job: job.name, from, to, changes }
    },
  )

  await app.register(versionRoute, { context })
  await app.register(runDefinitionRoute, { context })
}

const versionRoute: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/jobs/:job/versions/:version',
    {
      schema: {
        tags: ['jobs'],
        summary: 'What one version of a job says',
        description: 'To bring it back, change the job (PATCH) to this setup and definition.',
        params: jobParams.extend({ version }),
        response: { 200: versionSchema, ...failures },
      },
    },
    async (request) => {
      const { job } = await jobOf(context, request.params)
      const found = await versionOf(context, job, request.params.version)
      return { job: job.name, version: request.params.version, ...found }
    },
  )
}

const runDefinitionRoute: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/runs/:run/definition',
    {
      schema: {
        tags: ['runs'],
        summary: 'What a run was told to do: dialect, columns, mapping, policies',
        params: runParams,
        response: { 200: runDefinitionSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const run = runName(request.params.run)
      const found = await findRunDefinition(context.database.pool, namespace.id, request.params.run)
      if (found === undefined) throw failure('not_found', { noun: 'run', id: run })
      return { run, ...found }
    },
  )
}

function allChanges(before: Defined, after: Defined): DefinitionChange[] {
  return [...diffDefinitions(before.definition, after.definition), ...diffSetups(before.setup, after.setup)]
}

function versionView(row: VersionRow, before: Defined | undefined) {
  const changes = before === undefined ? [] : allChanges(before, row)
  return {
    version: row.version,
    createdAt: row.created_at,
    createdBy: row.created_by,
    runs: row.runs,
    firstRun: row.first_run === null ? null : runName(row.first_run),
    lastRun: row.last_run === null ? null : runName(row.last_run),
    changes: changes.length,
    examples: changes.slice(0, 3).map(changeText),
  }
}

async function versionOf(context: ApiContext, job: JobRow, number: number): Promise<Defined> {
  const found = await findVersion(context.database.pool, job.id, number)
  if (found === undefined) throw failure('not_found', { noun: 'version', id: `${number} of ${job.name}` })
  return found
}
