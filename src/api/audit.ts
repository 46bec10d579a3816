// The audit over HTTP: by page with filters, and as a file. Nothing here writes or removes a line.
import { Readable } from 'node:stream'
import type { FastifyReply } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { auditVias } from '../core/audit.ts'
import { readAudit, type AuditFilter, type AuditLine } from '../db/audit.ts'
import { csvLine } from '../formats/writeCsv.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams, pageLimit, timeText } from './params.ts'
import type { PeopleOptions } from './peopleSchemas.ts'

const lineSchema = z
  .object({
    at: z.string(),
    namespace: z.string().nullable().meta({ description: 'Null: it concerns the whole installation.' }),
    who: z.string(),
    via: z.enum(auditVias).meta({
      description: 'How they came: socket and home_token: at this machine; none: not signed in.',
    }),
    address: z.string().nullable().meta({ description: 'From where; null: at this machine.' }),
    action: z.string().meta({ description: 'For example runs.stop.' }),
    what: z.string().nullable().meta({ description: 'What it was done to.' }),
    did: z.string().meta({ description: 'The action in words.' }),
    result: z.string().meta({ description: 'done, or the code of the problem it was refused with.' }),
    asked: z.unknown().meta({ description: 'The request, without secrets.' }),
    before: z.unknown().meta({ description: 'What differed, before.' }),
    after: z.unknown().meta({ description: 'What differed, after.' }),
  })
  .meta({ id: 'AuditView' })

const pageSchema = z
  .object({
    lines: z.array(lineSchema),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'AuditPage' })
export type AuditPage = z.infer<typeof pageSchema>

const filterSchema = z.object({
  who: z.string().optional(),
  action: z.string().optional().meta({ description: 'runs, or runs.stop.' }),
  what: z.string().optional().meta({ description: 'For example r1042.' }),
  result: z.enum(['done', 'refused']).optional(),
  address: z.string().optional(),
  from: timeText.optional().meta({ description: 'Not before.' }),
  to: timeText.optional().meta({ description: 'Before.' }),
})
const pageQuery = filterSchema.extend({ cursor: z.coerce.number().int().min(1).optional(), limit: pageLimit })
const fileQuery = filterSchema.extend({ format: z.enum(['csv', 'jsonl']).default('csv') })

async function pageOf(
  context: ApiContext,
  namespace: string | null,
  { cursor, limit, ...filter }: z.infer<typeof pageQuery>,
): Promise<AuditPage> {
  const place = { before: cursor, limit: limit + 1 }
  const rows = await readAudit(context.database.pool, namespace, filter, place)
  const page = rows.slice(0, limit)
  return { lines: page, next: rows.length > limit ? String(page.at(-1)!.id) : null }
}

const columns = [
  'at',
  'who',
  'via',
  'address',
  'action',
  'what',
  'did',
  'result',
  'asked',
  'before',
  'after',
] as const

/** Page by page: however long it is, little of it is in memory. */
async function* fileOf(
  context: ApiContext,
  namespace: string | null,
  filter: AuditFilter,
  format: 'csv' | 'jsonl',
): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine([...columns])
  for (let before: number | undefined; ;) {
    const rows = await readAudit(context.database.pool, namespace, filter, { before, limit: 500 })
    if (rows.length === 0) return
    yield rows.map((row) => (format === 'csv' ? csvOf(row) : `${JSON.stringify(row)}\n`)).join('')
    before = rows.at(-1)!.id
  }
}

function csvOf(row: AuditLine): string {
  return csvLine(
    columns.map((column) => {
      const value = row[column]
      if (value === null || value === undefined) return ''
      const text = typeof value === 'string' ? value : JSON.stringify(value)
      // People open it in a spreadsheet, and parts of it are what strangers typed: nothing in it is a formula.
      return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
    }),
  )
}

const types = { csv: 'text/csv; charset=utf-8', jsonl: 'application/x-ndjson' } as const

function sendFile(reply: FastifyReply, lines: AsyncGenerator<string>, format: 'csv' | 'jsonl'): FastifyReply {
  return reply
    .type(types[format])
    .header('content-disposition', `attachment; filename="audit.${format}"`)
    .header('accept-ranges', 'none')
    .serializer((payload: unknown) => payload as string)
    .send(Readable.from(lines))
}

const file = {
  description: 'Answers the file itself.',
  querystring: fileQuery,
  response: { 200: z.unknown(), ...failures },
}

/** The audit of a namespace; also of one that was dropped, for who looks after the installation. */
export const auditRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['audit'],
        summary: 'Who did what, when and from where, newest first',
        params: namespaceParams,
        querystring: pageQuery,
        response: { 200: pageSchema, ...failures },
      },
    },
    async ({ params, query }) => pageOf(context, (await namespaceOf(context, params.namespace)).name, query),
  )

  app.get(
    '/audit/file',
    { schema: { tags: ['audit'], summary: 'The audit as a file', params: namespaceParams, ...file } },
    async ({ params, query: { format, ...filter } }, reply) => {
      const { name } = await namespaceOf(context, params.namespace)
      return sendFile(reply, fileOf(context, name, filter, format), format)
    },
  )
}

/** Of the whole installation: who signed in, users, namespaces, keys. */
export const wholeAuditRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  app.get(
    '/audit',
    {
      schema: {
        tags: ['audit'],
        operationId: 'getWholeAudit',
        summary: 'Who signed in, and what was done to the whole installation',
        querystring: pageQuery,
        response: { 200: pageSchema, ...failures },
      },
    },
    async ({ query }) => pageOf(context, null, query),
  )
  app.get(
    '/audit/file',
    {
      schema: {
        tags: ['audit'],
        operationId: 'getWholeAuditFile',
        summary: 'The audit of the whole installation as a file',
        ...file,
      },
    },
    async ({ query: { format, ...filter } }, reply) =>
      sendFile(reply, fileOf(context, null, filter, format), format),
  )
}
