// Explaining one record: by its id, by a line of a file that was imported, or of one that was not.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { answerForLine } from '../core/explain/answer.ts'
import type { Explained, RunFacts } from '../core/explain/explained.ts'
import { importDefinitionSchema } from '../core/job.ts'
import { recordName, runName } from '../core/names.ts'
import type { RecordKey } from '../core/origin.ts'
import type { Problem } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { runFacts, runsOfContent, type ContentRun } from '../db/read/explain.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { explanationSchema, type ExplanationView } from './explanationView.ts'
import { explanationView } from './explainViews.ts'
import { namespaceParams, runParams } from './params.ts'
import { runIdParam } from './runId.ts'

const ordinal = z.coerce.number().int().min(1)

const contentQuery = z.object({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'lower-case hexadecimal, 64 digits')
    .optional()
    .meta({ description: 'Of the inflated content of the file.' }),
  run: runIdParam.optional().meta({ description: 'The run that read it, where that is known.' }),
  line: ordinal.optional().meta({ description: 'A line of the file, counted from 1.' }),
  record: ordinal.optional().meta({ description: 'The how many-th record of the file.' }),
})

const bodySchema = z.object({
  file: z.string().max(255).nullable().default(null),
  definition: importDefinitionSchema,
  record: z.object({
    ordinal,
    line: ordinal,
    lastLine: ordinal,
    offset: z.int().min(0),
    length: z.int().min(0),
    cells: z.array(z.string().nullable()).nullable(),
    bad: z
      .object({ code: z.string(), message: z.string(), column: z.string().optional() })
      .nullable()
      .default(null)
      .meta({ description: 'Why it cannot be read.' }),
    bytes: z.string().meta({ description: 'Its bytes, or the beginning of them, base64.' }),
  }),
})

export const explainRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  const tags = ['records']
  const response = { 200: explanationSchema, ...failures }
  app.get(
    '/runs/:run/records/:record/explanation',
    {
      schema: {
        tags,
        summary: 'What became of a record, step by step, and why',
        params: runParams.extend({ record: ordinal }),
        response,
      },
    },
    async (request) => {
      const { namespace: name, run, record } = request.params
      const namespace = await namespaceOf(context, name)
      return explanationView(
        context,
        namespace,
        await explained(context, namespace, { run, ordinal: record }),
      )
    },
  )

  app.get(
    '/explanations',
    {
      schema: {
        tags,
        summary: 'What became of a line of a file that was imported',
        params: namespaceParams,
        querystring: contentQuery,
        response,
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return explainContent(context, namespace, request.query)
    },
  )

  app.post(
    '/explanations',
    {
      schema: {
        tags,
        summary: 'What would become of a record of a file that was never imported',
        params: namespaceParams,
        body: bodySchema,
        response,
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return explainStranger(context, namespace, request.body)
    },
  )
}

async function explainStranger(
  context: ApiContext,
  namespace: Namespace,
  { definition, record, file }: z.infer<typeof bodySchema>,
): Promise<ExplanationView> {
  const { bytes, lastLine, bad, ...raw } = record
  const reading = {
    raw: { ...raw, bad: bad === null ? null : problemOf(bad), raw: null },
    bytes: Buffer.from(bytes, 'base64'),
    lastLine,
    columns: definition.columns,
    file,
  }
  const found = await context.explain.stranger(namespace, definition, reading)
  return explanationView(context, namespace, found, record.line)
}

function problemOf({
  column,
  ...bad
}: {
  code: string
  message: string
  column?: string | undefined
}): Problem {
  return column === undefined ? bad : { ...bad, column }
}

/** Throws `not_found` where there is no such run, or it never had such a record. */
async function explained(context: ApiContext, namespace: Namespace, key: RecordKey): Promise<Explained> {
  const found = await context.explain.record(namespace, key)
  if (found === undefined) throw failure('not_found', { noun: 'run', id: runName(key.run) })
  if (found.rows.length === 0 && found.raw === null)
    throw failure('not_found', { noun: 'record', id: recordName(key.run, key.ordinal) })
  return found
}

/** Runs of one content are looked at so far back. */
const runsMax = 50

async function explainContent(
  context: ApiContext,
  namespace: Namespace,
  { sha256 = '', run: runId, line, record }: z.infer<typeof contentQuery>,
): Promise<ExplanationView> {
  const { pool } = context.database
  const runs = runId === undefined ? await runsOfContent(pool, namespace, sha256, runsMax) : []
  const run = runId === undefined ? bestOf(runs) : (await runFacts(pool, namespace, [runId])).get(runId)
  if (run === undefined && runId !== undefined)
    throw failure('not_found', { noun: 'run', id: runName(runId) })
  if (run === undefined) throw failure('content.unknown')
  const others = runs.filter(
    ({ id, trigger, skippedFor }) => id !== run.id && trigger === 'manual' && skippedFor === null,
  )
  const otherIds = others.map(({ id }) => id)
  if (line === undefined) {
    const key = { run: run.id, ordinal: record ?? 1 }
    return explanationView(context, namespace, await explained(context, namespace, key), null, otherIds)
  }
  const content = await context.explain.line(namespace, run.id, line)
  if (content === undefined) throw failure('content.unknown')
  if (content.what !== 'record')
    return noRecord(answerForLine(line, content, run.file ?? 'The file'), run, otherIds)
  const [first, ...rest] = content.records
  const found = await explained(context, namespace, { run: run.id, ordinal: first!.ordinal })
  return explanationView(
    context,
    namespace,
    { ...found, alsoHere: rest.map((one) => one.ordinal) },
    line,
    otherIds,
  )
}

/** The newest run that wrote something and stands; else the newest that was undone; else one that only tried. */
function bestOf(runs: readonly ContentRun[]): ContentRun | undefined {
  // Retries of chosen records read the content of their parent; a corrected error file has only runs that retry.
  const manual = runs.filter(({ trigger }) => trigger === 'manual')
  const own = manual.length > 0 ? manual : runs.filter(({ trigger }) => trigger === 'retry')
  const real = own.filter(({ dryRun, skippedFor }) => !dryRun && skippedFor === null)
  return (
    real.find(({ state }) => state !== 'reverted' && state !== 'failed') ??
    real.find(({ state }) => state === 'reverted') ??
    own.find(({ skippedFor }) => skippedFor === null) ??
    own[0]
  )
}

function noRecord(answer: string, run: RunFacts, otherRuns: readonly number[]): ExplanationView {
  return {
    answer,
    record: null,
    file: run.file,
    line: null,
    lastLine: null,
    run: null,
    otherRuns: [run.id, ...otherRuns].map(runName),
    alsoHere: [],
    rows: [],
    read: null,
    map: [],
    checks: [],
    decided: null,
    now: null,
    later: null,
  }
}
