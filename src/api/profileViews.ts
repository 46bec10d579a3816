// Profiles as the API answers them.
import { z } from 'zod'
import { attributeTypes } from '../core/attribute.ts'
import { pageLimit } from './params.ts'

const cell = z
  .unknown()
  .meta({ description: 'By type; integers and numbers that JavaScript cannot hold come as text.' })

export const filterQuery = z.object({
  identifier: z.string().optional().meta({ description: 'Any identifier with this value.' }),
  where: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({
      description:
        'Conditions that all hold: city=Wien, lifetime_value>=100, first_name~ad, city= (no value), city!= (a value).',
    }),
})

export const listQuery = filterQuery.extend({
  cursor: z.coerce.number().int().min(0).optional(),
  limit: pageLimit,
})

export const profileViewSchema = z
  .object({
    id: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
    attributes: z.record(z.string(), cell),
  })
  .meta({ id: 'ProfileView' })

export const profilePageSchema = z
  .object({ profiles: z.array(profileViewSchema), next: z.int().nullable() })
  .meta({ id: 'ProfilePage' })
export type ProfilePage = z.infer<typeof profilePageSchema>

export const sourceSchema = z
  .object({
    record: z.string().meta({ description: 'The record that asserted it, for example r1042/17.' }),
    run: z.string(),
    file: z.string().nullable(),
    line: z.int().nullable().meta({ description: 'Line of the file, while the run\u2019s landing is kept.' }),
    asOf: z.string(),
  })
  .meta({ id: 'ValueSource' })

export const profileDetailSchema = z
  .object({
    id: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
    createdBy: sourceSchema,
    identifiers: z.array(
      z.object({
        kind: z.string(),
        label: z.string(),
        value: z.string(),
        given: z.string().nullable(),
        source: sourceSchema.nullable(),
      }),
    ),
    attributes: z.array(
      z.object({
        key: z.string(),
        label: z.string(),
        type: z.enum(attributeTypes),
        value: cell,
        source: sourceSchema.nullable(),
      }),
    ),
  })
  .meta({ id: 'ProfileDetailView' })
export type ProfileDetailView = z.infer<typeof profileDetailSchema>

export const countSchema = z.object({ count: z.int() }).meta({ id: 'Count' })
