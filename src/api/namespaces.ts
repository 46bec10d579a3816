// Namespaces: the list, throw-away ones to try something in, and dropping them.
import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { createTemporary, listNamespaces, type NamespaceRow } from '../db/namespaces.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'
import { namespaceParams } from './params.ts'

export const namespaceViewSchema = z
  .object({
    name: z.string(),
    runs: z.int().meta({ description: 'Runs so far.' }),
    createdAt: z.string(),
    expiresAt: z.string().nullable().meta({ description: 'When it is dropped by itself; null: it stays.' }),
  })
  .meta({ id: 'NamespaceView' })
export type NamespaceView = z.infer<typeof namespaceViewSchema>

const listSchema = z.object({ namespaces: z.array(namespaceViewSchema) }).meta({ id: 'NamespaceList' })
export type NamespaceList = z.infer<typeof listSchema>

const orderSchema = z.object({
  hours: z
    .int()
    .min(1)
    .max(24 * 31)
    .default(24)
    .meta({ description: 'After so many hours it is dropped by itself.' }),
})
export type NamespaceOrder = z.input<typeof orderSchema>

const droppedSchema = z.object({ dropped: z.string() })

export const namespaceRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/namespaces',
    {
      schema: {
        tags: ['namespaces'],
        summary: 'List namespaces',
        response: { 200: listSchema, ...failures },
      },
    },
    async () => ({ namespaces: (await listNamespaces(context.database.pool)).map(namespaceView) }),
  )

  app.post(
    '/namespaces',
    {
      schema: {
        tags: ['namespaces'],
        summary: 'Make a throw-away namespace to try something in',
        body: orderSchema,
        response: { 201: namespaceViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      // What others left behind goes meanwhile; nobody waits for it.
      void context.namespaces.dropExpired().catch(context.logFault)
      const { hours } = request.body
      const made = await context.database.withClient((client) => createTemporary(client, tryName(), hours))
      return reply.code(201).send(namespaceView(made))
    },
  )

  app.delete(
    '/namespaces/:namespace',
    {
      schema: {
        tags: ['namespaces'],
        summary: 'Drop a throw-away namespace with everything in it',
        params: namespaceParams,
        response: { 200: droppedSchema, ...failures },
      },
    },
    async (request) => {
      const { namespace } = request.params
      await context.namespaces.drop(namespace)
      return { dropped: namespace }
    },
  )
}

function namespaceView({ name, runs, created_at, expires_at }: NamespaceRow): NamespaceView {
  return { name, runs, createdAt: created_at, expiresAt: expires_at }
}

// Without letters and digits that are easily taken for each other.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** `try_ab12cd`; 31^6 names, so that two hardly ever meet. */
function tryName(): string {
  return `try_${[...randomBytes(6)].map((byte) => letters[byte % letters.length]).join('')}`
}
