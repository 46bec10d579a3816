// One record in four parts: what the list says, its data, what was said while it came in, and while it was delivered.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { recordName, runName } from '../core/names.ts'
import type { VendorDialect } from '../core/namespaceSettings.ts'
import type { RecordKey } from '../core/origin.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { accountOf, attemptsAt, type AttemptFacts } from '../db/read/explain.ts'
import { searchRecords } from '../db/read/records.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import type { ExplanationView } from './explanationView.ts'
import { explanationView } from './explainViews.ts'
import { runParams } from './params.ts'
import { recordView, recordViewSchema } from './records.ts'
import { problemView, type ProblemView } from './runView.ts'
import { dialectOf, dialectQuery } from './vendorWords.ts'

const messageSchema = z.object({
  stage: z.enum(['read', 'map', 'check', 'plan']),
  level: z.enum(['info', 'warn', 'error']),
  column: z.string().nullable(),
  code: z.string().nullable(),
  message: z.string(),
  advice: z.string().nullable(),
})
type Message = z.infer<typeof messageSchema>

const exportSchema = z.object({
  run: z.string().meta({ description: 'The run that delivered it, or tried to.' }),
  at: z.string(),
  state: z.string(),
  outcome: z.string().nullable(),
  reason: z.string().nullable(),
  code: z.string().nullable(),
  message: z.string().nullable(),
})

export const recordDetailSchema = z
  .object({
    overview: recordViewSchema,
    data: z
      .object({
        file: z.string().nullable(),
        line: z.int().nullable(),
        raw: z.string().meta({ description: 'As it stands in the file; base64:… where that is no text.' }),
        cut: z.boolean().meta({ description: 'True: it is longer than what is shown.' }),
        mapped: z.array(
          z.object({
            column: z.string(),
            cell: z.string().nullable(),
            target: z.enum(['attribute', 'identifier', 'as_of', 'ignored']),
            key: z.string().nullable(),
            value: z.unknown(),
          }),
        ),
      })
      .nullable()
      .meta({ description: 'Read and mapped again from what was landed; null: that is not kept any more.' }),
    importMessages: z.array(messageSchema).meta({
      description: 'Said while it was read, mapped and checked, with the version of the job its run had.',
    }),
    exportMessages: z.array(exportSchema).meta({
      description:
        'What deliveries made of it, oldest first: each run that processed it while it waited. Empty where its own run wrote it.',
    }),
  })
  .meta({ id: 'RecordDetailView' })
export type RecordDetailView = z.infer<typeof recordDetailSchema>

export const recordDetailRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (
  app,
  { context },
) => {
  app.get(
    '/runs/:run/records/:record',
    {
      schema: {
        tags: ['records'],
        summary: 'One record: overview, data, import messages, export messages',
        params: runParams.extend({ record: z.coerce.number().int().min(1) }),
        querystring: dialectQuery,
        response: { 200: recordDetailSchema, ...failures },
      },
    },
    async (request) => {
      const { namespace: name, run, record } = request.params
      const namespace = await namespaceOf(context, name)
      const { pool } = context.database
      const asked = { run, ordinal: record }
      const dialect = await dialectOf(context, namespace, request.query)
      return detailOf(context, namespace, (await accountOf(pool, namespace, asked)) ?? asked, dialect)
    },
  )
}

/** Throws `not_found`. */
async function detailOf(
  context: ApiContext,
  namespace: Namespace,
  key: RecordKey,
  dialect: VendorDialect,
): Promise<RecordDetailView> {
  const { pool } = context.database
  // None of them waits for another: on a busy machine every question in turn is a wait of its own.
  const [{ records }, explained, attempts] = await Promise.all([
    searchRecords(pool, namespace, { id: key, run: key.run }, null, 1),
    context.explain.record(namespace, key),
    attemptsAt(pool, namespace, key),
  ])
  const [row] = records
  if (row === undefined || explained === undefined)
    throw failure('not_found', { noun: 'record', id: recordName(key.run, key.ordinal) })
  const explanation = await explanationView(context, namespace, explained)
  return {
    overview: recordView(row, dialect),
    data: dataIn(explanation),
    importMessages: messagesIn(explanation),
    exportMessages: attempts.map(exportView),
  }
}

function dataIn({ read, file, line, map }: ExplanationView): RecordDetailView['data'] {
  if (read === null) return null
  const mapped = map.map(({ column, cell, target, key, value }) => ({ column, cell, target, key, value }))
  return { file, line, raw: read.raw, cut: read.cut, mapped }
}

function messagesIn({ read, map, checks, rows }: ExplanationView): Message[] {
  const messages: Message[] = []
  const known = new Set<string>()
  const say = (stage: Message['stage'], level: Message['level'], said: ProblemView | null): void => {
    if (said === null || known.has(said.code + said.message)) return
    known.add(said.code + said.message)
    const { column, code, message, advice } = said
    messages.push({ stage, level, column, code, message, advice })
  }
  say('read', 'error', read?.problem ?? null)
  for (const { column, steps, what, problem, why } of map) {
    for (const { step, before, after } of steps) {
      const message = `${step}: ${before} → ${after ?? '(nothing)'}`
      messages.push({ stage: 'map', level: 'info', column, code: null, message, advice: null })
    }
    say('map', what === 'refused' ? 'error' : 'warn', problem)
    if (problem === null && why !== null && what !== 'ignored' && what !== 'unused')
      messages.push({ stage: 'map', level: 'info', column, code: null, message: why, advice: null })
  }
  for (const { passed, problem } of checks) if (passed === false) say('check', 'error', problem)
  for (const warning of rows[0]?.warnings ?? []) say('plan', 'warn', warning)
  return messages
}

function exportView({
  run,
  at,
  state,
  outcome,
  reason,
  problem,
}: AttemptFacts): RecordDetailView['exportMessages'][number] {
  const said = problem === null ? null : problemView(problem)
  return {
    run: runName(run),
    at,
    state,
    outcome,
    reason,
    code: said?.code ?? null,
    message: said?.message ?? null,
  }
}
