// Canonical text read back as values: the inverse of what the cleaners print.
import { describe, expect, test } from 'vitest'
import { arrayText } from './clean/list.ts'
import { listOf, typedValue } from './typedValue.ts'

describe('a canonical text as a value', () => {
  test.each([
    ['text', 'Wien', 'Wien'],
    ['integer', '42', 42],
    ['integer', '9007199254740993', '9007199254740993'],
    ['number', '1.50', '1.50'],
    ['boolean', 't', true],
    ['boolean', 'f', false],
    ['date', '2024-02-29', '2024-02-29'],
    ['json', '{"a": 1}', { a: 1 }],
    ['text_list', '{a,"b, c"}', ['a', 'b, c']],
    ['text', null, null],
  ] as const)('%s %s', (type, text, value) => {
    expect(typedValue(type, text)).toEqual(value)
  })

  test.each([[[]], [['a']], [['', 'NULL', 'a b', 'x"y', 'back\\slash', '{}', 'line\nbreak', 'Köln']]])(
    'a list is what array_out printed: %j',
    (values) => {
      expect(listOf(arrayText(values))).toEqual(values)
    },
  )
})
