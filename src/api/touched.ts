// The profiles a run touched, to look at what it did: also while it is still going (BL-D03).
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { recordName, runName } from '../core/names.ts'
import { outcomeName } from '../core/record.ts'
import { isSettled } from '../core/run.ts'
import { touchedProfiles, touchingOutcomes } from '../db/read/touched.ts'
import { failures } from './answers.ts'
import { namespaceOf, runOf, type ApiContext } from './context.ts'
import { pageLimit, runParams } from './params.ts'

const pageSchema = z
  .object({
    run: z.string(),
    live: z.boolean().meta({ description: 'The run is still going: more may follow.' }),
    profiles: z
      .array(
        z.object({
          profile: z.int(),
          what: z.enum(touchingOutcomes).meta({ description: 'What the run did to it first.' }),
          identifier: z.string().nullable(),
          record: z.string().meta({ description: 'The record that did, for example r1042/17.' }),
          at: z.string(),
          exists: z.boolean().meta({ description: 'False: it is gone since, merged or deleted.' }),
          href: z.string(),
        }),
      )
      .meta({ description: 'In the order of the file, each once.' }),
    next: z.int().nullable().meta({
      description: 'Cursor; a short page with a cursor means the time was up: go on from there.',
    }),
  })
  .meta({ id: 'TouchedView' })
export type TouchedView = z.infer<typeof pageSchema>

const query = z.object({
  cursor: z.coerce.number().int().min(0).default(0).meta({ description: 'The next of the page before.' }),
  limit: pageLimit,
})

export const touchedRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/runs/:run/profiles',
    {
      schema: {
        tags: ['runs'],
        summary: 'The profiles a run created or changed',
        params: runParams,
        querystring: query,
        response: { 200: pageSchema, ...failures },
      },
    },
    async ({ params, query: { cursor, limit } }) => {
      const namespace = await namespaceOf(context, params.namespace)
      const row = await runOf(context, namespace, params.run)
      const { pool } = context.database
      const { rows, next } = await touchedProfiles(pool, namespace, row, cursor, limit)
      return {
        run: runName(row.id),
        live: !isSettled(row.state),
        profiles: rows.map(({ ordinal, outcome, profile, identifier, at, exists }) => ({
          profile,
          what: outcomeName(outcome) as TouchedView['profiles'][number]['what'],
          identifier,
          record: recordName(row.id, ordinal),
          at,
          exists,
          href: `/v1/namespaces/${namespace.name}/profiles/${profile}`,
        })),
        next,
      }
    },
  )
}
