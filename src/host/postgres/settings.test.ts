// Settings sized by the machine.
import { expect, test } from 'vitest'
import { serverSettingsFor, settingsText, usableMemory } from './settings.ts'

const gibibyte = 2 ** 30

test.each([
  [0.5, '128MB', '64MB'],
  [4, '512MB', '128MB'],
  [24, '2048MB', '512MB'],
  [256, '2048MB', '512MB'],
])('%d GiB of memory: shared buffers %s, maintenance %s', (size, shared, maintenance) => {
  expect(serverSettingsFor(size * gibibyte, 18)).toMatchObject({
    shared_buffers: shared,
    maintenance_work_mem: maintenance,
    fsync: 'on',
    synchronous_commit: 'on',
  })
})

test('an older server is spared settings it does not know', () => {
  expect(serverSettingsFor(gibibyte, 18)).toHaveProperty('io_workers')
  expect(serverSettingsFor(gibibyte, 15)).not.toHaveProperty('io_workers')
})

test.each([
  [8, undefined, 8],
  [8, 0, 8],
  [8, 2, 2],
  [8, 2 ** 60, 8],
])('of %s bytes with a limit of %s, %s are usable', (total, limit, usable) => {
  expect(usableMemory(total, limit)).toBe(usable)
})

test('the file has one line per setting', () => {
  expect(settingsText({ jit: 'off', timezone: `'UTC'` }).split('\n').slice(1)).toEqual([
    'jit = off',
    `timezone = 'UTC'`,
    '',
  ])
})
