// The part of a text that is looked up.
import { expect, test } from 'vitest'
import { rarestPart } from './rarestPart.ts'

const ids = Array.from({ length: 100 }, (_, i) => `c${String(i * 3_001).padStart(8, '0')}`)
const emails = ids.map((id) => `person.${id}@example.com`)

test.each([
  ['c00004711', ids, '004711'],
  ['c00004711', [], 'c00004711'],
  ['4711', ids, '4711'],
  ['ada.lindquarth@example.com', emails, 'quarth'],
  ['', ids, ''],
  ['zoë.ça-brune@example.com', emails, 'brune@'],
])('of %j', (text, sample, part) => {
  expect(rarestPart(text, sample)).toBe(part)
  expect(text).toContain(rarestPart(text, sample))
})
