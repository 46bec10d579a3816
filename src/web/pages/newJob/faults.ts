// What is wrong with a step before it is sent: the rules of the API, told at the field.
import { jobNameSchema, jobSetupSchema } from '../../../core/jobSetup.ts'
import { writePolicySchema } from '../../../core/mapping.ts'
import { breakerSchema } from '../../../core/job.ts'
import type { z } from 'zod'
import type { Draft } from './draft.ts'
import type { StepKey } from './steps.ts'

/** By field, with dots: `name`, `source.path`, `schedule.rule.at`. */
export type Faults = Readonly<Record<string, string>>

const {
  source,
  lane,
  schedule,
  quiet,
  after,
  failure,
  staged,
  recordRetry,
  notify,
  thresholds,
  description,
} = jobSetupSchema.shape

/** Empty: it can be sent. Names and mappings that only the server can judge are refused by it. */
export function faultsOf(step: StepKey, { name, setup, definition }: Draft): Faults {
  switch (step) {
    case 'source':
      return {
        ...(name.trim() === '' ? { name: 'A job needs a name.' } : check(jobNameSchema, name, 'name')),
        ...check(source, setup.source, 'source'),
        ...check(lane, setup.lane, 'lane'),
        ...check(description, setup.description, 'description'),
      }
    case 'schedule':
      return {
        ...check(schedule, setup.schedule, 'schedule'),
        ...check(quiet, setup.quiet, 'quiet'),
        ...check(after, setup.after, 'after'),
      }
    case 'rules':
      return {
        ...check(failure, setup.failure, 'failure'),
        ...check(staged, setup.staged, 'staged'),
        ...check(recordRetry, setup.recordRetry, 'recordRetry'),
        ...check(notify, setup.notify, 'notify'),
        ...check(thresholds, setup.thresholds, 'thresholds'),
        ...check(writePolicySchema, definition.policy, 'policy'),
        ...(definition.breaker === null ? {} : check(breakerSchema, definition.breaker, 'breaker')),
      }
    default:
      return {}
  }
}

function check(schema: z.ZodType, value: unknown, within: string): Faults {
  const read = schema.safeParse(value)
  if (read.success) return {}
  return Object.fromEntries(
    read.error.issues.map((issue) => [[within, ...issue.path.map(String)].join('.'), wordsOf(issue)]),
  )
}

/** The library's own sentences are for programmers; ours are kept. */
function wordsOf(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'too_small':
      return issue.origin === 'array'
        ? 'Choose at least one.'
        : limitText('at least', issue.minimum, issue.origin)
    case 'too_big':
      return limitText('at most', issue.maximum, issue.origin)
    case 'invalid_type':
      return 'This is needed.'
    case 'invalid_format':
      return issue.format === 'email'
        ? 'This is no e-mail address.'
        : issue.message.startsWith('Invalid')
          ? 'This is not written as it should be.'
          : `It must be ${issue.message}.`
    default:
      return issue.message.startsWith('Invalid')
        ? 'This does not fit.'
        : `${issue.message.replace(/\.$/, '')}.`
  }
}

function limitText(words: string, limit: number | bigint, origin: string): string {
  if (origin === 'string') return limit === 1 ? 'This is needed.' : `It has ${words} ${limit} characters.`
  return `It must be ${words} ${limit}.`
}
