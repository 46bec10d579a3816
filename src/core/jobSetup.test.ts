// The name of a job that was made by importing a file.
import { expect, test } from 'vitest'
import { jobNameOf, jobNameSchema } from './jobSetup.ts'

test.each([
  ['customers.csv', 'customers.csv'],
  ['  two  words.csv ', 'two  words.csv'],
  ['line\nbreak.csv', 'line break.csv'],
  [' \t', 'upload'],
])('of the file %j is %j', (file, name) => expect(jobNameOf(file)).toBe(name))

test.each(['x'.repeat(255), `${'long name '.repeat(30)}2026-11-21.csv`, `${'🙂'.repeat(120)}-7.csv`])(
  'BS-01: of a long one both ends stay, and it is a name that jobs may have',
  (file) => {
    const name = jobNameOf(file)
    expect(jobNameSchema.safeParse(name).success).toBe(true)
    expect(name.slice(-5)).toBe(file.slice(-5))
    expect(name.isWellFormed()).toBe(true)
  },
)
