// A job as YAML: written for people to read, keep under version control and edit; read back with the place of every fault.
import { stringify } from 'yaml'
import { z } from 'zod'
import { dialectSchema } from './dialect.ts'
import { breakerSchema, emptyDefinition, type ImportDefinition } from './job.ts'
import { jobNameSchema, jobSetupSchema, type JobSetup } from './jobSetup.ts'
import type { JobState } from './jobState.ts'
import { checkMapping, plainMapping } from './mappingFile.ts'
import { mappingSchema, writePolicySchema, type Mapping } from './mapping.ts'
import { nearest } from './nearest.ts'
import { failure } from './problems.ts'
import {
  failurePolicySchema,
  notifySchema,
  quietSchema,
  recordRetrySchema,
  stagedSchema,
  thresholdSchema,
} from './setup/policies.ts'
import { scheduleSchema, type Schedule } from './setup/schedule.ts'
import { sourceSchema } from './setup/source.ts'
import { readYaml, type YamlDocument, type YamlPath } from './yamlDocument.ts'

/** A job as a file says it. What is left out of a file is the default, but for the mapping: that stays as it is. */
export interface JobFile {
  readonly name: string
  /** True: it is to be switched on; false: off; null: nothing is said. */
  readonly active: boolean | null
  readonly setup: JobSetup
  readonly reading: Pick<ImportDefinition, 'dialect' | 'columns' | 'mapping'> | null
  readonly writing: Pick<ImportDefinition, 'policy' | 'breaker'>
}

const { rule: ruleSchema, ...aroundRule } = scheduleSchema.shape

/** In a file the rule stands beside zone, start and end: there is nothing else it could belong to. */
const fileScheduleSchema = z.union(ruleSchema.options.map((option) => option.extend(aroundRule)))

const fileDialectSchema = dialectSchema.extend({
  format: dialectSchema.shape.format.default('csv'),
  encoding: dialectSchema.shape.encoding.default('utf-8'),
})

const fileSchema = z.object({
  job: jobNameSchema,
  active: z.boolean().nullable().default(null),
  ...jobSetupSchema.shape,
  schedule: fileScheduleSchema.nullable().default(null),
  dialect: fileDialectSchema.optional(),
  columns: z.array(z.string()).optional(),
  mapping: mappingSchema.optional(),
  policy: writePolicySchema.default(writePolicySchema.parse({})),
  breaker: breakerSchema.nullable().default(breakerSchema.parse({})),
})
type Filed = z.infer<typeof fileSchema>

/** Reads the jobs of a file, `---` between them. `file` names it in faults: `jobfile.invalid`, `jobfile.no_job`. */
export function jobsFromYaml(text: string, file: string): JobFile[] {
  const refuse = (line: number, at: number, detail: string): Error =>
    failure('jobfile.invalid', { file, line, at, detail })
  const jobs = readYaml(text, refuse).map(jobOf)
  if (jobs.length === 0) throw failure('jobfile.no_job', { file })
  return jobs
}

function jobOf(document: YamlDocument): JobFile {
  const data = document.plain()
  const filed = document.parse(fileSchema, data)
  const strange = strangeKey(data, filed, [])
  if (strange !== null) throw document.faultAtKey(strange.path, strange.detail)
  const { job, active, dialect, columns, mapping, policy, breaker, schedule, ...setup } = filed
  if (mapping === undefined)
    for (const part of ['dialect', 'columns'] as const)
      if (filed[part] !== undefined)
        throw document.faultAtKey([part], `${part} says how files are read, so it needs a mapping beside it`)
  if (mapping !== undefined) checkMapping(mapping, document, ['mapping'])
  const header = columns ?? columnsOf(mapping)
  return {
    name: job,
    active,
    setup: jobSetupSchema.parse({ ...setup, schedule: nested(schedule) }),
    reading:
      mapping === undefined
        ? null
        : { dialect: dialect ?? emptyDefinition.dialect, columns: header, mapping },
    writing: { policy, breaker },
  }
}

/** The columns of the file that a mapping names; computed ones are none. */
function columnsOf(mapping: Mapping | undefined): string[] {
  return (mapping?.columns ?? []).filter(({ compute }) => compute === undefined).map(({ column }) => column)
}

function nested(flat: Filed['schedule']): Schedule | null {
  if (flat === null) return null
  const { zone, start, end, missed, overlap, ...rule } = flat
  return { rule, zone, start, end, missed, overlap }
}

function flat({ rule, ...around }: Schedule): object {
  return { ...rule, ...around }
}

/** A key that nothing reads: it would be a wish nobody hears. */
function strangeKey(
  given: unknown,
  read: unknown,
  path: YamlPath,
): { path: YamlPath; detail: string } | null {
  if (Array.isArray(given) && Array.isArray(read)) {
    for (const [i, one] of given.entries()) {
      const found = strangeKey(one, read[i], [...path, i])
      if (found !== null) return found
    }
    return null
  }
  if (!isObject(given) || !isObject(read)) return null
  for (const [key, value] of Object.entries(given)) {
    if (!(key in read)) return { path: [...path, key], detail: strangeText(key, path, Object.keys(read)) }
    const found = strangeKey(value, read[key], [...path, key])
    if (found !== null) return found
  }
  return null
}

function strangeText(key: string, path: YamlPath, known: readonly string[]): string {
  const names = path.length === 0 ? [...known, ...Object.keys(fileSchema.shape)] : known
  const near = nearest(key, [...new Set(names)])
  const where = path.length === 0 ? 'a job file' : path.join('.')
  return `${key} is nothing ${where} has.${near === undefined ? '' : ` Did you mean ${near}?`}`
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const heading = `# Change it, then: sluice job plan FILE to see what would change, sluice job apply FILE to do it.
# What is left out is the default; docs/guides/jobs-as-files.md says what there is.
`

/** The YAML text of jobs. Secrets are not in it: jobs know them by name. */
export function jobsToYaml(jobs: readonly JobFile[]): string {
  const texts = jobs.map((job) =>
    stringify(plainJob(job), { lineWidth: 0, aliasDuplicateObjects: false }).replace(/^(?=mapping:)/m, '\n'),
  )
  return heading + texts.join('---\n')
}

/** A job as a file has it: without what equals the default. */
export function plainJob({ name, active, setup, reading, writing }: JobFile): Record<string, unknown> {
  const { description, ...rest } = plainSetup(setup)
  const header =
    reading === null || same(reading.columns, columnsOf(reading.mapping)) ? null : reading.columns
  return {
    job: name,
    ...(description === undefined ? {} : { description }),
    ...(active === null ? {} : { active }),
    ...rest,
    ...some('policy', minimal(writePolicySchema, writing.policy)),
    ...(writing.breaker === null
      ? { breaker: null }
      : some('breaker', minimal(breakerSchema, writing.breaker))),
    ...some('dialect', reading && minimal(fileDialectSchema, reading.dialect)),
    ...(header === null ? {} : { columns: header }),
    ...(reading === null ? {} : { mapping: plainMapping(reading.mapping) }),
  }
}

/** A setup as a file has it. */
export function plainSetup(setup: JobSetup): Record<string, unknown> {
  const {
    description,
    source,
    schedule,
    failure: failing,
    staged,
    recordRetry,
    notify,
    quiet,
    thresholds,
    ...rest
  } = setup
  return {
    ...(description === '' ? {} : { description }),
    source: minimal(sourceSchema, source),
    ...some('schedule', schedule && minimal(fileScheduleSchema, flat(schedule))),
    ...(quiet === null ? {} : { quiet: minimal(quietSchema, quiet) }),
    ...minimal(jobSetupSchema, rest),
    ...some('failure', minimal(failurePolicySchema, failing)),
    ...(staged === null ? {} : { staged: minimal(stagedSchema, staged) }),
    ...some('recordRetry', recordRetry && minimal(recordRetrySchema, recordRetry)),
    ...some('notify', minimal(notifySchema, notify)),
    ...(thresholds.length === 0
      ? {}
      : { thresholds: thresholds.map((one) => minimal(thresholdSchema, one)) }),
  }
}

function some(key: string, value: object | null): object {
  return value === null || Object.keys(value).length === 0 ? {} : { [key]: value }
}

/** Without the settings that come back by themselves when they are left out. */
function minimal(schema: z.ZodType, value: object): object {
  let kept: Record<string, unknown> = { ...value }
  for (const key of Object.keys(value)) {
    const { [key]: one, ...without } = kept
    const read = schema.safeParse(without)
    if (read.success && isObject(read.data) && same(read.data[key], one)) kept = without
  }
  return kept
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** What a job is, as a file: `definition` as it stands, or none where it has no mapping yet. */
export function jobFileOf(
  name: string,
  active: boolean | null,
  setup: JobSetup,
  definition: ImportDefinition,
): JobFile {
  const { dialect, columns, mapping, policy, breaker } = definition
  const reading = mapping.columns.length === 0 ? null : { dialect, columns, mapping }
  return { name, active, setup, reading, writing: { policy, breaker } }
}

/** Whether it is on is part of a recurring job; a one-time job is on while it runs, and nobody wants that in a file. */
export function activeInFile(kind: 'one_time' | 'recurring', state: JobState): boolean | null {
  return kind === 'recurring' && (state === 'active' || state === 'paused') ? state === 'active' : null
}

/** The definition a job has after a file was applied to it; `before`: the one it had. */
export function definitionAfter({ reading, writing }: JobFile, before: ImportDefinition): ImportDefinition {
  return { ...before, ...reading, ...writing }
}
