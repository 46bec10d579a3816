// Members of a namespace: who belongs to it, with which role, and who is invited.
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import { mayGive, type Role } from '../core/access.ts'
import { failure } from '../core/problems.ts'
import { addChore } from '../db/chores.ts'
import { listInvitations, makeLink, removeInvitation } from '../db/links.ts'
import { changeMember, findMember, listMembers, putMember, type Member } from '../db/members.ts'
import { findUser } from '../db/users.ts'
import { failures } from './answers.ts'
import { namespaceOf } from './context.ts'
import { editedByTag, etagSchema, requireMatch, tagOf } from './etags.ts'
import { namespaceParams, pageLimit } from './params.ts'
import { emailSchema, roleSchema, type PeopleOptions } from './peopleSchemas.ts'
import { linkUrl, madeLinkSchema } from './users.ts'
import { callerOf, standingOf, whoOf } from './who.ts'

const memberSchema = z
  .object({
    email: z.string(),
    name: z.string(),
    role: roleSchema,
    addedBy: z.string(),
    addedAt: z.string(),
    etag: etagSchema,
  })
  .meta({ id: 'MemberView' })
type MemberView = z.infer<typeof memberSchema>

const invitationSchema = z.object({
  email: z.string(),
  role: roleSchema,
  invitedBy: z.string(),
  expiresAt: z.string(),
})

const listSchema = z
  .object({
    members: z.array(memberSchema),
    invitations: z.array(invitationSchema).meta({ description: 'Not accepted yet; on the first page only.' }),
    next: z.string().nullable().meta({ description: 'The cursor of the next page; null at the end.' }),
  })
  .meta({ id: 'MemberList' })
export type MemberList = z.infer<typeof listSchema>

const orderSchema = z.object({
  email: emailSchema,
  role: roleSchema,
  mail: z
    .boolean()
    .default(false)
    .meta({ description: 'Mail the invitation instead of answering its link.' }),
})

const addedSchema = z
  .object({
    member: memberSchema.nullable().meta({ description: 'They have a user already, and are a member now.' }),
    link: madeLinkSchema.nullable().meta({ description: 'To be passed on to who has none yet.' }),
    mailed: z.boolean(),
  })
  .meta({ id: 'AddedMember' })
export type AddedMember = z.infer<typeof addedSchema>

const params = namespaceParams.extend({ member: emailSchema.meta({ description: 'The e-mail address.' }) })

/** Nobody reaches above themselves; throws `member.above`. */
function checkReach(request: FastifyRequest, ...concerned: readonly (Role | null)[]): void {
  // At this machine there is no role, and every right.
  const own = standingOf(request).role ?? 'owner'
  if (concerned.some((role) => role !== null && !mayGive(own, role))) throw failure('member.above')
}

export const memberRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context } = options
  const { database } = context

  app.get(
    '/members',
    {
      schema: {
        tags: ['people'],
        summary: 'Members and invitations',
        params: namespaceParams,
        querystring: z.object({ cursor: z.string().optional(), limit: pageLimit }),
        response: { 200: listSchema, ...failures },
      },
    },
    async ({ params: { namespace: name }, query: { cursor, limit } }) => {
      const { id } = await namespaceOf(context, name)
      const rows = await listMembers(database.pool, id, { after: cursor, limit: limit + 1 })
      const members = rows.slice(0, limit)
      const invitations =
        cursor === undefined
          ? (await listInvitations(database.pool, id)).map(({ email, role, madeBy, expiresAt }) => ({
              email: email!,
              role: role!,
              invitedBy: madeBy,
              expiresAt,
            }))
          : []
      return {
        members: members.map(viewOf),
        invitations,
        next: rows.length > limit ? members.at(-1)!.email : null,
      }
    },
  )

  app.post(
    '/members',
    {
      schema: {
        tags: ['people'],
        summary: 'Add a member, or invite somebody who has no user yet',
        params: namespaceParams,
        body: orderSchema,
        response: { 201: addedSchema, ...failures },
      },
    },
    async (request, reply) =>
      reply.code(201).send(await add(options, request, request.params.namespace, request.body)),
  )
}

/** A user becomes a member at once; for anybody else there is a link, shown or mailed. */
async function add(
  { context, access }: PeopleOptions,
  request: FastifyRequest,
  name: string,
  { email, role, mail }: z.infer<typeof orderSchema>,
): Promise<AddedMember> {
  const { database } = context
  checkReach(request, role)
  const namespace = await namespaceOf(context, name)
  const by = whoOf(request)
  const now = context.now()
  const present = await findMember(database.pool, namespace.id, email)
  if (present !== undefined)
    throw failure('member.there', { email, namespace: namespace.name, role: present.role })
  const user = await findUser(database.pool, email)
  if (user !== undefined) {
    await putMember(database.pool, namespace.id, { userId: user.id, role, by, now })
    await removeInvitation(database.pool, namespace.id, email)
    const member = (await findMember(database.pool, namespace.id, email))!
    return { member: viewOf(member), link: null, mailed: false }
  }
  // Whoever sees the link could take an address that is not theirs, and with it what others give that address later.
  if (!mail && callerOf(request)?.admin !== true) throw failure('member.not_shown', { email })
  if (mail && access.mail !== true) throw failure('mail.not_set_up')
  // A mail is read elsewhere: it needs the address people reach this Sluice at.
  if (mail && (access.baseUrl ?? null) === null) throw failure('link.no_address')
  linkUrl(context, access, '')
  const order = { kind: 'invitation' as const, namespaceId: namespace.id, email, role }
  const { key, expiresAt } = await makeLink(database.pool, order, { by, now })
  if (!mail) return { member: null, link: { url: linkUrl(context, access, key), expiresAt }, mailed: false }
  // The mail carries a fresh key of its own: a link that waits in a queue could be read there.
  const payload = {
    kind: 'invitation',
    email,
    namespaceId: namespace.id,
    namespace: namespace.name,
    role,
    by,
  }
  await addChore(database.pool, {
    name: 'send_link',
    payload,
    key: `invitation ${namespace.id} ${email}`,
    tries: 5,
  })
  return { member: null, link: null, mailed: true }
}

/** What an edit of a member names: who it is and what they may, not what they call themselves. */
function tagOfMember({ email, role, addedAt }: Member): string {
  return tagOf({ email, role, addedAt })
}

function viewOf(member: Member): MemberView {
  return { ...member, etag: tagOfMember(member) }
}

/** One alone. */
export const memberRoute: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  app.get(
    '/members/:member',
    {
      schema: {
        tags: ['people'],
        summary: 'One member',
        description: editedByTag,
        params,
        response: { 200: memberSchema, ...failures },
      },
    },
    async ({ params: { namespace: name, member: email } }, reply) => {
      const { id } = await namespaceOf(context, name)
      const member = await findMember(context.database.pool, id, email)
      if (member === undefined) throw failure('not_found', { noun: 'member', id: email })
      return reply.header('etag', tagOfMember(member)).send(viewOf(member))
    },
  )
}

/** Changing and removing. */
export const memberChangeRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, { context }) => {
  const { database } = context

  app.patch(
    '/members/:member',
    {
      schema: {
        tags: ['people'],
        summary: 'Give a member another role',
        params,
        body: z.object({ role: roleSchema }),
        response: { 200: memberSchema, ...failures },
      },
    },
    async (request, reply) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { member: email } = request.params
      const { role } = request.body
      const check = (now: Member): void => {
        checkReach(request, role, now.role)
        requireMatch(request, tagOfMember(now), 'member')
      }
      await database.transaction((client) => changeMember(client, namespace, email, role, check))
      const member = (await findMember(database.pool, namespace.id, email))!
      return reply.header('etag', tagOfMember(member)).send(viewOf(member))
    },
  )

  app.delete(
    '/members/:member',
    {
      schema: {
        tags: ['people'],
        summary: 'Remove a member, or withdraw an invitation',
        params,
        response: {
          200: z.object({ removed: z.string(), was: z.enum(['member', 'invitation']) }),
          ...failures,
        },
      },
    },
    async (request) => {
      const namespace = await namespaceOf(context, request.params.namespace)
      const { member: email } = request.params
      const member = await findMember(database.pool, namespace.id, email)
      const invited = (await listInvitations(database.pool, namespace.id)).find((one) => one.email === email)
      checkReach(request, member?.role ?? null, invited?.role ?? null)
      requireMatch(request, member === undefined ? null : tagOfMember(member), 'member')
      const invitation = await removeInvitation(database.pool, namespace.id, email)
      if (member === undefined && invitation !== undefined)
        return { removed: email, was: 'invitation' as const }
      const check = (now: Member): void => {
        checkReach(request, now.role)
        requireMatch(request, tagOfMember(now), 'member')
      }
      await database.transaction((client) => changeMember(client, namespace, email, null, check))
      return { removed: email, was: 'member' as const }
    },
  )
}
