// Sampling (BC-07 to BC-09, BS-D11): the beginning of the real source is read, and a mapping proposed; and the template of a job.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import { sampleSource } from '../connectors/sample.ts'
import { dialectHintsSchema, type Dialect } from '../core/dialect.ts'
import { headerKey } from '../core/headers.ts'
import { importDefinitionSchema } from '../core/job.ts'
import { recall, type HeaderNews } from '../core/mappingMemory.ts'
import { runName } from '../core/names.ts'
import { SluiceError, type Problem } from '../core/problem.ts'
import { failure, problem } from '../core/problems.ts'
import { sampleFailure } from '../core/sampleFailure.ts'
import { templateOf } from '../core/template.ts'
import { listAttributes } from '../db/attributes.ts'
import type { Namespace } from '../db/imports.ts'
import { lockJob, noteSample, saveVersion, type LockedJob } from '../db/jobs.ts'
import { findRemembered } from '../db/mappingMemory.ts'
import { moveJob } from '../db/moves.ts'
import { findJobById } from '../db/read/jobs.ts'
import { findLanding } from '../db/read/sources.ts'
import { partHints, type Part } from '../formats/containers/kind.ts'
import { inspectSample, type InspectReport } from '../formats/inspect.ts'
import { summarise } from '../formats/summarise.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'
import { inspectionSchema } from './inspect.ts'
import { withLockedJob } from './jobLock.ts'
import { jobOf, jobParams } from './jobParams.ts'
import { detailOf } from './jobs.ts'
import { jobDetailSchema, type JobDetail } from './jobView.ts'
import { whoOf } from './who.ts'

const sampleBody = z
  .object({
    upload: z
      .uuid()
      .optional()
      .meta({ description: 'A file to sample; without it the source of the job is read.' }),
    dialect: dialectHintsSchema
      .default({})
      .meta({ description: 'What is known already; the rest is detected.' }),
    country: z
      .string()
      .length(2)
      .optional()
      .meta({ description: 'Country of phone numbers without a code.' }),
    memory: z.boolean().default(true).meta({ description: 'Use what is remembered of such a header.' }),
  })
  .default({ dialect: {}, memory: true })
type SampleOrder = z.infer<typeof sampleBody>

const newsSchema = z.object({
  kind: z.enum(['new', 'gone', 'renamed', 'changed', 'left']),
  column: z.string(),
  text: z.string(),
})

const sampleSchema = inspectionSchema
  .extend({
    file: z.string(),
    rows: z
      .array(z.array(z.string().nullable()))
      .meta({ description: 'The first ten records, in the order of the columns.' }),
    mappingFrom: z.string().nullable().meta({ description: 'The run whose mapping was remembered.' }),
    news: z
      .array(newsSchema)
      .meta({ description: 'What is different from that run: columns that are new, gone or renamed.' }),
  })
  .meta({ id: 'JobSampleView' })
export type JobSampleView = z.infer<typeof sampleSchema>

const sampledSchema = z
  .object({
    job: jobDetailSchema.meta({
      description: 'In the state sampling_failed, with a problem, where it was not understood.',
    }),
    sample: sampleSchema.nullable(),
  })
  .meta({ id: 'SampledJob' })
export type SampledJob = z.infer<typeof sampledSchema>

export const sampleRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/jobs/:job/sample',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Read a sample of the source and propose how it is read and mapped',
        description: 'What it proposes becomes a new version of the draft.',
        params: jobParams,
        body: sampleBody,
        response: { 200: sampledSchema, ...failures },
      },
    },
    async (request) => {
      const { params, body } = request
      const by = whoOf(request)
      const { namespace, job } = await jobOf(context, params)
      await withLockedJob(context, params, async ({ client, locked, demand }) => {
        demand('sample')
        if (locked.setup.source.kind === 'upload' && body.upload === undefined && !locked.sample?.landing)
          throw failure('job.no_file', { job: locked.name })
        await moveJob(client, locked.id, 'sample', { problem: null, by })
      })
      return sample(context, namespace, job.id, body, by)
    },
  )

  app.get(
    '/jobs/:job/sample',
    {
      schema: {
        tags: ['jobs'],
        summary: 'Look at a sample of the source once more; nothing about the job changes',
        description:
          'It is read as the job reads it; what it would propose is shown beside what the job does.',
        params: jobParams,
        response: { 200: sampleSchema, ...failures },
      },
    },
    async (request) => {
      const { namespace, job } = await jobOf(context, request.params)
      const { setup, definition } = await detailOf(context, job)
      const dialect = definition.columns.length === 0 ? {} : definition.dialect
      const order = { dialect, memory: true }
      const about = { setup, sample: job.sample, name: job.name }
      const look = await lookAt(context, namespace, about, order)
      return sampleView(look, await propose(context, namespace, about, look, order))
    },
  )

  await app.register(templateRoute, { context })
}

const templateRoute: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/jobs/:job/template',
    {
      schema: {
        tags: ['jobs'],
        summary: 'A CSV file that fits the job: its header and one example row',
        description: 'Answers the file itself.',
        params: jobParams,
        response: { 200: z.string(), ...failures },
      },
    },
    async (request, reply) => {
      const { job } = await jobOf(context, request.params)
      const { definition, mapped } = await detailOf(context, job)
      if (!mapped) throw failure('job.no_mapping', { job: job.name })
      return reply.type('text/csv; charset=utf-8').serializer(String).send(templateOf(definition))
    },
  )
}

interface Look {
  readonly file: string
  readonly landing: string | null
  readonly report: InspectReport
}

/** The job is in the state `sampling`; whatever happens, it leaves it. */
async function sample(
  context: ApiContext,
  namespace: Namespace,
  id: number,
  order: SampleOrder,
  by: string,
): Promise<z.infer<typeof sampledSchema>> {
  try {
    const locked = await context.database.transaction((client) => lockJob(client, namespace, id))
    if (locked === undefined) throw failure('not_found', { noun: 'job', id })
    const look = await lookAt(context, namespace, locked, order)
    const proposed = await propose(context, namespace, locked, look, order)
    const job = await keep(context, namespace, id, look, proposed, by)
    return { job, sample: sampleView(look, proposed) }
  } catch (error) {
    const found =
      error instanceof SluiceError
        ? sampleFailure(error.problem)
        : problem('internal', { detail: 'the sample' })
    await moveJob(context.database.pool, id, 'fail_sampling', { problem: found, by })
    if (!(error instanceof SluiceError)) throw error
    return { job: await detailById(context, namespace, id), sample: null }
  }
}

function sampleView({ file, report }: Look, { proposal, from, news }: Proposed): JobSampleView {
  const rows = report.firstRecords.slice(0, 10).map(({ cells }) => [...(cells ?? [])])
  return { ...summarise({ ...report, proposal }), file, rows, mappingFrom: from, news: [...news] }
}

/** Of a job, what a look at its sample needs. */
type Sampled = Pick<LockedJob, 'setup' | 'sample' | 'name'>

async function lookAt(
  context: ApiContext,
  namespace: Namespace,
  { setup, sample: before, name }: Sampled,
  { upload, dialect, country }: SampleOrder,
): Promise<Look> {
  const attributes = await listAttributes(context.database.pool, namespace.id)
  const given = Object.fromEntries(Object.entries(dialect).filter(([, value]) => value !== undefined))
  const options = {
    hints: given as Partial<Dialect>,
    attributes,
    ...(country === undefined ? {} : { country }),
  }
  const landing = upload ?? (setup.source.kind === 'upload' ? before?.landing : undefined)
  if (landing === undefined || landing === null) {
    if (setup.source.kind === 'upload') throw failure('job.no_file', { job: name })
    const { file, report } = await sampleSource(setup.source, context.sourceIo(namespace), options)
    return { file: file.name, landing: null, report }
  }
  const found = await findLanding(context.database.pool, namespace, landing)
  if (found === undefined) throw failure('not_found', { noun: 'upload', id: landing })
  if (found.contents !== null) throw failure('container.whole', { upload: landing })
  const hints =
    found.part === null ? options.hints : { ...options.hints, ...partHints((found.part as Part).noun) }
  const content = readLanding(context.blobs, found.manifest as LandingManifest)
  return { file: found.fileName, landing, report: await inspectSample(content, { ...options, hints }) }
}

interface Proposed {
  readonly proposal: InspectReport['proposal']
  readonly from: string | null
  readonly news: readonly HeaderNews[]
}

/** What the sample suggests, with what is remembered of such a header laid over it. */
async function propose(
  context: ApiContext,
  namespace: Namespace,
  { name }: Sampled,
  { report }: Look,
  { memory }: SampleOrder,
): Promise<Proposed> {
  const { proposal, dialect, columns } = report
  const key = headerKey(
    columns.map(({ column }) => column),
    dialect,
    name,
  )
  const found =
    !memory || key === null ? undefined : await findRemembered(context.database.pool, namespace.id, key)
  if (found === undefined) return { proposal, from: null, news: [] }
  const from = runName(found.run)
  return { ...recall(proposal, columns, { run: from, ...found.definition }), from }
}

/** Stores the proposal as a new version of the draft; without an identifier the mapping is still to be made. */
async function keep(
  context: ApiContext,
  namespace: Namespace,
  id: number,
  { file, landing, report }: Look,
  { proposal }: Proposed,
  by: string,
): Promise<JobDetail> {
  if (report.records === 0) throw failure('breaker.empty')
  const columns = report.columns.map(({ column }) => column)
  await context.database.transaction(async (client) => {
    const locked = await lockJob(client, namespace, id)
    if (locked === undefined) throw failure('not_found', { noun: 'job', id })
    const { dialect } = report
    const definition = importDefinitionSchema.parse({
      ...locked.definition,
      dialect,
      columns,
      mapping: proposal.mapping,
    })
    await saveVersion(client, locked, locked.kind, { setup: locked.setup, definition, by })
    const questions = proposal.ambiguities
    await noteSample(client, id, { landing, file, records: report.records, at: context.now(), questions })
    const found = faultOf(proposal.mapping.columns, file)
    await moveJob(client, id, found === null ? 'sampled' : 'fail_sampling', { problem: found, by })
  })
  return detailById(context, namespace, id)
}

function faultOf(columns: readonly { target: { to: string } }[], file: string): Problem | null {
  if (columns.some(({ target }) => target.to === 'identifier')) return null
  return sampleFailure(problem('mapping.no_identifier'), file)
}

async function detailById(context: ApiContext, namespace: Namespace, id: number): Promise<JobDetail> {
  const row = await findJobById(context.database.pool, namespace, id)
  if (row === undefined) throw failure('not_found', { noun: 'job', id })
  return detailOf(context, row)
}
