// Widths on a terminal, as tables.
import { describe, expect, test } from 'vitest'
import { cut, pad, visible, widthOf, wrap } from './width.ts'

describe('widthOf', () => {
  test.each([
    ['', 0],
    ['Ada', 3],
    ['Zoë', 3],
    ['Zoe\u0308', 3],
    ['田中', 4],
    ['👩‍👩‍👧', 2],
    ['🇩🇪', 2],
    ['\u001b[31mred\u001b[39m', 3],
    ['\u200b', 0],
  ])('%j is %i', (text, width) => expect(widthOf(text)).toBe(width))
})

describe('cut', () => {
  test.each([
    ['Ada', 3, 'Ada'],
    ['Adalbert', 4, 'Ada…'],
    ['田中さん', 5, '田中…'],
    ['田中さん', 4, '田…'],
    ['a\nb\tc', 9, 'a b c'],
  ])('%j to %i', (text, width, expected) => {
    expect(cut(text, width)).toBe(expected)
    expect(widthOf(cut(text, width))).toBeLessThanOrEqual(width)
  })
})

test('pad fills to the width that is seen', () => {
  expect([pad('田', 4), pad('7', 3, true), pad('long', 2)]).toEqual(['田  ', '  7', 'long'])
})

test("a customer's value cannot steer the terminal", () => {
  expect(visible('a\u001b]0;title\u0007b\u001b[2Jc\u0000\u009b')).toBe('a·]0;title·b·[2Jc··')
})

test('wrap keeps words whole', () => {
  expect(wrap('one two three four', 9)).toEqual(['one two', 'three', 'four'])
  expect(wrap('unbreakablyLongWord x', 5)).toEqual(['unbreakablyLongWord', 'x'])
})
