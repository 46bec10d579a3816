// Answers to questions are flags as a shell reads them.
import { expect, test } from 'vitest'
import { quoted } from '../core/proposal.ts'
import { flagsFrom } from './questions.ts'

test.each(['a=dmy', 'Geboren am=dmy', `it's "so"=dmy`, '$HOME=`x`'])('%s', (value) => {
  expect(flagsFrom(`--date-order ${quoted(value)}`)).toEqual({ dateOrder: [value] })
})

test('some flags have one value', () => {
  expect(flagsFrom(`--as-of ${quoted('last change')}`)).toEqual({ asOf: 'last change' })
})
