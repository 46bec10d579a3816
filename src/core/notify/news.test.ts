// Who is told of what, as a table: every run, only failures, or changes of health (BL-24, BL-25, BC-29, BS-D08, P19).
import { describe, expect, test } from 'vitest'
import type { LogKind } from '../logKinds.ts'
import { notifySchema, type Notify } from '../setup/policies.ts'
import type { Trigger } from '../triggers.ts'
import { judgeNews, newsKinds, notifyOf, type Cause, type News, type RunNews } from './news.ts'

const run: RunNews = {
  id: 1001,
  number: 3,
  state: 'completed',
  trigger: 'schedule',
  dryRun: false,
  file: 'people.csv',
  total: 100,
  counters: { 'finished.created': 100 },
  startedAt: null,
  endedAt: null,
}

function news(kind: LogKind, more: Partial<RunNews> = {}): News {
  return {
    kind,
    at: '2026-03-01T00:00:00Z',
    namespace: 'main',
    job: 'nightly',
    run: { ...run, ...more },
    problem: null,
    details: {},
  }
}

const settings = (more: Partial<Notify>): Notify => notifySchema.parse({ emails: ['a@example.com'], ...more })

/** What a series of log lines makes people hear. */
function heard(notify: Notify, kinds: readonly LogKind[], more: Partial<RunNews> = {}): (Cause | null)[] {
  let inTrouble = false
  return kinds.map((kind) => {
    const verdict = judgeNews(news(kind, more), notify, inTrouble)
    inTrouble = verdict.inTrouble
    return verdict.cause
  })
}

const story: LogKind[] = [
  'synced',
  'error',
  'retry_scheduled',
  'failed',
  'failed',
  'halted',
  'synced',
  'synced',
]

describe('a job that fails three times and recovers', () => {
  test.each<[string, Notify['when'], (Cause | null)[]]>([
    [
      'BL-24 each time it runs',
      'each_run',
      ['run', null, null, 'trouble', 'trouble', 'trouble', 'run', 'run'],
    ],
    ['BL-24 only if it fails', 'failures', [null, null, null, 'trouble', 'trouble', 'trouble', null, null]],
    ['P19 once per change of health', 'health', [null, null, null, 'trouble', null, null, 'recovered', null]],
  ])('%s', (_, when, expected) => {
    expect(heard(settings({ when }), story)).toEqual(expected)
  })
})

test.each<[string, Notify['when'], LogKind, Partial<RunNews>, Cause | null]>([
  ['BC-20 a run that ends midway is trouble', 'health', 'partial', { state: 'partial' }, 'trouble'],
  ['a held run waits for a person: trouble', 'health', 'held', { state: 'held' }, 'trouble'],
  ['a run that does not move is trouble', 'health', 'stalled', {}, 'trouble'],
  ['a person stopped it: only those who want every run', 'health', 'stopped', { state: 'stopped' }, null],
  ['a person stopped it, every run', 'each_run', 'stopped', { state: 'stopped' }, 'run'],
  ['what did not run is always told', 'health', 'did_not_run', {}, 'silence'],
  ['a file that did not arrive is always told', 'failures', 'file_missing', {}, 'silence'],
  ['LY-D08 a step of the quota is always told', 'health', 'quota_step', {}, 'quota'],
  ['LY-D09 a number outside its limits is always told', 'failures', 'threshold', {}, 'threshold'],
  ['LY-D09 and that it is within them again', 'failures', 'threshold_ok', {}, 'threshold'],
  ['a dry run is nobody’s news', 'each_run', 'synced', { dryRun: true }, null],
  ['an undo that fails is seen by who made it', 'failures', 'failed', { trigger: 'undo' }, null],
  ['an attempt that is tried again is no news', 'each_run', 'error', {}, null],
])('%s', (_, when, kind, more, expected) => {
  expect(judgeNews(news(kind, more), settings({ when }), false).cause).toBe(expected)
})

describe('BS-D08 told when a given percentage of records fail', () => {
  const counters = { 'finished.created': 89, 'failed.email.invalid': 11 }
  test.each<[number | null, Cause | null]>([
    [10, 'failed_share'],
    [11, null],
    [0, 'failed_share'],
    [null, null],
  ])('more than %j %% of 11 %%: %j', (failedOverPercent, expected) => {
    const notify = settings({ failedOverPercent })
    expect(judgeNews(news('synced', { counters }), notify, false).cause).toBe(expected)
  })
})

test.each<Trigger>(['retry', 'undo'])('health is not changed by a run with trigger %s', (trigger) => {
  expect(judgeNews(news('failed', { trigger }), settings({}), false).inTrouble).toBe(false)
  expect(judgeNews(news('synced', { trigger }), settings({}), true).inTrouble).toBe(true)
})

test('BC-D02 a job that names nobody tells those of the namespace', () => {
  const all = settings({ emails: ['all@example.com'] })
  expect(notifyOf(notifySchema.parse({ when: 'each_run' }), all)).toBe(all)
  expect(notifyOf(null, all)).toBe(all)
  const own = settings({ webhooks: ['slack'], emails: [] })
  expect(notifyOf(own, all)).toBe(own)
})

test('only kinds that may be news are looked at', () => {
  expect(newsKinds).toContain('synced')
  expect(newsKinds).not.toContain('error')
})
