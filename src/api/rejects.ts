// The rows that failed, page by page as the error file has them; and mending them: a child run of what was corrected.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { compileFixes, fixesSchema, isSame } from '../core/fixes.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import {
  errorFileHeader,
  mendedFile,
  readRejects,
  type ErrorFile,
  type RejectRow,
} from '../formats/rejects.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { importAnswer, importAnswerSchema } from './imports.ts'
import { landUpload } from './landUpload.ts'
import { runParams } from './params.ts'
import { whoOf } from './who.ts'

const rejectSchema = z.object({
  record: z.int().meta({ description: 'The how many-th record of its run.' }),
  line: z.int().meta({ description: 'The line of the imported file where it begins.' }),
  code: z.string(),
  column: z.string().nullable().meta({ description: 'The column it is about, where it is about one.' }),
  message: z.string(),
  cells: z.array(z.string().nullable()).meta({ description: 'As the file had them; one for each column.' }),
  raw: z
    .string()
    .nullable()
    .meta({ description: 'The row as it stands in the file, where it has no cells.' }),
})

export const rejectPageSchema = z
  .object({
    columns: z.array(z.string()),
    rows: z.array(rejectSchema),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'RejectPage' })

const query = z.object({
  code: z.string().max(100).optional().meta({ description: 'Only rows that failed with this code.' }),
  column: z.string().max(1_000).optional().meta({ description: 'Only rows that failed at this column.' }),
  cursor: z.coerce.number().int().min(0).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

/** Bytes of an error file that one request looks through: a page may be short, its cursor goes on. */
const lookedAtMax = 32 << 20

export const rejectRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/runs/:run/rejects',
    {
      schema: {
        tags: ['runs'],
        summary: 'The rows that failed, as the file has them',
        params: runParams,
        querystring: query,
        response: { 200: rejectPageSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const open = await openErrorFile(context, namespace, request.params.run)
      const page = await pageOf(open, request.query)
      return { columns: [...open.file.columns], ...page }
    },
  )

  app.post(
    '/runs/:run/fixes',
    {
      schema: {
        tags: ['runs'],
        summary: 'Mend rows that failed, and import just those',
        description:
          'Makes a child run of the rows that the fixes change, with the mapping of the run; the others stay as they failed. With dryRun it only says what would become of them.',
        params: runParams,
        body: fixesSchema.extend({ dryRun: z.boolean().default(false) }),
        response: {
          201: importAnswerSchema.extend({
            rows: z.int().meta({ description: 'Rows that the fixes change.' }),
          }),
          ...failures,
        },
      },
    },
    async (request, reply) => {
      const { dryRun, ...fixes } = request.body
      const namespace = await namespaceOf(context, request.params.namespace)
      const open = await openErrorFile(context, namespace, request.params.run)
      const counted = { rows: 0 }
      const mend = compileFixes(fixes, open.file.columns)
      const content = mendedFile(open.file, open.rows(open.file.start), mend, counted)
      const name = `${runName(request.params.run)}-mended.csv`
      const { id } = await landUpload(context, namespace, name, content)
      if (counted.rows === 0) throw failure('fixes.nothing')
      const how = { again: false, dryRun, by: whoOf(request) }
      const started = await context.corrections.start(namespace, id, {}, how)
      if (started === null) throw failure('corrections.none')
      return reply.code(201).send({ ...importAnswer(started), rows: counted.rows })
    },
  )
}

interface OpenErrorFile {
  readonly file: ErrorFile
  readonly rows: (from: number) => AsyncGenerator<RejectRow>
}

/** Throws `not_found` where the run has no error file, or none any more. */
async function openErrorFile(context: ApiContext, namespace: Namespace, run: number): Promise<OpenErrorFile> {
  const row = await runOf(context, namespace, run)
  const artifact = row.artifacts.errors
  if (artifact === undefined) throw failure('not_found', { noun: 'error file', id: `of ${runName(run)}` })
  const { key } = artifact
  const bytes = artifact.bytes ?? (await context.blobs.size(key)) ?? 0
  async function* from(offset: number): AsyncGenerator<Uint8Array> {
    for (let at = offset; at < bytes; at += blockBytes)
      yield await context.blobs.read(key, at, Math.min(blockBytes, bytes - at))
  }
  const file = await errorFileHeader(from(0))
  return { file, rows: (offset) => readRejects(file, from(offset), offset) }
}

const blockBytes = 1 << 18

type Page = Pick<z.infer<typeof rejectPageSchema>, 'rows' | 'next'>

async function pageOf(
  { file, rows }: OpenErrorFile,
  { code, column, cursor, limit }: z.infer<typeof query>,
): Promise<Page> {
  const begin = Math.max(file.start, cursor ?? 0)
  const found: Page['rows'] = []
  let place = begin
  for await (const { ordinal, cause, line, message, cells, raw, end } of rows(begin)) {
    if (found.length === limit || end - begin > lookedAtMax) return { rows: found, next: String(place) }
    place = end
    const wanted = code === undefined || isSame({ code, column }, cause)
    if (wanted) found.push({ record: ordinal, line, ...cause, message, cells: [...cells], raw })
  }
  return { rows: found, next: null }
}
