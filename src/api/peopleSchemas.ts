// What routes about people share: what they need, and the forms of addresses, passwords, rights and roles.
import { z } from 'zod'
import { rightNames, roleNames, type Right } from '../core/access.ts'
import type { ApiContext } from './context.ts'
import type { Access } from './place.ts'

/** What routes about people need. */
export interface PeopleOptions {
  readonly context: ApiContext
  readonly access: Access
}

export const emailSchema = z
  .string()
  .trim()
  .toLowerCase()
  .max(254)
  .regex(/^[^\s@]+@[^\s@]+$/, 'an e-mail address such as ada@example.com')

/** Not checked here: a password that does not fit gets a sentence of its own. */
export const passwordSchema = z.string().max(4_096).meta({ description: '12 characters or more.' })

export const personNameSchema = z.string().trim().min(1).max(100)

export const rightSchema = z.enum(rightNames as [Right, ...Right[]])
export const roleSchema = z.enum(roleNames)
