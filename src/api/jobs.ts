// Jobs: what is imported, its versions, and what differs between two of them; and the definition of one run.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { changeText, diffDefinitions } from '../core/definitionDiff.ts'
import { importDefinitionSchema, type ImportDefinition } from '../core/job.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import {
  findJob,
  findRunDefinition,
  findVersion,
  listJobs,
  listVersions,
  type JobRow,
  type VersionRow,
} from '../db/read/jobs.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit, runParams } from './params.ts'
import { runIdText } from './runId.ts'

const jobParams = namespaceParams.extend({ job: z.string().meta({ description: 'The name of the job.' }) })
const version = z.coerce.number().int().min(1)

export const jobViewSchema = z.object({
  job: z.string(),
  kind: z.enum(['one_time', 'recurring']),
  versions: z.int(),
  runs: z.int(),
  lastRun: runIdText.nullable(),
  createdAt: z.string(),
  updatedAt: z.string(),
})

const jobPageSchema = z.object({
  jobs: z.array(jobViewSchema),
  next: z.int().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
})
export type JobPage = z.infer<typeof jobPageSchema>

const changeSchema = z.object({
  sign: z.enum(['+', '-', '~']).meta({ description: 'Added, removed, changed.' }),
  part: z.string().meta({ description: 'column, or the part of the definition: mapping, policy, dialect…' }),
  name: z.string().meta({ description: 'The column; the part again where it is about no column.' }),
  field: z.string().nullable().meta({ description: 'What of it; null: all of it.' }),
  before: z.string().nullable(),
  after: z.string().nullable(),
  text: z.string().meta({ description: 'The whole change as one line.' }),
})

const versionsSchema = z.object({
  job: z.string(),
  versions: z.array(
    z.object({
      version: z.int(),
      createdAt: z.string(),
      runs: z.int(),
      firstRun: runIdText.nullable(),
      lastRun: runIdText.nullable(),
      changes: z.int().meta({ description: 'Differences from the version before.' }),
      examples: z.array(z.string()).meta({ description: 'The first three of them.' }),
    }),
  ),
  next: z.int().nullable().meta({ description: 'The version the next page begins with; null at the end.' }),
})
export type JobVersions = z.infer<typeof versionsSchema>

const diffSchema = z.object({
  job: z.string(),
  from: z.int(),
  to: z.int(),
  changes: z.array(changeSchema),
})
export type JobDiff = z.infer<typeof diffSchema>

const runDefinitionSchema = z.object({
  run: runIdText,
  job: z.string(),
  version: z.int(),
  file: z.string().nullable(),
  createdAt: z.string(),
  definition: importDefinitionSchema,
})
export type RunDefinitionView = z.infer<typeof runDefinitionSchema>

export const jobRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/jobs',
    {
      schema: {
        tags: ['jobs'],
        summary: 'List jobs, newest first',
        params: namespaceParams,
        querystring: z.object({ cursor: z.coerce.number().int().optional(), limit: pageLimit }),
        response: { 200: jobPageSchema, ...failures },
      },
    },
    async (request) => {
      const { cursor, limit } = request.query
      const namespace = await namespaceOf(context, request.params.namespace)
      const rows = await listJobs(context.database.pool, namespace, { before: cursor, limit: limit + 1 })
      const page = rows.slice(0, limit)
      return { jobs: page.map(jobView), next: rows.length > limit ? page.at(-1)!.id : null }
    },
  )

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
      const job = await jobOf(
        context,
        await namespaceOf(context, request.params.namespace),
        request.params.job,
      )
      const from = cursor ?? job.versions
      const rows = await listVersions(context.database.pool, job.id, { from, limit: limit + 1 })
      const versions = rows.slice(0, limit).map((row, i) => versionView(row, rows[i + 1]?.definition))
      return { job: job.name, versions, next: rows[limit]?.version ?? null }
    },
  )
}

/** What differs between versions, and what a run was told to do. */
export const definitionRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
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
      const namespace = await namespaceOf(context, request.params.namespace)
      const job = await jobOf(context, namespace, request.params.job)
      const to = request.query.to ?? job.versions
      // The first version differs from nothing but itself.
      const from = request.query.from ?? Math.max(1, to - 1)
      const [before, after] = [await versionOf(context, job, from), await versionOf(context, job, to)]
      const changes = diffDefinitions(before, after).map((one) => ({ ...one, text: changeText(one) }))
      return { job: job.name, from, to, changes }
    },
  )

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

function jobView({ name, kind, versions, runs, last_run, created_at, updated_at }: JobRow) {
  const lastRun = last_run === null ? null : runName(last_run)
  return { job: name, kind, versions, runs, lastRun, createdAt: created_at, updatedAt: updated_at }
}

function versionView(row: VersionRow, before: ImportDefinition | undefined) {
  const changes = before === undefined ? [] : diffDefinitions(before, row.definition)
  return {
    version: row.version,
    createdAt: row.created_at,
    runs: row.runs,
    firstRun: row.first_run === null ? null : runName(row.first_run),
    lastRun: row.last_run === null ? null : runName(row.last_run),
    changes: changes.length,
    examples: changes.slice(0, 3).map(changeText),
  }
}

async function jobOf(context: ApiContext, namespace: Namespace, name: string): Promise<JobRow> {
  const job = await findJob(context.database.pool, namespace, name)
  if (job === undefined) throw failure('not_found', { noun: 'job', id: name })
  return job
}

async function versionOf(context: ApiContext, job: JobRow, number: number): Promise<ImportDefinition> {
  const definition = await findVersion(context.database.pool, job.id, number)
  if (definition === undefined)
    throw failure('not_found', { noun: 'version', id: `${number} of ${job.name}` })
  return definition
}
