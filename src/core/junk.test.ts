// Placeholders that identify nobody, and values that only look like it.
import { expect, test } from 'vitest'
import { isJunk, junkMailboxes, junkWords } from './junk.ts'

test.each([
  ...junkWords,
  ...junkMailboxes.map((mailbox) => `${mailbox}@shop.example`),
  'NULL',
  'N/A',
  '-',
  '--',
  '...',
  '?',
  '0',
  '000000',
  '+000',
  '0.00',
  '00000000-0000-0000-0000-000000000000',
  'test@test.com',
  'TEST@TEST.DE',
  'a@a.com',
  'email@email.com',
  'test@example.com',
  'NoReply@Shop.example',
])('%j is junk', (value) => expect(isJunk(value)).toBe(true))

test.each([
  '1',
  '42',
  '007',
  '1000000',
  '0a',
  '00000000-0000-0000-0000-000000000001',
  'ada',
  'na-1',
  'nullius',
  'A',
  'ada@example.com',
  'test.user@x.io',
  'a@apple.com',
  'testing@testing.com',
  'ada.test@test.com',
  '+4930000000',
  'x1@x1.com',
  '二',
])('%j is not', (value) => expect(isJunk(value)).toBe(false))
