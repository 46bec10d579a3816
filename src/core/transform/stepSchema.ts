// The steps that change a cell before it is read as a type, computed columns, and filters, as plain data (YAML, JSON).
import { z } from 'zod'

/** Limits that keep a definition small enough to store with every version of a job. */
export const stepsMax = 20
export const filtersMax = 20
export const lookupEntriesMax = 10_000
export const expressionLengthMax = 4000

const text = z.string().max(1000)
const column = z.string().min(1).max(1000)
const expression = z.string().min(1).max(expressionLengthMax)
const joined = z.strictObject({
  from: z.array(column).min(1).max(50),
  /** Between them; blank cells are left out. */
  with: text.default(' '),
})

/** Steps without settings. `squeeze`: several blanks become one. */
export const stepWords = ['trim', 'squeeze'] as const

const steps = {
  case: z.enum(['upper', 'lower', 'title']),
  /** `take`: the n-th part, from 1; negative counts from the end. Without it the value becomes a list. */
  split: z.strictObject({
    by: z.string().min(1).max(100),
    take: z
      .int()
      .min(-100)
      .max(100)
      .refine((n) => n !== 0, 'the first part is 1, the last one is -1')
      .optional(),
  }),
  join: joined,
  replace: z
    .strictObject({ text: z.string().min(1).max(1000), pattern: z.string().min(1).max(1000), with: text })
    .partial({ text: true, pattern: true })
    .refine((r) => (r.text === undefined) !== (r.pattern === undefined), 'name text or pattern, one of them'),
  lookup: z.strictObject({
    table: z
      .record(z.string().max(1000), text)
      .refine(
        (table) => Object.keys(table).length <= lookupEntriesMax,
        `a lookup table has at most ${lookupEntriesMax} entries`,
      ),
    /** A value that is not in the table. */
    otherwise: z.enum(['keep', 'blank', 'fail']).default('fail'),
    /** Whether AT and at are the same. */
    ignoreCase: z.boolean().default(false),
  }),
  constant: text,
  /** Where the cell is blank. */
  default: text,
  hash: z.enum(['sha256', 'md5']),
  /** How the date is written, for example `dd.MM.yyyy HH:mm`. */
  date: z.string().min(1).max(50),
  number: z.strictObject({ decimal: z.enum(['.', ',']), group: z.string().max(1).default('') }),
  /** From the n-th character (1 is the first, negative from the end), so many characters. */
  substring: z.strictObject({
    from: z
      .int()
      .min(-10_000)
      .max(10_000)
      .refine((n) => n !== 0, 'the first character is 1')
      .default(1),
    length: z.int().min(1).max(1_000_000).optional(),
  }),
  /** Filled up at the front: zip codes that lost their zeros. */
  pad: z.strictObject({ to: z.int().min(1).max(1000), with: z.string().min(1).max(1).default('0') }),
  copy: column,
  cel: expression,
} as const

/** The names of steps with settings. */
export const stepNames = Object.keys(steps) as (keyof typeof steps)[]

const oneStep = z
  .strictObject(steps)
  .partial()
  .refine(
    (step) => Object.keys(step).length === 1,
    'a step does one thing; begin a new line with - for the next',
  )

export const stepSchema = z
  .union([
    z.enum(stepWords, {
      error: `a step is ${stepWords.join(' or ')}, or begins with one of ${stepNames.join(', ')}`,
    }),
    oneStep,
  ])
  .meta({ id: 'Step' })

/** Where the value of a computed column comes from, before its steps. */
export const computeSchema = z
  .strictObject({ copy: steps.copy, join: steps.join, constant: steps.constant, cel: steps.cel })
  .partial()
  .refine(
    (from) => Object.keys(from).length === 1,
    'a computed value comes from one of copy, join, constant, cel',
  )
  .meta({ id: 'Compute' })

export const filterSchema = z
  .strictObject({
    /** As receipts and lists name it. */
    name: z
      .string()
      .min(1)
      .max(60)
      .regex(/^[^\p{C}]+$/u, 'a name is one line of text')
      .refine((name) => name.trim() === name, 'a name does not begin or end with a blank'),
    /** CEL: records for which it is true go on, the others are skipped. */
    keep: expression,
    /** A record the expression cannot decide about. */
    onError: z.enum(['fail', 'skip']).default('fail'),
  })
  .meta({ id: 'Filter' })

export type Step = z.infer<typeof stepSchema>
export type Compute = z.infer<typeof computeSchema>
export type Filter = z.infer<typeof filterSchema>
/** The setting of one kind of step. */
export type StepSetting<Name extends keyof typeof steps> = z.infer<(typeof steps)[Name]>
