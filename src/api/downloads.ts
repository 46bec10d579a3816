// What can be downloaded of a run, and why something cannot (requirement E10).
import { Readable } from 'node:stream'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { toCounters } from '../core/law.ts'
import { runName } from '../core/names.ts'
import { failure } from '../core/problems.ts'
import { isSettled } from '../core/run.ts'
import type { RunRow } from '../db/read/runs.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { runParams } from './params.ts'

export const downloadSchema = z
  .object({
    name: z.enum(['errors', 'processed', 'landing', 'log']).meta({
      description: 'landing: the file as it was read, unpacked.',
    }),
    href: z.string(),
    bytes: z.int().nullable().meta({ description: 'Null: it is made when it is asked for.' }),
    available: z.boolean(),
    why: z.string().nullable().meta({ description: 'Why it is not available.' }),
  })
  .meta({ id: 'Download' })
export type Download = z.infer<typeof downloadSchema>

/** Everything that could be downloaded of a run, with why not where it cannot. */
export function downloadsOf(namespace: string, row: RunRow): Download[] {
  const base = `/v1/namespaces/${namespace}/runs/${runName(row.id)}`
  const of = (
    name: Download['name'],
    href: string,
    why: string | null,
    bytes: number | null = null,
  ): Download => ({
    name,
    href,
    bytes: why === null ? bytes : null,
    available: why === null,
    why,
  })
  return [
    of('errors', `${base}/artifacts/errors`, whyNoErrors(row), row.artifacts['errors']?.bytes ?? null),
    of('processed', `${base}/processed`, whyNotProcessed(row)),
    of(
      'landing',
      `/v1/namespaces/${namespace}/uploads/${row.landing_id ?? 'none'}/content`,
      whyNoLanding(row),
      row.content_bytes,
    ),
    of('log', `${base}/log/file`, null),
  ]
}

function whyNoErrors(row: RunRow): string | null {
  if (row.artifacts['errors'] !== undefined) return null
  if (row.purged?.artifacts !== undefined) return removedOn(row.purged.artifacts)
  if (!isSettled(row.state)) return 'The run is not over yet.'
  const { failed } = toCounters(row.counters, row.total ?? 0)
  return failed.total === 0 ? 'No record failed.' : 'It has not been written yet.'
}

/** Why there is no processed file of a run; null: there is. */
export function whyNotProcessed(row: RunRow): string | null {
  if (row.trigger === 'undo' || row.trigger === 'mirror') return 'The run did not read a file.'
  if (!isSettled(row.state)) return 'The run is not over yet.'
  if (row.settings['dryRun'] === true) return 'It was a dry run: nothing was processed.'
  if (row.purged?.ledger !== undefined) return removedOn(row.purged.ledger)
  if (row.landing_purged_at !== null) return removedOn(row.landing_purged_at)
  const { read } = toCounters(row.counters, row.total ?? 0)
  return row.landing_id === null || read === 0 ? 'No record was processed.' : null
}

/** What was landed can be had while the run is still going: nothing changes it. */
function whyNoLanding(row: RunRow): string | null {
  if (row.trigger === 'undo' || row.trigger === 'mirror') return 'The run did not read a file.'
  if (row.landing_purged_at !== null) return removedOn(row.landing_purged_at)
  return row.landing_id === null ? 'Nothing was read yet.' : null
}

function removedOn(at: string): string {
  return `It was removed by retention on ${at.slice(0, 10)}.`
}

const query = z.object({
  formulas: z.enum(['escape', 'keep']).default('escape').meta({
    description:
      "escape: a cell that a spreadsheet would take for a formula gets a ' before it; keep: cells are as they were read.",
  }),
})

export const downloadRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/runs/:run/processed',
    {
      schema: {
        tags: ['runs'],
        summary: 'The processed file: every record with what became of it, as CSV',
        description: 'Answers the file itself, made while it is sent.',
        params: runParams,
        querystring: query,
        response: { 200: z.unknown(), ...failures },
      },
    },
    async ({ params, query: { formulas } }, reply) => {
      const namespace = await namespaceOf(context, params.namespace)
      const row = await runOf(context, namespace, params.run)
      const why = whyNotProcessed(row)
      const name = runName(row.id)
      if (why !== null) throw failure('run.no_download', { run: name, name: 'processed file', why })
      const gone = new AbortController()
      reply.raw.once('close', () => gone.abort())
      const file = context.processed(namespace, row.id, {
        escape: formulas === 'escape',
        signal: gone.signal,
      })
      reply
        .header('content-disposition', `attachment; filename="${name}-processed.csv"`)
        .header('accept-ranges', 'none')
      return reply.type('text/csv; charset=utf-8').send(Readable.from(file, { objectMode: false }))
    },
  )
}
