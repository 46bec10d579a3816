// Settings of a namespace: its words, its zone, its quota, how long things are kept, whom it tells.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { defaultSettings } from '../core/changeSettings.ts'
import { namespaceSettingsSchema } from '../core/namespaceSettings.ts'
import { beginMonth, readQuota } from '../db/quota.ts'
import { readSettings, writeSettings } from '../db/settings.ts'
import { failures } from './answers.ts'
import { namespaceOf, type ApiContext } from './context.ts'
import { requireMatch, tagOf } from './etags.ts'
import { namespaceParams } from './params.ts'

export const settingsViewSchema = z
  .object({
    namespace: z.string(),
    settings: namespaceSettingsSchema,
    use: z
      .object({ month: z.string(), used: z.int(), quota: z.int(), until: z.string() })
      .nullable()
      .meta({ description: 'Records taken from the quota in this calendar month; null: there is no quota.' }),
    defaults: namespaceSettingsSchema.meta({ description: 'What holds where nothing was chosen.' }),
  })
  .meta({ id: 'SettingsView' })
export type SettingsView = z.infer<typeof settingsViewSchema>

const changeSchema = z.record(z.string(), z.unknown()).meta({
  description: 'Any part of the settings, nested as they are answered; what is not named stays as it is.',
})

export const settingsRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/settings',
    {
      schema: {
        tags: ['namespaces'],
        summary: 'What holds for the whole namespace',
        params: namespaceParams,
        response: { 200: settingsViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { id, name } = await namespaceOf(context, request.params.namespace)
      const settings = await readSettings(context.database.pool, id)
      void reply.header('etag', tagOf(settings))
      return { namespace: name, settings, use: await useOf(context, id), defaults: defaultSettings }
    },
  )

  app.patch(
    '/settings',
    {
      schema: {
        tags: ['namespaces'],
        summary: 'Change settings of the namespace',
        description:
          'With If-Match, the ETag of GET, they are changed only if they are still what they were then (412 otherwise).',
        params: namespaceParams,
        body: changeSchema,
        response: { 200: settingsViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      const { id, name } = await namespaceOf(context, request.params.namespace)
      const check = (now: unknown): void => requireMatch(request, tagOf(now), 'settings')
      const settings = await context.database.transaction((client) =>
        writeSettings(client, id, request.body, check),
      )
      void reply.header('etag', tagOf(settings))
      // What the month has taken already counts from now on.
      if (settings.quota !== null) await beginMonth(context.database.pool, id)
      return { namespace: name, settings, use: await useOf(context, id), defaults: defaultSettings }
    },
  )
}

async function useOf({ database }: ApiContext, namespaceId: number): Promise<SettingsView['use']> {
  const use = await readQuota(database.pool, namespaceId)
  if (use === null) return null
  const { month, used, quota, until } = use
  return { month, used, quota, until }
}
