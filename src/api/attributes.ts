// Attributes: the typed fields profiles have, and the kinds of identifiers.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { attributeTypes, identifierKinds } from '../core/attribute.ts'
import { runName } from '../core/names.ts'
import { attributeUses, catalogue } from '../db/read/catalogue.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'

export const attributesSchema = z
  .object({
    attributes: z.array(
      z.object({
        key: z.string(),
        type: z.enum(attributeTypes),
        label: z.string(),
        pii: z.boolean(),
        since: z.string().meta({ description: 'When it was made.' }),
        run: z.string().nullable().meta({ description: 'The run that brought it.' }),
        filled: z.number().nullable().meta({
          description:
            'Share of the profiles that have a value, 0 to 1, as PostgreSQL estimated last; null: not yet.',
        }),
        jobs: z.object({ count: z.int(), names: z.array(z.string()) }).meta({
          description: 'Jobs that write it, among the newest thousand that are not archived; five by name.',
        }),
      }),
    ),
    identifiers: z.array(
      z.object({ kind: z.string(), label: z.string(), rank: z.int(), single: z.boolean() }),
    ),
  })
  .meta({ id: 'AttributesView' })
export type AttributesView = z.infer<typeof attributesSchema>

export const attributeRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/attributes',
    {
      schema: {
        tags: ['attributes'],
        summary: 'The attribute catalogue',
        params: namespaceParams,
        response: { 200: attributesSchema, ...failures },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { pool } = context.database
      const [rows, uses] = await Promise.all([catalogue(pool, namespace), attributeUses(pool, namespace)])
      const usedBy = new Map(uses.map(({ key, jobs, count }) => [key, { count, names: [...jobs] }]))
      const attributes = rows.map(
        ({ key, type, label, pii, created_at: since, created_run: run, filled }) => ({
          key,
          type,
          label,
          pii,
          since,
          run: run === null ? null : runName(run),
          filled,
          jobs: usedBy.get(key) ?? { count: 0, names: [] },
        }),
      )
      const identifiers = identifierKinds.map(({ kind, label, rank, single }) => ({
        kind,
        label,
        rank,
        single,
      }))
      return { attributes, identifiers }
    },
  )
}
