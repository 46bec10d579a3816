// Who counts as the one who asked, and which runs wait for somebody else.
import { expect, test } from 'vitest'
import { holdsRun, isOwn, personIn, releaseNeedsOther } from './approval.ts'
import { triggers, type Trigger } from './triggers.ts'

test.each([
  ['ada@example.com', 'ada@example.com'],
  ['local', 'local'],
  ['token nightly of ada@example.com', 'ada@example.com'],
  ['token of bob@example.com of ada@example.com', 'ada@example.com'],
  ['token made here', 'local'],
])('%s acts for %s', (by, person) => {
  expect(personIn(by)).toBe(person)
})

test('one’s own is what one asked for by any of one’s addresses, or by a token', () => {
  const ada = new Set(['ada@example.com', 'ada@old.example'])
  expect(isOwn(['bob@example.com', 'ada@old.example'], ada)).toBe(true)
  expect(isOwn(['token t of ada@example.com'], ada)).toBe(true)
  expect(isOwn(['bob@example.com', null], ada)).toBe(false)
  expect(isOwn([null], new Set(['local']))).toBe(false)
})

test('every run that brings something new is held; what was approved before is not held again', () => {
  const held = (Object.keys(triggers) as Trigger[]).filter((trigger) => holdsRun('every_run', trigger))
  expect(held).toEqual(['manual', 'schedule', 'activation', 'file', 'after', 'retry'])
  expect(holdsRun('changes', 'manual')).toBe(false)
})

test('releasing needs somebody else by the version of the run, or by what the job is now', () => {
  expect(releaseNeedsOther(['none', 'none'], 'manual')).toBe(false)
  expect(releaseNeedsOther(['changes', 'none'], 'manual')).toBe(true)
  expect(releaseNeedsOther(['none', 'every_run'], 'retry')).toBe(true)
  expect(releaseNeedsOther(['every_run', 'every_run'], 'undo')).toBe(false)
})
