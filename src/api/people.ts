// Everything about people in one place: what guards the server, and the routes for users, members, tokens and the audit.
import type { FastifyInstance } from 'fastify'
import type { FastifyPluginAsyncZod } from 'fastify-type-provider-zod'
import { guard } from './access.ts'
import { auditRoutes, wholeAuditRoutes } from './audit.ts'
import { audit, lookBefore } from './auditHook.ts'
import type { ApiContext } from './context.ts'
import { secureHeaders } from './headers.ts'
import { limitRequests } from './limits.ts'
import { memberChangeRoutes, memberRoute, memberRoutes } from './members.ts'
import type { Access } from './place.ts'
import type { PeopleOptions } from './peopleSchemas.ts'
import { meRoutes, ownEmailRoutes } from './profile.ts'
import { sessionRoute, sessionRoutes } from './sessions.ts'
import { signInRoutes, signInStepRoutes } from './signIn.ts'
import { signOnRoutes } from './signOn.ts'
import { tokenChangeRoutes, tokenRoute, tokenRoutes } from './tokens.ts'
import { twoFactorChangeRoutes, twoFactorResetRoutes, twoFactorRoutes } from './twoFactor.ts'
import { linkRoutes, linkUseRoutes, userRoute, userRoutes } from './users.ts'

/** Guards every route that is added after: who asks, whether they may, how often; and writes the audit. */
export async function protect(app: FastifyInstance, context: ApiContext, access: Access): Promise<void> {
  const check = guard(context, access)
  app.addHook('onRequest', async (request, reply) => {
    try {
      await check(request, reply)
    } catch (error) {
      await countRefused(request, reply)
      throw error
    }
  })
  app.addHook('preHandler', lookBefore(context))
  app.addHook('onSend', secureHeaders(access))
  app.addHook('onSend', audit(context, access))
  const countRefused = await limitRequests(app, access)
}

const inNamespace: readonly FastifyPluginAsyncZod<PeopleOptions>[] = [
  memberRoutes,
  memberRoute,
  memberChangeRoutes,
  tokenRoutes,
  tokenRoute,
  tokenChangeRoutes,
  auditRoutes,
]
const everywhere: readonly FastifyPluginAsyncZod<PeopleOptions>[] = [
  signInRoutes,
  signInStepRoutes,
  signOnRoutes,
  meRoutes,
  ownEmailRoutes,
  sessionRoutes,
  sessionRoute,
  twoFactorRoutes,
  twoFactorChangeRoutes,
  twoFactorResetRoutes,
  linkRoutes,
  linkUseRoutes,
  userRoutes,
  userRoute,
  wholeAuditRoutes,
]

/** Adds the routes about people. Without `access` they are only described. */
export async function addPeople(
  app: FastifyInstance,
  context: ApiContext,
  access: Access | null,
): Promise<void> {
  const options = { context, access: access ?? { token: '', tokenFile: '' } }
  for (const routes of inNamespace)
    await app.register(routes, { prefix: '/v1/namespaces/:namespace', ...options })
  for (const routes of everywhere) await app.register(routes, { prefix: '/v1', ...options })
}
