// Which records wait, for what, and until when.
import { describe, expect, test } from 'vitest'
import { jobSetupSchema } from './jobSetup.ts'
import { isRetried, leavesNew, processingDue, retryRuleOf } from './waiting.ts'

const staged = jobSetupSchema.parse({ staged: {}, recordRetry: { codes: ['*'] } })
const plain = jobSetupSchema.parse({})
const reading = { dialect: {}, columns: [] }
const chosen = {
  parent: 'r1',
  parents: ['r1'],
  reading: { ...reading, dialect: { format: 'csv', encoding: 'utf-8' } },
  selection: { key: 'k', records: 1, source: 1 },
}
const corrected = {
  parent: 'r1',
  parents: ['r1'],
  reading: { ...reading, dialect: { format: 'csv', encoding: 'utf-8' } },
}

describe('which runs leave their records to be processed later (AL-D03)', () => {
  test.each([
    ['schedule', {}, true],
    ['manual', {}, true],
    ['file', {}, true],
    ['retry', chosen, true],
    // A corrected error file is processed at once.
    ['retry', corrected, false],
    ['process', {}, false],
    ['undo', {}, false],
    ['mirror', {}, false],
  ] as const)('%s %#', (trigger, settings, leaves) => {
    expect(leavesNew({ trigger, settings, setup: staged })).toBe(leaves)
    expect(leavesNew({ trigger, settings, setup: plain })).toBe(false)
  })

  test('a rule holds for processing runs too: they say whether it is the last attempt (AL-07)', () => {
    expect(retryRuleOf({ trigger: 'process', settings: {}, setup: staged })).toEqual(staged.recordRetry)
    expect(retryRuleOf({ trigger: 'undo', settings: {}, setup: staged })).toBe(null)
  })
})

test.each([
  ['email.invalid', 'email.invalid', true],
  ['email.invalid', 'email.invalid.too', false],
  ['email.*', 'email.invalid', true],
  ['email.*', 'identity.none', false],
  ['*', 'anything', true],
])('the rule %s and the code %s (AL-07)', (rule, code, again) => {
  expect(isRetried({ codes: ['x.y', rule], attempts: 1, everyMinutes: 1 }, code)).toBe(again)
})

test.each([
  [null, 0],
  [1_000_000, 1_000_000 + 5 * 60_000],
])('processed last at %s: due at %s', (last, due) => {
  expect(processingDue(staged, last)).toBe(due)
})
