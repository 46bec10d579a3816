// What went wrong in a run, by cause: count, sentence, advice, and three examples.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { runName } from '../core/names.ts'
import { adviceFor, definitionOf } from '../core/problems.ts'
import type { Problem, ProblemDetails } from '../core/problem.ts'
import type { Namespace } from '../db/imports.ts'
import { firstFailures } from '../db/read/errors.ts'
import { mendedByCode } from '../db/read/mended.ts'
import type { RunRow } from '../db/read/runs.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { runParams } from './params.ts'
import { partsOf } from './runView.ts'

const causeSchema = z.object({
  code: z.string(),
  title: z.string(),
  count: z.int(),
  mended: z.int().meta({ description: 'Of these, how many do not fail any more.' }),
  advice: z.string(),
  examples: z.array(
    z.object({
      record: z.int().meta({ description: 'The how many-th record of the file.' }),
      line: z.int().nullable().meta({ description: 'The line of the file where it begins.' }),
      column: z.string().nullable(),
      value: z.string().nullable(),
      message: z.string(),
    }),
  ),
})
type Cause = z.infer<typeof causeSchema>

export const runErrorsSchema = z
  .object({
    run: z.string(),
    failed: z.int().meta({ description: 'Records that failed; before the first write: that would fail.' }),
    mended: z
      .int()
      .meta({ description: 'Of these, how many were corrected or retried since and do not fail any more.' }),
    causes: z.array(causeSchema).meta({ description: 'Most frequent first.' }),
    warnings: z.array(causeSchema).meta({ description: 'Went in all the same.' }),
  })
  .meta({ id: 'RunErrors' })
export type RunErrors = z.infer<typeof runErrorsSchema>

const examplesMax = 3

export const errorRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/runs/:run/errors',
    {
      schema: {
        tags: ['runs'],
        summary: 'What went wrong, by cause',
        params: runParams,
        response: { 200: runErrorsSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const row = await runOf(context, namespace, request.params.run)
      const found = validationOf(row)
      const failed = partsOf(row.counters, 'failed')
      // Before the first write there is no ledger: validation knows what would fail.
      const none = Object.keys(failed).length === 0
      const causes = none ? found.rejects : await causesOf(context, namespace, row, failed)
      const mended = causes.reduce((all, cause) => all + cause.mended, 0)
      return { run: runName(row.id), failed: sum(causes), mended, causes, warnings: found.warnings }
    },
  )
}

function sum(causes: readonly Cause[]): number {
  return causes.reduce((all, { count }) => all + count, 0)
}

async function causesOf(
  context: ApiContext,
  namespace: Namespace,
  row: RunRow,
  failed: Readonly<Record<string, number>>,
): Promise<Cause[]> {
  const mended = row.children.length > 0 ? await mendedByCode(context.database.pool, namespace, row) : {}
  return Promise.all(
    Object.entries(failed).map(async ([code, count]) => {
      const first = await firstFailures(context.database.pool, namespace, row, code, examplesMax)
      const problem = first[0]?.problem ?? { code, message: '' }
      return {
        ...headOf(problem, count),
        mended: mended[code] ?? 0,
        examples: first.map(({ ordinal, problem: { column, details, message, at } }) => ({
          record: ordinal,
          line: at[0],
          column: column ?? null,
          value: valueOf(details),
          message,
        })),
      }
    }),
  )
}

function headOf(problem: Problem, count: number): Omit<Cause, 'examples' | 'mended'> {
  return { code: problem.code, title: definitionOf(problem.code).title, count, advice: adviceFor(problem) }
}

function valueOf(details: ProblemDetails | undefined): string | null {
  const value = details?.['value']
  return value === undefined || value === null ? null : String(value)
}

/** The run's validation as the pipeline writes it: causes by code. */
interface StoredCause {
  readonly count: number
  readonly examples: readonly { ordinal: number; line: number; column: string | null; message: string }[]
}

function validationOf({ validation }: RunRow): { rejects: Cause[]; warnings: Cause[] } {
  const of = (name: string): Cause[] =>
    Object.entries((validation?.[name] ?? {}) as Record<string, StoredCause>)
      .map(([code, { count, examples }]) => {
        const column = examples[0]?.column ?? undefined
        const problem = { code, message: '', ...(column === undefined ? {} : { column }) }
        const shown = examples.map(({ ordinal, ...rest }) => ({ record: ordinal, value: null, ...rest }))
        return { ...headOf(problem, count), mended: 0, examples: shown }
      })
      .sort((a, b) => b.count - a.count)
  return { rejects: of('rejects'), warnings: of('warnings') }
}
