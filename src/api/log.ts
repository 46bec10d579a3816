// The log of a run, and of a job with all its runs: by page, and as a file.
import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { logLevels, kindsFrom } from '../core/logKinds.ts'
import { logKindWords, logProblem, logSentence, logTextLine } from '../core/logText.ts'
import { runName } from '../core/names.ts'
import type { VendorDialect } from '../core/namespaceSettings.ts'
import { failure } from '../core/problems.ts'
import { wordsOf } from '../core/vendorDialects.ts'
import type { Namespace } from '../db/imports.ts'
import { findJob } from '../db/read/jobs.ts'
import { readLog, wholeLog, type LogOf, type LogRow } from '../db/read/log.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit, runParams } from './params.ts'
import { problemView, problemViewSchema } from './runView.ts'
import { dialectOf, dialectQuery } from './vendorWords.ts'

export const logLineSchema = z
  .object({
    at: z.string().meta({ description: 'UTC, ISO 8601.' }),
    kind: z.string().meta({ description: 'What kind of line, for example synced.' }),
    level: z.enum(logLevels),
    label: z.string().meta({ description: 'The kind in words; with a dialect in those of the vendor.' }),
    message: z.string().meta({ description: 'One sentence.' }),
    run: z.string().nullable().meta({ description: 'Null: it is about the job itself.' }),
    by: z.string().nullable().meta({ description: 'Who, where it was a person.' }),
    problem: problemViewSchema.nullable(),
    details: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'LogLineView' })
export type LogLineView = z.infer<typeof logLineSchema>

const pageSchema = z
  .object({
    lines: z.array(logLineSchema),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'LogPage' })
export type LogPage = z.infer<typeof pageSchema>

const level = z
  .enum(logLevels)
  .default('info')
  .meta({ description: 'Only lines of this level and graver ones.' })

const pageQuery = dialectQuery.extend({
  order: z.enum(['oldest', 'newest']).default('oldest').meta({ description: 'Which lines come first.' }),
  level,
  cursor: z.coerce.number().int().min(0).optional().meta({ description: 'The next of the page before.' }),
  limit: pageLimit,
})

const fileQuery = z.object({
  format: z.enum(['text', 'jsonl']).default('text').meta({ description: 'jsonl: one JSON object a line.' }),
  level,
})
type FileQuery = z.infer<typeof fileQuery>

const jobParams = namespaceParams.extend({ job: z.string().meta({ description: 'The name of the job.' }) })

/** A log line as the API answers it. */
function logLineView({ run, ...row }: LogRow, dialect: VendorDialect): LogLineView {
  const { level, label } = logKindWords(row.kind)
  const word = (wordsOf(dialect)?.log as Readonly<Record<string, string>> | undefined)?.[row.kind]
  const found = logProblem(row)
  return {
    at: row.at,
    kind: row.kind,
    level,
    label: word ?? label,
    message: logSentence(row),
    run: run === null ? null : runName(run),
    by: row.by,
    problem: found === null ? null : problemView(found),
    details: row.details,
  }
}

async function* fileOf(
  context: ApiContext,
  namespace: Namespace,
  of: LogOf,
  { format, level: from }: FileQuery,
): AsyncGenerator<string> {
  for await (const rows of wholeLog(context.database.pool, namespace.id, of, kindsFrom(from)))
    yield rows
      .map((row) =>
        format === 'jsonl'
          ? JSON.stringify(logLineView(row, 'sluice'))
          : logTextLine({ ...row, run: row.run === null ? null : runName(row.run) }),
      )
      .map((line) => `${line}\n`)
      .join('')
}

const types = { text: 'text/plain; charset=utf-8', jsonl: 'application/x-ndjson' } as const

/** Whose log the route is about. */
type Whose<P> = (context: ApiContext, namespace: Namespace, params: P) => Promise<LogOf>

const ofRun: Whose<{ run: number }> = async (context, namespace, { run }) => ({
  run: (await runOf(context, namespace, run)).id,
})

const ofJob: Whose<{ job: string }> = async (context, namespace, { job: name }) => {
  const job = await findJob(context.database.pool, namespace, name)
  if (job === undefined) throw failure('not_found', { noun: 'job', id: name })
  return { job: job.id }
}

export const logRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  const page = async (
    namespace: Namespace,
    of: LogOf,
    query: z.infer<typeof pageQuery>,
  ): Promise<LogPage> => {
    const { cursor, limit, order, level: from } = query
    const dialect = await dialectOf(context, namespace, query)
    const place = { after: cursor, order, limit: limit + 1, kinds: kindsFrom(from) }
    const rows = await readLog(context.database.pool, namespace.id, of, place)
    const lines = rows.slice(0, limit).map((row) => logLineView(row, dialect))
    return { lines, next: rows.length > limit ? String(rows[limit - 1]!.id) : null }
  }
  const schemas = { tags: ['log'], querystring: pageQuery, response: { 200: pageSchema, ...failures } }

  app.get(
    '/runs/:run/log',
    { schema: { ...schemas, summary: 'What happened to a run', params: runParams } },
    async ({ params, query }) => {
      const namespace = await namespaceOf(context, params.namespace)
      return page(namespace, await ofRun(context, namespace, params), query)
    },
  )

  app.get(
    '/jobs/:job/log',
    { schema: { ...schemas, summary: 'What happened to a job and its runs', params: jobParams } },
    async ({ params, query }) => {
      const namespace = await namespaceOf(context, params.namespace)
      return page(namespace, await ofJob(context, namespace, params), query)
    },
  )
}

/** The same as files, made while they are sent. */
export const logFileRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  const fileSchemas = {
    tags: ['log'],
    description: 'Answers the file itself.',
    querystring: fileQuery,
    response: { 200: z.unknown(), ...failures },
  }

  app.get(
    '/runs/:run/log/file',
    { schema: { ...fileSchemas, summary: 'The log of a run as a file', params: runParams } },
    async ({ params, query }, reply) => {
      const { format } = query
      const namespace = await namespaceOf(context, params.namespace)
      const of = await ofRun(context, namespace, params)
      reply
        .header('content-disposition', `attachment; filename="${runName(params.run)}-log.${suffix[format]}"`)
        .header('accept-ranges', 'none')
      return reply.type(types[format]).send(Readable.from(fileOf(context, namespace, of, query)))
    },
  )

  app.get(
    '/jobs/:job/log/file',
    { schema: { ...fileSchemas, summary: 'The log of a job as a file', params: jobParams } },
    async ({ params, query }, reply) => {
      const { format } = query
      const namespace = await namespaceOf(context, params.namespace)
      const of = await ofJob(context, namespace, params)
      reply
        .header('content-disposition', `attachment; filename="job-log.${suffix[format]}"`)
        .header('accept-ranges', 'none')
      return reply.type(types[format]).send(Readable.from(fileOf(context, namespace, of, query)))
    },
  )
}

const suffix = { text: 'txt', jsonl: 'jsonl' } as const
