// Addresses with filters mean the same after a reload, whoever wrote them.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSearch, writeSearch } from './search.ts'

test.each([
  ['a long number is no number', '?identifier=12345678901234567890', { identifier: '12345678901234567890' }],
  ['an exponent is a text', '?q=1e5', { q: '1e5' }],
  ['a truth is a text', '?q=true', { q: 'true' }],
  ['quotes stay', '?q=%2242%22', { q: '"42"' }],
  ['a name that stands there twice', '?state=new&state=retry', { state: ['new', 'retry'] }],
  ['a plus is a space, as forms write it', '?q=Ada+L', { q: 'Ada L' }],
  ['nothing', '', {}],
])('%s', (_, written, read) => {
  expect(readSearch(written)).toEqual(read)
})

test('what is left out is not written', () => {
  expect(writeSearch({ a: undefined, b: null, c: [] })).toBe('')
  expect(writeSearch({ edit: 'j12', step: undefined })).toBe('?edit=j12')
})

test('whatever is written is read back', () => {
  const texts = fc.dictionary(
    fc.stringMatching(/^[a-z_]{1,8}$/),
    fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
  )
  fc.assert(
    fc.property(texts, (asked) => {
      const read = readSearch(writeSearch(asked))
      expect(Object.fromEntries(Object.entries(read).map(([name, value]) => [name, [value].flat()]))).toEqual(
        { ...asked },
      )
    }),
    { seed: 11 },
  )
})
