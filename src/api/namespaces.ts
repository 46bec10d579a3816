// Namespaces: one's own with role and label, making one to stay or to try something in, and dropping them.
import { randomBytes } from 'node:crypto'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { dialectNames, namespaceSettingsSchema } from '../core/namespaceSettings.ts'
import { putMember } from '../db/members.ts'
import { createPermanent, createTemporary } from '../db/namespaces.ts'
import { placesOf, type Place } from '../db/read/places.ts'
import { writeSettings } from '../db/settings.ts'
import { userOf } from '../db/users.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'
import { labelOf, standingOf } from './me.ts'
import { namespaceParams } from './params.ts'
import { emailSchema, roleSchema } from './peopleSchemas.ts'
import { callerOf, localCaller, whoOf, type Caller } from './who.ts'

export const namespaceViewSchema = z
  .object({
    name: z.string(),
    label: z.string().meta({ description: 'As people call it; the name where nobody gave it a label.' }),
    role: roleSchema.nullable().meta({ description: 'One’s own; null: at this machine, or a token.' }),
    zone: z.string(),
    dialect: z.enum(dialectNames),
    runs: z.int().meta({ description: 'Runs so far.' }),
    createdAt: z.string(),
    expiresAt: z.string().nullable().meta({ description: 'When it is dropped by itself; null: it stays.' }),
  })
  .meta({ id: 'NamespaceView' })
export type NamespaceView = z.infer<typeof namespaceViewSchema>

const listSchema = z.object({ namespaces: z.array(namespaceViewSchema) }).meta({ id: 'NamespaceList' })
export type NamespaceList = z.infer<typeof listSchema>

const settings = namespaceSettingsSchema.shape

const orderSchema = z.object({
  name: z
    .string()
    .regex(/^(?!try_)[a-z][a-z0-9_]{0,39}$/, 'small letters, digits and _, a letter first, 40 at most')
    .optional()
    .meta({ description: 'Of one that stays; left out: one to try something in, with a name made up.' }),
  label: settings.label.unwrap().optional().meta({ description: 'As people call it.' }),
  zone: settings.zone.unwrap().optional(),
  dialect: settings.dialect.unwrap().optional(),
  quota: settings.quota.unwrap().optional(),
  owner: emailSchema.optional().meta({ description: 'A user who owns it from the beginning.' }),
  hours: z
    .int()
    .min(1)
    .max(24 * 31)
    .default(24)
    .meta({ description: 'Without a name: after so many hours it is dropped by itself.' }),
})

const droppedSchema = z.object({ dropped: z.string() })

export const namespaceRoutes: FastifyPluginAsyncZod<{ context: ApiContext }> = async (app, { context }) => {
  app.get(
    '/namespaces',
    {
      schema: {
        tags: ['namespaces'],
        summary: 'List the namespaces one may look into, by name',
        response: { 200: listSchema, ...failures },
      },
    },
    async (request) => ({ namespaces: await viewsFor(context, callerOf(request)) }),
  )

  app.post(
    '/namespaces',
    {
      schema: {
        tags: ['namespaces'],
        summary: 'Make a namespace that stays, or without a name a throw-away one to try something in',
        body: orderSchema,
        response: { 201: namespaceViewSchema, ...failures },
      },
    },
    async (request, reply) => {
      // What others left behind goes meanwhile; nobody waits for it.
      void context.namespaces.dropExpired().catch(context.logFault)
      const { name = tryName(), hours } = request.body
      if (request.body.name === undefined)
        await context.database.withClient((client) => createTemporary(client, name, hours))
      else await makeToStay(context, { ...request.body, name }, whoOf(request))
      const [made] = await viewsFor(context, callerOf(request), name)
      return reply.code(201).send(made!)
    },
  )

  app.delete(
    '/namespaces/:namespace',
    {
      schema: {
        tags: ['namespaces'],
        summary: 'Drop a namespace with everything in it: profiles, jobs, runs, files',
        params: namespaceParams,
        querystring: z.object({
          confirm: z.string().optional().meta({
            description: 'Its name once more, for one that was made to stay.',
          }),
        }),
        response: { 200: droppedSchema, ...failures },
      },
    },
    async (request) => {
      const { namespace } = request.params
      await context.namespaces.drop(namespace, { confirmed: request.query.confirm === namespace })
      return { dropped: namespace }
    },
  )
}

type StayingOrder = z.infer<typeof orderSchema> & { readonly name: string }

/** The settings first are checked by the schema; an owner who does not exist makes nothing. */
async function makeToStay(
  { database, now }: ApiContext,
  { name, label, zone, dialect, quota, owner }: StayingOrder,
  by: string,
): Promise<void> {
  const userId = owner === undefined ? null : (await userOf(database.pool, owner)).id
  const id = await database.withClient((client) => createPermanent(client, name))
  const chosen = Object.entries({ label, zone, dialect, quota }).filter(([, value]) => value !== undefined)
  await database.transaction(async (client) => {
    await writeSettings(client, id, Object.fromEntries(chosen))
    if (userId !== null) await putMember(client, id, { userId, role: 'owner', by, now: now() })
  })
}

/** Of who asks; without anybody who asks (the socket of a description) as at this machine. */
async function viewsFor(
  { database }: ApiContext,
  asking: Caller | null,
  made?: string,
): Promise<NamespaceView[]> {
  const caller = asking ?? localCaller('socket')
  const only = caller.token?.namespace ?? made
  const places = await placesOf(database.pool, {
    userId: caller.user?.id ?? null,
    all: caller.admin || caller.token !== null,
    ...(only === undefined ? {} : { only }),
  })
  return places.map((place) => namespaceView(caller, place))
}

function namespaceView(caller: Caller, place: Place): NamespaceView {
  const { name, runs, createdAt, expiresAt } = place
  const { zone, dialect } = place.settings
  const { role } = standingOf(caller, place)
  return { name, label: labelOf(place), role, zone, dialect, runs, createdAt, expiresAt }
}

// Without letters and digits that are easily taken for each other.
const letters = 'abcdefghjkmnpqrstuvwxyz23456789'

/** `try_ab12cd`; 31^6 names, so that two hardly ever meet. */
function tryName(): string {
  return `try_${[...randomBytes(6)].map((byte) => letters[byte % letters.length]).join('')}`
}
