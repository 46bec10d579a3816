// The bulk endpoints: a body of any size becomes an import in one request (requirements LY-29, LY-31, LY-D10).
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { toCounters } from '../core/law.ts'
import { runName } from '../core/names.ts'
import { isSettled, runMachine } from '../core/run.ts'
import { forgetLanding } from '../db/landings.ts'
import type { Namespace } from '../db/imports.ts'
import type { RunRow } from '../db/read/runs.ts'
import { failures } from './answers.ts'
import { fileIn, takeStreams } from './body.ts'
import { csvQuery, isOn, jsonQuery, type BulkQuery } from './bulkParams.ts'
import { readBulk, type BulkFormat, type BulkReading } from './bulkRead.ts'
import { isOver, waitForRun } from './bulkWait.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { importAnswer, importAnswerSchema, orderImport } from './imports.ts'
import { whoOf } from './who.ts'
import { landUpload } from './landUpload.ts'
import { namespaceParams } from './params.ts'
import { runIdText } from './runId.ts'
import { problemView, problemViewSchema } from './runView.ts'
import { baseName } from './uploads.ts'

const count = z.int().min(0).nullable()

export const bulkAnswerSchema = importAnswerSchema
  .extend({
    job: z.string(),
    upload: z.uuid().meta({ description: 'The body as it landed.' }),
    state: z.enum(Object.keys(runMachine.states) as [keyof typeof runMachine.states]),
    over: z.boolean().meta({ description: 'Nothing moves by itself any more; false: ask links.run again.' }),
    dryRun: z.boolean(),
    message_count: count.meta({
      description:
        'Records in the body; of a skipped import those of the run that did it. Null: not counted yet.',
    }),
    rejected_count: count.meta({
      description: 'Of them, those that failed or would fail. Null: not known yet.',
    }),
    problem: problemViewSchema.nullable().meta({ description: 'Why the run is held or went wrong.' }),
    mappingFrom: runIdText.nullable().meta({ description: 'The run whose mapping was remembered for it.' }),
    fields: z
      .array(z.object({ field: z.string(), becomes: z.string() }))
      .meta({ description: 'What each field becomes, as `map` takes it.' }),
    unmapped: z.array(z.string()).meta({
      description:
        'Fields that came only after the beginning of a large body, so that nobody had mapped them: their values were left out. Known when it is over.',
    }),
    warnings: z.array(z.string()),
    links: z.object({
      run: z.string(),
      errors: z.string().meta({ description: 'What went wrong, by cause.' }),
      errorFile: z
        .string()
        .nullable()
        .meta({ description: 'Records that failed, as a file to correct; null: there is none, or not yet.' }),
    }),
  })
  .meta({ id: 'BulkAnswer' })
export type BulkAnswer = z.infer<typeof bulkAnswerSchema>

const dryRunWait = 60

const description = (what: string): string =>
  `The body is ${what}, of any size; plain, or packed with gzip or zstd. It lands whole before anything is imported: a body that breaks off leaves nothing. The same body twice is imported once. Fields are mapped as they were the last time for such a header, or as proposed; the answer says how.`

export const bulkRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  takeStreams(app)
  const answers = {
    200: bulkAnswerSchema.meta({ description: 'It is over: imported, tried dry, held, or imported before.' }),
    202: bulkAnswerSchema.meta({ description: 'It is under way.' }),
    ...failures,
  }
  app.post(
    '/bulk/csv',
    {
      schema: {
        tags: ['bulk'],
        summary: 'Import CSV in one request',
        description: description('CSV'),
        params: namespaceParams,
        querystring: csvQuery,
        response: answers,
      },
    },
    async (request, reply) => {
      const answer = await importBody(context, request, reply, 'csv', request.params.namespace, request.query)
      return reply.code(answer.over ? 200 : 202).send(answer)
    },
  )
  app.post(
    '/bulk/json',
    {
      schema: {
        tags: ['bulk'],
        summary: 'Import JSON in one request',
        description: description('a JSON list of objects, or JSON objects one a line'),
        params: namespaceParams,
        querystring: jsonQuery,
        response: answers,
      },
    },
    async (request, reply) => {
      const answer = await importBody(
        context,
        request,
        reply,
        'json',
        request.params.namespace,
        request.query,
      )
      return reply.code(answer.over ? 200 : 202).send(answer)
    },
  )
}

async function importBody(
  context: ApiContext,
  request: FastifyRequest,
  reply: FastifyReply,
  format: BulkFormat,
  name: string,
  query: BulkQuery,
): Promise<BulkAnswer> {
  const namespace = await namespaceOf(context, name)
  const fileName = query.filename === undefined ? `bulk.${format}` : baseName(query.filename)
  const { id: upload } = await landUpload(context, namespace, fileName, await fileIn(request))
  const job = query.job ?? (query.filename === undefined ? 'bulk' : fileName)
  const dryRun = isOn(query.dryrun)
  try {
    const reading = await readBulk(context, namespace, { format, query, job, upload })
    const started = await orderImport(
      context,
      namespace,
      {
        upload,
        job,
        definition: reading.definition,
        again: isOn(query.again),
        dryRun,
        skipSeen: false,
        sampled: reading.sampled,
        mappingFrom: reading.mappingFrom,
        unfinished: query.unfinished,
      },
      whoOf(request),
    )
    const gone = new AbortController()
    reply.raw.once('close', () => gone.abort())
    const seconds = query.wait ?? (dryRun ? dryRunWait : 0)
    const row = await waitForRun(context, namespace, started.runId, seconds, gone.signal)
    const counted = started.by === undefined ? row : await runOf(context, namespace, started.by)
    void reply.header('location', linksOf(namespace, row).run)
    return {
      ...importAnswer(started),
      ...stateOf(namespace, row),
      ...countsOf(counted),
      ...readingOf(reading),
      upload,
    }
  } catch (error) {
    await forget(context, namespace, upload)
    throw error
  }
}

/** Nothing stays of a body that was refused. */
async function forget(context: ApiContext, namespace: Namespace, upload: string): Promise<void> {
  const key = await forgetLanding(context.database.pool, namespace.id, upload)
  if (key !== undefined) await context.blobs.remove(key)
}

function linksOf(namespace: Namespace, row: RunRow): BulkAnswer['links'] {
  const run = `/v1/namespaces/${namespace.name}/runs/${runName(row.id)}`
  const errorFile = row.artifacts['errors'] === undefined ? null : `${run}/artifacts/errors`
  return { run, errors: `${run}/errors`, errorFile }
}

function stateOf(namespace: Namespace, row: RunRow) {
  return {
    job: row.job,
    state: row.state,
    over: isOver(row),
    dryRun: row.settings['dryRun'] === true,
    problem: row.problem === null ? null : problemView(row.problem),
    unmapped: [...((row.validation?.['unmapped'] ?? []) as readonly string[])],
    links: linksOf(namespace, row),
  }
}

function readingOf({ mappingFrom, fields, warnings }: BulkReading) {
  return {
    mappingFrom: mappingFrom === undefined ? null : runName(mappingFrom),
    fields: [...fields],
    warnings: [...warnings],
  }
}

function countsOf(row: RunRow): Pick<BulkAnswer, 'message_count' | 'rejected_count'> {
  return { message_count: row.total, rejected_count: isOver(row) ? rejectedOf(row) : null }
}

/** Before the first write there is no ledger: the dry run, or the check of all records, knows what would fail. */
function rejectedOf({ counters, validation, total, state }: RunRow): number | null {
  const dry = validation?.['dryRun'] as { readonly counters?: Readonly<Record<string, number>> } | undefined
  if (dry?.counters !== undefined) return failedIn(dry.counters)
  if (isSettled(state)) return toCounters(counters, total ?? 0).failed.total
  const rejects = (validation?.['rejects'] ?? {}) as Readonly<Record<string, { readonly count: number }>>
  return Object.values(rejects).reduce((sum, { count: of }) => sum + of, 0)
}

function failedIn(counters: Readonly<Record<string, number>>): number {
  return Object.entries(counters).reduce((sum, [key, of]) => (key.startsWith('failed.') ? sum + of : sum), 0)
}
