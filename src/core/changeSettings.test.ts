// What a person types as the value of a setting.
import { expect, test } from 'vitest'
import { settingValue } from './changeSettings.ts'

test.each([
  ['quota', '10M', 10_000_000],
  ['quota', '10,000,000', 10_000_000],
  ['quota', 'none', null],
  ['retention.ledger', 'null', null],
  ['retention.jobs', '30', 30],
  ['retention.pausedDefinitions', 'no', false],
  ['zone', 'Europe/Vienna', 'Europe/Vienna'],
  ['notify.emails', 'a@example.com, b@example.com', ['a@example.com', 'b@example.com']],
  ['notify.emails', 'none', []],
  ['notify.digestAt', '08:00', '08:00'],
])('%s=%s', (name, text, value) => {
  expect(settingValue(name, text)).toEqual(value)
})
