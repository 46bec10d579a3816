// The mapping: which column becomes which attribute or identifier, and how its values are cleaned. Plain data (YAML, JSON).
import { z } from 'zod'
import { attributeKey, attributeTypes } from './attribute.ts'
import { computeSchema, filterSchema, filtersMax, stepSchema, stepsMax } from './transform/stepSchema.ts'

const formatSchema = z
  .object({
    /** One date order for the whole column; 03/04 is a different day under each. */
    dateOrder: z.enum(['dmy', 'mdy', 'ymd']),
    decimal: z.enum(['.', ',']),
    /** Between list values. */
    separator: z.string().min(1).max(8),
    /** Zone of timestamps that carry none. */
    timeZone: z.string(),
    /** Default country of phone numbers without +, ISO 3166 alpha-2. */
    country: z.string().length(2),
    trueWords: z.array(z.string()),
    falseWords: z.array(z.string()),
  })
  .partial()

/** How a value is cleaned before it is checked; by default it follows from the type. */
export const cleaners = ['none', 'email', 'phone', 'country'] as const

const attributeTarget = z.object({
  to: z.literal('attribute'),
  key: attributeKey,
  type: z.enum(attributeTypes),
  clean: z.enum(cleaners).default('none'),
  write: z.enum(['set', 'set_if_empty']).default('set'),
})
const identifierTarget = z.object({ to: z.literal('identifier'), kind: z.string() })
const asOfTarget = z.object({ to: z.literal('as_of') })
const ignoreTarget = z.object({ to: z.literal('ignore'), why: z.string().optional() })

export const columnMappingSchema = z
  .object({
    column: z.string(),
    /** The value is not a cell of the file: `column` is only its name. */
    compute: computeSchema.optional(),
    /** What happens to the cell before it is read, in this order. */
    steps: z.array(stepSchema).max(stepsMax).optional(),
    target: z.discriminatedUnion('to', [attributeTarget, identifierTarget, asOfTarget, ignoreTarget]),
    format: formatSchema.default({}),
    /** What an empty cell means. */
    blank: z.enum(['ignore', 'clear', 'reject']).default('ignore'),
    /** A value that does not fit fails the record, or leaves this column out with a warning. */
    onBad: z.enum(['fail', 'blank']).default('fail'),
  })
  .meta({ id: 'ColumnMapping' })

export const mappingSchema = z
  .object({
    columns: z.array(columnMappingSchema),
    /** A cell with exactly this text clears the value, whatever the blank policy. */
    clearToken: z.string().min(1).optional(),
    /** A record that one of them does not keep is skipped. */
    filters: z.array(filterSchema).max(filtersMax).optional(),
    /** Named extra checks, e.g. blueshift (BS-D09, BS-D10). */
    checks: z.array(z.enum(['blueshift'])).default([]),
  })
  .meta({ id: 'Mapping' })

export type ColumnFormat = z.infer<typeof formatSchema>
export type ColumnMapping = z.infer<typeof columnMappingSchema>
export type Mapping = z.infer<typeof mappingSchema>

/** How records become writes (design section 9). */
export const writePolicySchema = z
  .object({
    /**
     * delete: every record deletes its profile. mirror: upsert, and then profiles that this job delivered before and that
     * the file does not have any more are deleted.
     */
    mode: z.enum(['upsert', 'create_only', 'update_only', 'delete', 'mirror']).default('upsert'),
    /** Identifiers of one record that belong to several profiles. */
    onSeveral: z.enum(['merge', 'reject', 'highest']).default('merge'),
    /** Somebody twice in one file: the last row wins (default), or the first and the rest are skipped. */
    duplicates: z.enum(['last', 'first']).default('last'),
  })
  .meta({ id: 'WritePolicy' })
export type WritePolicy = z.infer<typeof writePolicySchema>
