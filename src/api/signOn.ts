// Single sign-on: browsers go to the identity provider and come back as a user, by a verified address only.
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { z } from 'zod'
import { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { writeAudit } from '../db/audit.ts'
import { findNamespace } from '../db/imports.ts'
import { invitationsOf, useLink } from '../db/links.ts'
import { putMember } from '../db/members.ts'
import { findSignOn, isLinked, linkSignOn, startSignOn, takeSignOn, tryMinutes } from '../db/signOn.ts'
import { createUser, findUser, firstAdmin, type User } from '../db/users.ts'
import { failures } from './answers.ts'
import type { ApiContext } from './context.ts'
import { onlyCookie } from './cookies.ts'
import { arrival, departure, type Identity, type Provider } from './identityProvider.ts'
import { emailSchema, type PeopleOptions } from './peopleSchemas.ts'
import { addressOf, cameSecurely, ownAddress, type Access, type SignOnSettings } from './place.ts'
import { signIn } from './signIn.ts'

const path = '/v1/sign-in/oidc'
// As with the session (cookies.ts): a neighbouring site cannot plant one with this prefix, and so finish its own sign-on here.
const cookies = { secure: '__Host-sluice-sign-on', plain: 'sluice-sign-on' } as const

/** A path of ours and nothing else: `//elsewhere` would be another site. */
const backSchema = z
  .string()
  .max(500)
  .regex(/^\/(?![/\\])[^\\\p{Cc}]*$/u)
  .catch('/')
  .meta({ description: 'The path of ours to go to in the end.' })

export const signOnRoutes: FastifyPluginAsyncZod<PeopleOptions> = async (app, options) => {
  const { context } = options
  const found = { 302: z.null().meta({ description: 'Location says where to.' }), ...failures }

  app.get(
    '/sign-in/oidc',
    {
      schema: {
        tags: ['people'],
        summary: 'For browsers: go to the identity provider to sign in',
        querystring: z.object({ back: backSchema.default('/') }),
        response: found,
      },
    },
    (request, reply) =>
      leading(context, reply, async () => {
        const { url, remembered } = await departure(providerOf(options, request), request.query.back)
        const key = await startSignOn(context.database.pool, remembered, context.now())
        keepTry(options, request, reply, key)
        return url.href
      }),
  )

  app.get(
    '/sign-in/oidc/callback',
    {
      schema: {
        tags: ['people'],
        summary: 'For browsers: come back from the identity provider, and be signed in',
        response: found,
      },
    },
    (request, reply) => leading(context, reply, () => comeBack(options, request, reply)),
  )
}

/** Throws `sign_on.off`. */
function providerOf({ context, access }: PeopleOptions, request: FastifyRequest): Provider {
  const { signOn: settings } = access
  if (settings == null) throw failure('sign_on.off')
  const callback = `${ownAddress(request, access)}${path}/callback`
  return { settings, access, callback, now: Date.parse(context.now()) }
}

/** A browser cannot do anything with a problem: it is led to the page that shows it. */
async function leading(context: ApiContext, reply: FastifyReply, to: () => Promise<string>): Promise<void> {
  let place: string
  try {
    place = await to()
  } catch (error) {
    if (!(error instanceof SluiceError)) throw error
    if (error.cause !== undefined) context.logFault(error.cause)
    place = `/sign-in?problem=${error.problem.code}`
  }
  await reply.header('cache-control', 'no-store').redirect(place, 302)
}

/** It comes back from another site, so the cookie cannot be Strict; null: it is over. */
function keepTry(
  { access }: PeopleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
  key: string | null,
): void {
  const age = key === null ? 0 : tryMinutes * 60
  const place = cameSecurely(request, access)
    ? [`${cookies.secure}=${key ?? ''}`, 'Path=/', 'Secure']
    : [`${cookies.plain}=${key ?? ''}`, `Path=${path}`]
  void reply.header('set-cookie', [...place, `Max-Age=${age}`, 'HttpOnly', 'SameSite=Lax'].join('; '))
}

function keptTry(request: FastifyRequest, access: Access): string | undefined {
  return onlyCookie(request, cameSecurely(request, access) ? cookies.secure : cookies.plain)
}

async function comeBack(
  options: PeopleOptions,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<string> {
  const { context } = options
  const provider = providerOf(options, request)
  const key = keptTry(request, options.access)
  const remembered =
    key === undefined ? undefined : await takeSignOn(context.database.pool, key, context.now())
  keepTry(options, request, reply, null)
  // Whoever follows a link that somebody else began would be signed in as them.
  if (remembered === undefined) throw failure('sign_on.failed')
  const who = await arrival(provider, request.url.split('?')[1] ?? '', remembered)
  try {
    const user = await userFor(context, provider.settings, who)
    await signIn(options, request, reply, user)
    await note(options, request, user.email, 'done')
  } catch (error) {
    if (error instanceof SluiceError)
      await note(options, request, who.email ?? who.subject, error.problem.code)
    throw error
  }
  return remembered.back
}

/** The user somebody is here: known before, or by their verified address, or a new one where that is allowed. */
async function userFor(context: ApiContext, settings: SignOnSettings, who: Identity): Promise<Someone> {
  const { pool } = context.database
  const { issuer, subject } = who
  const email = emailSchema.safeParse(who.email).data
  const domain = email?.split('@').at(-1)
  if (settings.domains.length > 0 && !settings.domains.some((one) => one === domain))
    throw failure('sign_on.domain')
  const known = await findSignOn(pool, issuer, subject)
  if (known !== undefined) return unlessOff(known)
  // Anybody can write any address into an account of theirs; only a verified one says who they are.
  if (email === undefined || !who.emailVerified) throw failure('sign_on.unverified')
  const there = await findUser(pool, email)
  const user = there === undefined ? await newcomer(context, settings, email, who.name) : unlessOff(there)
  // An address passes to another person, or is claimed by a second account: neither is the user who came first.
  if (await isLinked(pool, issuer, user.id)) throw failure('sign_on.other_account')
  await linkSignOn(pool, { issuer, subject, userId: user.id, now: context.now() })
  return user
}

type Someone = Pick<User, 'id' | 'email' | 'name' | 'admin'>

function unlessOff<T extends Someone & { readonly disabledAt: string | null }>(user: T): T {
  if (user.disabledAt !== null) throw failure('sign_on.switched_off')
  return user
}

/** Whoever is invited becomes a member as invited; anybody else what the settings say. Throws `sign_on.unknown`. */
async function newcomer(
  { database, now: clock }: ApiContext,
  { newPeople }: SignOnSettings,
  email: string,
  name: string | null,
): Promise<User> {
  const now = clock()
  const invitations = await invitationsOf(database.pool, email, now)
  // The first admin comes by the link that sluice up prints, and nobody before them.
  const early = (await firstAdmin(database.pool)) === undefined
  if (early || (invitations.length === 0 && newPeople === null)) throw failure('sign_on.unknown')
  return database.transaction(async (client) => {
    const person = { email, name: name ?? email, password: null, admin: false, now }
    const user = await createUser(client, person)
    for (const { id, namespaceId, role, madeBy: by } of invitations) {
      await useLink(client, id, now)
      await putMember(client, namespaceId!, { userId: user.id, role: role!, by, now })
    }
    if (invitations.length === 0 && newPeople !== null) {
      const { id } = await findNamespace(client, newPeople.namespace)
      await putMember(client, id, { userId: user.id, role: newPeople.role, by: 'the identity provider', now })
    }
    return user
  })
}

async function note(
  { context, access }: PeopleOptions,
  request: FastifyRequest,
  who: string,
  result: string,
): Promise<void> {
  await writeAudit(context.database.pool, {
    at: context.now(),
    namespace: null,
    who,
    via: result === 'done' ? 'session' : 'none',
    address: addressOf(request, access),
    action: 'sign_in',
    what: null,
    did: 'Sign in at the identity provider',
    result,
    asked: null,
    before: null,
    after: null,
  })
}
