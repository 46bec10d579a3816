// Who asks, and all that a page needs to know of them and their namespaces in one answer.
import { z } from 'zod'
import { rightNames, rightsOf, type Right } from '../core/access.ts'
import { dialectNames } from '../core/namespaceSettings.ts'
import { placesOf, type Place } from '../db/read/places.ts'
import { twoFactorState } from '../db/twoFactor.ts'
import { firstAdmin, hasPassword } from '../db/users.ts'
import type { ApiContext } from './context.ts'
import { rightSchema, roleSchema } from './peopleSchemas.ts'
import type { Access } from './place.ts'
import type { Caller } from './who.ts'

export const signInOptionsSchema = z
  .object({
    passwordReset: z
      .boolean()
      .meta({ description: 'Whether who forgot their password can have a link mailed.' }),
    signOn: z
      .object({
        name: z.string().meta({ description: 'What the button says, such as Example Inc.' }),
        url: z.string().meta({ description: 'Where the button leads.' }),
      })
      .nullable()
      .meta({ description: 'Signing in at an identity provider (OpenID Connect); null: it is not set up.' }),
    firstAdmin: z
      .boolean()
      .meta({ description: 'Nobody can sign in yet: the link that sluice up prints makes the first admin.' }),
  })
  .meta({ id: 'SignInOptions' })
export type SignInOptions = z.infer<typeof signInOptionsSchema>

export const meSchema = z
  .object({
    via: z.enum(['socket', 'session', 'token', 'home_token', 'none']),
    name: z.string().meta({ description: 'What is kept as who did something.' }),
    user: z
      .object({
        email: z.string(),
        name: z.string(),
        hasPassword: z.boolean().meta({ description: 'False: they sign in at the identity provider only.' }),
        twoFactor: z.object({
          on: z.boolean(),
          recoveryCodes: z.int().meta({ description: 'How many of them are left.' }),
        }),
      })
      .nullable()
      .meta({ description: 'Null: at this machine, or a token.' }),
    admin: z.boolean().meta({ description: 'Looks after the whole installation.' }),
    namespaces: z.array(
      z.object({
        namespace: z.string(),
        label: z.string().meta({ description: 'As people call it; the name where nobody gave it a label.' }),
        role: roleSchema.nullable().meta({ description: 'Null: at this machine, or a token.' }),
        rights: z.array(rightSchema),
        zone: z.string(),
        dialect: z.enum(dialectNames),
        expiresAt: z
          .string()
          .nullable()
          .meta({ description: 'When it is dropped by itself; null: it stays.' }),
      }),
    ),
    options: signInOptionsSchema,
  })
  .meta({ id: 'Me' })
export type Me = z.infer<typeof meSchema>

/** Who asks, and what they may where. */
export async function meOf(context: ApiContext, access: Access, caller: Caller): Promise<Me> {
  const { pool } = context.database
  const { via, name, user, admin, token } = caller
  const places = await placesOf(pool, {
    userId: user?.id ?? null,
    all: admin || token !== null,
    ...(token === null ? {} : { only: token.namespace }),
  })
  return {
    via,
    name,
    user:
      user === null
        ? null
        : {
            email: user.email,
            name: user.name,
            hasPassword: await hasPassword(pool, user.id),
            twoFactor: await twoFactorState(pool, user.id),
          },
    admin,
    namespaces: places.map((place) => ({
      namespace: place.name,
      label: labelOf(place),
      ...standingOf(caller, place),
      zone: place.settings.zone,
      dialect: place.settings.dialect,
      expiresAt: place.expiresAt,
    })),
    options: await signInOptions(context, access),
  }
}

/** As people call it. */
export function labelOf({ name, settings }: Pick<Place, 'name' | 'settings'>): string {
  return settings.label === '' ? name : settings.label
}

/** The role and rights of a caller in one of their places. */
export function standingOf(
  { admin, user, token }: Caller,
  { role }: Pick<Place, 'role'>,
): { role: Place['role']; rights: Right[] } {
  if (token !== null) return { role: null, rights: [...token.rights] }
  if (admin) return { role: user === null ? null : 'owner', rights: rightNames }
  return { role, rights: role === null ? [] : [...rightsOf(role)] }
}

/** What the page to sign in offers. */
export async function signInOptions(context: ApiContext, access: Access): Promise<SignInOptions> {
  return {
    passwordReset: access.mail === true && (access.baseUrl ?? null) !== null,
    signOn: access.signOn == null ? null : { name: access.signOn.name, url: '/v1/sign-in/oidc' },
    firstAdmin: (await firstAdmin(context.database.pool)) === undefined,
  }
}
