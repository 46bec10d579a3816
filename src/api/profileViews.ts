// Profiles as the API answers them.
import { z } from 'zod'
import { attributeTypes } from '../core/attribute.ts'
import { pageLimit } from './params.ts'

const cell = z
  .unknown()
  .meta({ description: 'By type; integers and numbers that JavaScript cannot hold come as text.' })

export const filterQuery = z.object({
  identifier: z.string().optional().meta({ description: 'Any identifier with this value.' }),
  text: z
    .string()
    .trim()
    .max(200)
    .optional()
    .meta({ description: 'An identifier or a text attribute contains this, in small or capital letters.' }),
  where: z
    .union([z.string(), z.array(z.string())])
    .optional()
    .meta({
      description:
        'Conditions that all hold: city=Wien, lifetime_value>=100, first_name~ad, city= (no value), city!= (a value).',
    }),
})

export const listQuery = filterQuery.extend({
  starts: z.string().trim().min(1).max(256).optional().meta({
    description:
      'Instead of other conditions: the first profiles by identifiers that begin with this, in the order of those. Answers at once, however many profiles there are.',
  }),
  quick: z.stringbool().default(false).meta({
    description:
      'Answer what was found in a tenth of a second: a short or empty page with a next is not the end.',
  }),
  cursor: z.coerce.number().int().min(0).optional(),
  limit: pageLimit,
})

export const linesQuery = z.object({
  lines: z.stringbool().default(true).meta({
    description: 'False: without the lines of the files, which are read from what landed and take longer.',
  }),
})

export const profileViewSchema = z
  .object({
    id: z.int(),
    createdAt: z.string(),
    updatedAt: z.string(),
    identifiers: z
      .array(z.object({ kind: z.string(), value: z.string() }))
      .meta({ description: 'As they were given, the strongest first; at most four.' }),
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
