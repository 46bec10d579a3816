// Mending rows that failed: how many rows fixes would change, and a child run of just those.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { compileFixes, compileLastRule, fixesSchema, type Fixes } from '../core/fixes.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { mendedFile } from '../formats/rejects.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { lookedAtMax, openErrorFile, type OpenErrorFile } from './errorFiles.ts'
import { importAnswer, importAnswerSchema } from './imports.ts'
import { landUpload } from './landUpload.ts'
import { runParams } from './params.ts'
import { whoOf } from './who.ts'

const countSchema = z
  .object({
    rows: z.int().meta({ description: 'Rows that the fixes change.' }),
    last: z.int().meta({ description: 'Rows that the last rule changes beyond those before it.' }),
    examples: z
      .array(z.object({ line: z.int(), before: z.string(), after: z.string() }))
      .meta({ description: 'What the last rule makes of the first of them.' }),
    looked: z.int().meta({ description: 'Rows that were looked at.' }),
    complete: z
      .boolean()
      .meta({ description: 'False where the error file is so long that only its beginning was looked at.' }),
  })
  .meta({ id: 'FixesCount' })

const examplesMax = 3

export const fixRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.post(
    '/runs/:run/fixes/count',
    {
      schema: {
        tags: ['runs'],
        summary: 'How many rows fixes would change',
        description: 'Reads the error file and changes nothing. What was mended since is not counted.',
        params: runParams,
        body: fixesSchema,
        response: { 200: countSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      return countFixes(await openErrorFile(context, namespace, request.params.run), request.body)
    },
  )

  app.post(
    '/runs/:run/fixes',
    {
      schema: {
        tags: ['runs'],
        summary: 'Mend rows that failed, and import just those',
        description:
          'Makes a child run of the rows that the fixes change, with the mapping of the run; the others stay as they failed. Rows that were mended since are only touched by an edit that names them. With dryRun it only says what would become of them.',
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
      const content = mendedFile(open.file, open.openRows(open.file.start, edited(fixes)), mend, counted)
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

function edited({ edits }: Fixes): ReadonlySet<number> {
  return new Set(edits.map(({ record }) => record))
}

async function countFixes(
  { file, openRows }: OpenErrorFile,
  fixes: Fixes,
): Promise<z.infer<typeof countSchema>> {
  const mend = compileFixes(fixes, file.columns)
  const lastRule = compileLastRule(fixes, file.columns)
  const examples: z.infer<typeof countSchema>['examples'] = []
  let [rows, last, looked] = [0, 0, 0]
  for await (const row of openRows(file.start, edited(fixes))) {
    if (row.end - file.start > lookedAtMax) return { rows, last, examples, looked, complete: false }
    looked++
    if (mend(row) === null) continue
    rows++
    const change = lastRule(row)
    if (change === null) continue
    last++
    if (examples.length < examplesMax) examples.push({ line: row.line, ...change })
  }
  return { rows, last, examples, looked, complete: true }
}
