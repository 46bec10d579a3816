// Looking into an upload: how it would be read and mapped; and its content back.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import { dialectHintsSchema, dialectSchema } from '../core/dialect.ts'
import { headerKey } from '../core/headers.ts'
import { columnMappingSchema, mappingSchema, writePolicySchema } from '../core/mapping.ts'
import { recall } from '../core/mappingMemory.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { listAttributes } from '../db/attributes.ts'
import type { Namespace } from '../db/imports.ts'
import { findRemembered } from '../db/mappingMemory.ts'
import { findLanding, type FoundLanding } from '../db/read/sources.ts'
import { partHints, type Part } from '../formats/containers/kind.ts'
import { inspectSample, type InspectReport } from '../formats/inspect.ts'
import { summarise } from '../formats/summarise.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { uploadView } from './landUpload.ts'
import { rememberedAbout } from './mappings.ts'
import { namespaceParams } from './params.ts'
import { fileAnswers, landingPart, sendFile } from './ranges.ts'
import { uploadViewSchema } from './uploadView.ts'

const params = namespaceParams.extend({ upload: z.uuid() })

const body = z.object({
  dialect: dialectHintsSchema
    .default({})
    .meta({ description: 'What is known already; the rest is detected.' }),
  country: z.string().length(2).optional().meta({ description: 'Country of phone numbers without a code.' }),
  job: z.string().max(200).optional().meta({
    description:
      'The job it is to be imported as: the mapping that is remembered for such a file then takes the place of what is proposed.',
  }),
})

const noteSchema = z.object({ column: z.string().nullable(), text: z.string() })

const rememberedSchema = z.object({
  ...rememberedAbout,
  exact: z.boolean().meta({ description: 'False: the header is a similar one.' }),
  policy: writePolicySchema,
  news: z
    .array(
      z.object({
        kind: z.enum(['new', 'gone', 'renamed', 'changed', 'left']),
        column: z.string(),
        text: z.string(),
      }),
    )
    .meta({ description: 'What is different in this file.' }),
})

export const inspectionSchema = z
  .object({
    whole: z.boolean().meta({ description: 'False: only the beginning of the file was read.' }),
    records: z.int(),
    bad: z.int().meta({ description: 'Records among them that cannot be read.' }),
    dialect: dialectSchema,
    columns: z.array(
      z.object({
        column: z.string(),
        fillRate: z.number(),
        distinct: z.int(),
        examples: z.array(z.string()),
        becomes: z.string().meta({ description: 'As --map takes it: @email, birth_date:date.' }),
        reason: z.string(),
      }),
    ),
    firstRows: z
      .array(z.object({ line: z.int(), cells: z.array(z.string().nullable()) }))
      .meta({ description: 'The first rows that can be read, a cell for each column.' }),
    mapping: mappingSchema,
    ambiguities: z.array(
      z.object({
        column: z.string().nullable(),
        about: z.enum(['date_order', 'decimal', 'identifier', 'remembered']),
        question: z.string(),
        examples: z.array(z.string()),
        flags: z
          .array(z.string())
          .meta({ description: 'Flags of the command line that answer it, one each.' }),
        choices: z.array(columnMappingSchema).optional().meta({
          description: 'What the column becomes with each answer, where a flag alone cannot say it.',
        }),
      }),
    ),
    warnings: z.array(noteSchema),
    notes: z.array(noteSchema),
    remembered: rememberedSchema.nullable().optional().meta({
      description: 'Whose mapping was taken; null: nothing is remembered. Only where a job was named.',
    }),
  })
  .meta({ id: 'Inspection' })
export type Inspection = z.infer<typeof inspectionSchema>

export const inspectRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/uploads/:upload/inspect',
    {
      schema: {
        tags: ['uploads'],
        summary: 'How the file would be read and mapped, by its beginning',
        params,
        body,
        response: { 200: inspectionSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const landing = await landingOf(context, namespace, request.params.upload)
      if (landing.contents !== null) throw failure('container.whole', { upload: request.params.upload })
      const attributes = await listAttributes(context.database.pool, namespace.id)
      const { dialect, country, job } = request.body
      const given = Object.fromEntries(Object.entries(dialect).filter(([, value]) => value !== undefined))
      const known = landing.part === null ? {} : partHints((landing.part as Pick<Part, 'noun'>).noun)
      const report = await inspectSample(contentOf(context, landing), {
        hints: { ...given, ...known },
        attributes,
        ...(country === undefined ? {} : { country }),
      })
      if (job === undefined) return summarise(report)
      return withMemory(context, namespace, job, report)
    },
  )
  await app.register(uploadRoutes, { context })
}

/** An upload itself, and what is in it. */
const uploadRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/uploads/:upload',
    {
      schema: {
        tags: ['uploads'],
        summary: 'One upload',
        params,
        response: { 200: uploadViewSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { upload } = request.params
      return uploadView(upload, await landingOf(context, namespace, upload))
    },
  )

  app.get(
    '/uploads/:upload/content',
    {
      schema: {
        tags: ['uploads'],
        summary: 'The inflated content, byte for byte',
        description: 'Answers the file itself, or with Range a part of it.',
        params,
        response: { ...fileAnswers, ...failures },
      },
    },
    async (request, reply) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const landing = await landingOf(context, namespace, request.params.upload)
      const manifest = landing.manifest as LandingManifest
      return sendFile(request, reply, {
        tag: manifest.contentSha256,
        bytes: manifest.contentBytes,
        type: 'application/octet-stream',
        read: (start, end) => landingPart(context.blobs, manifest, start, end),
      })
    },
  )
}

async function landingOf(context: ApiContext, namespace: Namespace, upload: string): Promise<FoundLanding> {
  const landing = await findLanding(context.database.pool, namespace, upload)
  if (landing === undefined) throw failure('not_found', { noun: 'upload', id: upload })
  return landing
}

function contentOf(context: ApiContext, landing: FoundLanding): AsyncIterable<Uint8Array> {
  return readLanding(context.blobs, landing.manifest as LandingManifest)
}

/** The report with what is remembered of such files in place of what was guessed. */
async function withMemory(
  context: ApiContext,
  namespace: Namespace,
  job: string,
  report: InspectReport,
): Promise<Inspection> {
  const columns = report.columns.map(({ column }) => column)
  const key = headerKey(columns, report.dialect, job)
  const found = key === null ? undefined : await findRemembered(context.database.pool, namespace.id, key)
  if (found === undefined) return { ...summarise(report), remembered: null }
  const { definition, ...about } = found
  const run = runName(found.run)
  const { proposal, news } = recall(report.proposal, report.columns, { run, ...definition })
  const { policy } = definition
  return {
    ...summarise({ ...report, proposal }),
    remembered: { ...about, run, policy, news: news.map((one) => ({ ...one })) },
  }
}
