// What an active job is doing (design section 6: idle, queued, running, stopping, sleeping and why).
import { expect, test } from 'vitest'
import { activityOf, activityWords, type ActivityFacts } from './jobActivity.ts'

const none: ActivityFacts = { state: 'active', nextDue: null, starts: null, open: [] }
const run = (state: string, more: object = {}): ActivityFacts['open'][number] =>
  ({ id: 7, state, position: null, sleeping: null, percent: null, ...more }) as ActivityFacts['open'][number]
const due = '2026-03-02T05:30:00Z'

test.each<[string, ActivityFacts, object | null]>([
  ['nothing to do', none, { what: 'idle' }],
  ['until its schedule', { ...none, nextDue: due }, { what: 'sleeping', until: due, reason: 'schedule' }],
  [
    'until a file arrives',
    { ...none, starts: 'waiting_for_file' },
    { what: 'sleeping', reason: 'waiting_for_file' },
  ],
  [
    'in its lane',
    { ...none, open: [run('queued', { position: 3 })] },
    { what: 'queued', position: 3, run: 7 },
  ],
  [
    'at work',
    { ...none, nextDue: due, open: [run('importing', { percent: 42 })] },
    { what: 'running', percent: 42, run: 7 },
  ],
  [
    'one works, one waits',
    { ...none, open: [run('queued', { position: 1 }), run('validating')] },
    { what: 'running', run: 7 },
  ],
  [
    'its run sleeps',
    { ...none, open: [run('importing', { sleeping: { reason: 'storage_full', until: due } })] },
    { what: 'sleeping', reason: 'storage_full', until: due, run: 7 },
  ],
  ['between attempts', { ...none, open: [run('retry_wait')] }, { what: 'sleeping', reason: 'retry', run: 7 }],
  ['asked to stop', { ...none, open: [run('stopping')] }, { what: 'stopping', run: 7 }],
  [
    'in quiet hours',
    { ...none, open: [run('retry_wait', { sleeping: { reason: 'schedule.quiet', until: due } })] },
    { what: 'sleeping', reason: 'schedule.quiet', until: due, run: 7 },
  ],
  ['held', { ...none, open: [run('held')] }, { what: 'sleeping', reason: 'held', run: 7 }],
  ['paused', { ...none, state: 'paused', nextDue: due }, null],
  [
    'paused, its run finishes (E14)',
    { ...none, state: 'paused', open: [run('importing')] },
    { what: 'running', run: 7 },
  ],
])('BC-02 %s', (_, facts, expected) => {
  const nothing = { position: null, until: null, reason: null, percent: null, run: null }
  expect(activityOf(facts)).toEqual(expected === null ? null : { ...nothing, ...expected })
})

const words = (facts: Partial<ActivityFacts>) => activityWords(activityOf({ ...none, ...facts })!)

test('BC-02 in words', () => {
  const plain = { until: null, why: null }
  expect(words({ open: [run('importing', { percent: 42 })] })).toEqual({ what: 'running 42 %', ...plain })
  expect(words({ open: [run('queued', { position: 3 })] })).toEqual({ what: 'queued (3)', ...plain })
  expect(words({ starts: 'waiting_for_file' })).toEqual({ what: 'waiting for a file', ...plain })
  expect(words({ nextDue: due })).toEqual({ what: 'sleeping', until: due, why: null })
  const full = { reason: 'storage_full', until: due }
  expect(words({ open: [run('importing', { sleeping: full })] })).toEqual({
    what: 'sleeping',
    until: due,
    why: 'the disk is full',
  })
})

test('BC-28 why it sleeps is said in words, whatever the reason is called', () => {
  const sleeps = (reason: string) =>
    words({ open: [run('importing', { sleeping: { reason, until: due } })] }).why
  expect(sleeps('retry')).toBe('to try again')
  expect(sleeps('some_new_reason')).toBe('some new reason')
})
