// Jobs as YAML: a round trip changes nothing, and what does not fit has its place in the file (requirements rank 19; LY-20).
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jobsFromYaml, jobsToYaml, type JobFile } from './jobFile.ts'
import { emptyDefinition } from './job.ts'
import { jobSetupSchema, type JobSetup } from './jobSetup.ts'
import { planJob } from './jobPlan.ts'
import type { JobState } from './jobState.ts'
import { mappingSchema } from './mapping.ts'
import type { SluiceError } from './problem.ts'
import { weekdays } from './setup/schedule.ts'

const name = fc.stringMatching(/^[\p{L}\d"'#:{}[\]&*!|>%@-][\p{L}\d ._:#"'-]{0,20}[\p{L}\d]$/u)
const time = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
  .map((parts) => parts.map((n) => String(n).padStart(2, '0')).join(':'))
const orNull = <T>(one: fc.Arbitrary<T>) => fc.option(one, { nil: null })

const source = fc.oneof(
  fc.constant({ kind: 'upload' as const }),
  fc.record({
    kind: fc.constant('folder' as const),
    path: fc.constantFrom('', 'in', 'a/b c', 'yes', '1e3'),
    pattern: fc.constantFrom('*', '*.csv', 'x_{date:YYYYMMDD}.csv', '#1.csv'),
    take: fc.constantFrom('newest' as const, 'all' as const),
    maxAgeHours: orNull(fc.integer({ min: 1, max: 1000 })),
    marker: orNull(fc.constantFrom('{name}.done', 'no')),
    onArrival: fc.boolean(),
    expectedBy: orNull(time),
  }),
  fc.record({ kind: fc.constant('profiles' as const), where: fc.array(name, { maxLength: 3 }) }),
)
const rule = fc.oneof(
  fc.record({
    kind: fc.constant('times_per_day' as const),
    times: fc.integer({ min: 1, max: 1440 }),
    from: time,
  }),
  fc.record({
    kind: fc.constant('weekdays' as const),
    days: fc.uniqueArray(fc.constantFrom(...weekdays), { minLength: 1 }),
    at: time,
  }),
  fc.record({
    kind: fc.constant('day_of_month' as const),
    day: fc.integer({ min: 1, max: 31 }),
    at: time,
    missing: fc.constantFrom('skip' as const, 'last_day' as const),
  }),
  fc.record({
    kind: fc.constant('weekday_of_month' as const),
    which: fc.constantFrom('first' as const, 'last' as const),
    day: fc.constantFrom(...weekdays),
    at: time,
  }),
  fc.record({ kind: fc.constant('every' as const), minutes: fc.integer({ min: 1, max: 500_000 }) }),
  fc.constant({ kind: 'cron' as const, expression: '*/5 6-20 * * 1-5' }),
)
const schedule = fc.record({
  rule,
  zone: orNull(fc.constantFrom('Europe/Vienna', 'UTC')),
  start: orNull(fc.constant('2026-03-01T00:00:00Z')),
  end: orNull(fc.constant('2027-03-01T00:00:00+01:00')),
  missed: fc.constantFrom('skip' as const, 'run_once' as const),
  overlap: fc.constantFrom('queue' as const, 'skip' as const),
})
const setup: fc.Arbitrary<JobSetup> = fc
  .record({
    description: fc.oneof(fc.constant(''), name, fc.constant('two\nlines: # of "text"\n')),
    source,
    schedule: orNull(schedule),
    after: orNull(name),
    lane: fc.constantFrom('main', 'slow-1'),
    skipSeen: fc.boolean(),
    failure: fc.record({
      reruns: fc.integer({ min: 0, max: 10 }),
      rerunMinutes: fc.integer({ min: 1, max: 360 }),
      errorWindowHours: orNull(fc.integer({ min: 1, max: 700 })),
    }),
    staged: orNull(
      fc.record({ perRun: orNull(fc.integer({ min: 1 })), everyMinutes: fc.integer({ min: 1, max: 500 }) }),
    ),
    recordRetry: orNull(fc.record({ codes: fc.array(name, { minLength: 1, maxLength: 3 }) })),
    notify: fc.record({
      emails: fc.array(fc.constantFrom('a@example.com', 'b@example.com'), { maxLength: 2 }),
      when: fc.constantFrom('each_run' as const, 'failures' as const, 'health' as const),
    }),
    thresholds: fc.array(
      fc.record({
        counter: fc.constantFrom('added' as const, 'omitted' as const),
        per: fc.constantFrom('hour' as const, 'week' as const),
        min: fc.integer({ min: 0, max: 9 }),
        max: orNull(fc.integer({ min: 9 })),
        tolerated: fc.integer({ min: 0, max: 2 }),
      }),
      { maxLength: 2 },
    ),
  })
  .map((one) => jobSetupSchema.parse(one))

// Mappings have a round trip of their own (mappingFile.test.ts); here they only have to be there.
const mappings = fc.uniqueArray(name, { minLength: 1, maxLength: 4 }).map((columns) =>
  mappingSchema.parse({
    columns: columns.map((column, i) => ({
      column,
      target:
        i === 0 ? { to: 'identifier', kind: 'email' } : { to: 'attribute', key: `key_${i}`, type: 'text' },
    })),
  }),
)

const job: fc.Arbitrary<JobFile> = fc
  .record({
    name,
    active: orNull(fc.boolean()),
    setup,
    mapping: orNull(mappings),
    noBreaker: fc.boolean(),
    delimiter: fc.constantFrom(',', ';', '\t', '||'),
  })
  .map(({ mapping, noBreaker, delimiter, ...rest }) => ({
    ...rest,
    reading:
      mapping === null
        ? null
        : {
            dialect: { ...emptyDefinition.dialect, delimiter },
            columns: mapping.columns.map(({ column }) => column),
            mapping,
          },
    writing: { policy: emptyDefinition.policy, breaker: noBreaker ? null : emptyDefinition.breaker },
  }))

test('rank 19: a job survives YAML', () => {
  fc.assert(
    fc.property(fc.array(job, { minLength: 1, maxLength: 3 }), (jobs) => {
      expect(jobsFromYaml(jobsToYaml(jobs), 'jobs.yaml')).toEqual(jobs)
    }),
    { seed: 20260301, numRuns: 300 },
  )
})

test('rank 19: applying what was exported changes nothing', () => {
  fc.assert(
    fc.property(job, (one) => {
      const definition = { ...emptyDefinition, ...one.reading, ...one.writing }
      const [file] = jobsFromYaml(jobsToYaml([one]), 'jobs.yaml')
      const plan = planJob({ ...file!, active: null }, { state: 'active', setup: one.setup, definition })
      expect(plan).toMatchObject({ what: 'keep', changes: [], move: null })
    }),
    { seed: 20260302, numRuns: 200 },
  )
})

function faultOf(text: string): object | undefined {
  try {
    jobsFromYaml(text, 'crm.yaml')
    return undefined
  } catch (error) {
    return (error as SluiceError).problem
  }
}

describe('rank 19: what does not fit has its place', () => {
  const rows: readonly (readonly [string, string, number, number, RegExp])[] = [
    [
      'a key nothing reads',
      'job: crm\nshedule: {}\n',
      2,
      1,
      /shedule is nothing a job file has\. Did you mean schedule\?/,
    ],
    [
      'one within a part',
      'job: crm\nsource:\n  kind: folder\n  patern: "*.csv"\n',
      4,
      3,
      /patern is nothing source has\. Did you mean pattern\?/,
    ],
    ['an unknown kind', 'job: crm\nsource: {kind: ftp}\n', 2, 16, /source\.kind/],
    [
      'a wrong time',
      'job: crm\nschedule:\n  kind: weekdays\n  days: [monday]\n  at: "25:00"\n',
      5,
      7,
      /schedule\.at: a time such as 06:30/,
    ],
    ['a text like a number', 'job: 2026\n', 1, 6, /goes in quotes/],
    ['no name', 'source: {kind: upload}\n', 1, 1, /job/],
    ['broken YAML', 'job: crm\nsource: [\n', 3, 1, /./],
    ['a path out of the root', 'job: crm\nsource: {kind: folder, path: ../etc}\n', 2, 30, /below the root/],
    ['a mapping of nothing', 'job: crm\ncolumns: [a]\n', 2, 1, /needs a mapping/],
    [
      'a fault in the mapping',
      'job: crm\nmapping:\n  columns:\n    - column: a\n      target: {to: attribut}\n',
      5,
      20,
      /mapping\.columns\.0\.target/,
    ],
    ['in the second job', 'job: a\n---\njob: b\nlain: x\n', 4, 1, /lain/],
  ]
  test.each(rows)('%s', (_, text, line, at, detail) => {
    const problem = faultOf(text)
    expect(problem).toMatchObject({ code: 'jobfile.invalid', details: { file: 'crm.yaml', line } })
    const { details } = problem as { details: { at: number; detail: string } }
    expect(details.detail).toMatch(detail)
    expect(details.at).toBe(at)
  })

  test('no job at all', () => {
    expect(faultOf('# nothing\n')).toMatchObject({ code: 'jobfile.no_job' })
  })
})

test('rank 19: what a file says about being active', () => {
  const file = jobsFromYaml('job: crm\nactive: true\n', 'crm.yaml')[0]!
  const before = { setup: file.setup, definition: emptyDefinition }
  const then = (state: JobState) => planJob(file, { ...before, state }).move
  expect([then('draft'), then('paused'), then('active'), then('halted'), then('completed')]).toEqual([
    'activate',
    'resume',
    null,
    null,
    null,
  ])
  expect(planJob({ ...file, active: false }, { ...before, state: 'active' }).move).toBe('pause')
  expect(planJob(file, null)).toMatchObject({ what: 'create', move: 'activate' })
})
