// The rows that failed, page by page as the error file has them.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { isSame } from '../core/fixes.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { lookedAtMax, openErrorFile, type OpenErrorFile } from './errorFiles.ts'
import { runParams } from './params.ts'

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
    skipped: z
      .int()
      .meta({ description: 'Rows that were passed over: fewer than asked for where the page is short.' }),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'RejectPage' })

const query = z.object({
  code: z.string().max(100).optional().meta({ description: 'Only rows that failed with this code.' }),
  column: z.string().max(1_000).optional().meta({ description: 'Only rows that failed at this column.' }),
  open: z.stringbool().default(false).meta({ description: 'Only rows that no later run has mended.' }),
  cursor: z.coerce.number().int().min(0).optional(),
  skip: z.coerce.number().int().min(0).default(0).meta({
    description: 'So many of the rows are passed over first; for looking at the middle of a long list.',
  }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
})

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
}

type Page = Omit<z.infer<typeof rejectPageSchema>, 'columns'>

async function pageOf(
  { file, rows, openRows }: OpenErrorFile,
  { code, column, cursor, limit, skip, open }: z.infer<typeof query>,
): Promise<Page> {
  const begin = Math.max(file.start, cursor ?? 0)
  const found: Page['rows'] = []
  let place = begin
  let skipped = 0
  for await (const { ordinal, cause, line, message, cells, raw, end } of open
    ? openRows(begin)
    : rows(begin)) {
    if (found.length === limit || end - begin > lookedAtMax)
      return { rows: found, skipped, next: String(place) }
    place = end
    const wanted = code === undefined || isSame({ code, column }, cause)
    if (!wanted) continue
    if (skipped < skip) skipped++
    else found.push({ record: ordinal, line, ...cause, message, cells: [...cells], raw })
  }
  return { rows: found, skipped, next: null }
}
