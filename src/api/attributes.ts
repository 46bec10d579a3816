// Attributes: the typed fields profiles have, and the kinds of identifiers.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { attributeTypes, identifierKinds } from '../core/attribute.ts'
import { listAttributes } from '../db/attributes.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'

export const attributesSchema = z
  .object({
    attributes: z.array(
      z.object({ key: z.string(), type: z.enum(attributeTypes), label: z.string(), pii: z.boolean() }),
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
      const attributes = await listAttributes(context.database.pool, namespace.id)
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
