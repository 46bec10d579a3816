// What an active job is doing (design section 6: idle, queued, running, stopping, sleeping and why).
import { expect, test } from 'vitest'
import { activityOf, type ActivityFacts } from './jobActivity.ts'

const none: ActivityFacts = { state: 'active', nextDue: null, starts: null, open: [] }
const run = (state: string, more: object = {}): ActivityFacts['open'][number] =>
  ({ state, position: null, sleeping: null, ...more }) as ActivityFacts['open'][number]
const due = '2026-03-02T05:30:00Z'

test.each<[string, ActivityFacts, object | null]>([
  ['nothing to do', none, { what: 'idle' }],
  ['until its schedule', { ...none, nextDue: due }, { what: 'sleeping', until: due, reason: 'schedule' }],
  [
    'until a file arrives',
    { ...none, starts: 'waiting_for_file' },
    { what: 'sleeping', reason: 'waiting_for_file' },
  ],
  ['in its lane', { ...none, open: [run('queued', { position: 3 })] }, { what: 'queued', position: 3 }],
  ['at work', { ...none, nextDue: due, open: [run('importing')] }, { what: 'running' }],
  [
    'one works, one waits',
    { ...none, open: [run('queued', { position: 1 }), run('validating')] },
    { what: 'running' },
  ],
  [
    'its run sleeps',
    { ...none, open: [run('importing', { sleeping: { reason: 'storage_full', until: due } })] },
    { what: 'sleeping', reason: 'storage_full', until: due },
  ],
  ['between attempts', { ...none, open: [run('retry_wait')] }, { what: 'sleeping', reason: 'retry' }],
  ['asked to stop', { ...none, open: [run('stopping')] }, { what: 'stopping' }],
  ['held', { ...none, open: [run('held')] }, { what: 'sleeping', reason: 'held' }],
  ['paused', { ...none, state: 'paused', nextDue: due }, null],
  [
    'paused, its run finishes (E14)',
    { ...none, state: 'paused', open: [run('importing')] },
    { what: 'running' },
  ],
])('BC-02 %s', (_, facts, expected) => {
  const nothing = { position: null, until: null, reason: null }
  expect(activityOf(facts)).toEqual(expected === null ? null : { ...nothing, ...expected })
})
