// Conditions as people write them.
import { describe, expect, test } from 'vitest'
import type { Attribute } from '../../core/attribute.ts'
import { parseCondition } from './where.ts'

const attributes: Attribute[] = ['city', 'lifetime_value'].map((key) => ({
  key,
  type: 'text',
  label: key,
  pii: false,
}))

describe('reads', () => {
  test.each([
    ['city=Wien', 'city', '=', 'Wien'],
    [' City = Bad Ischl ', 'city', '=', 'Bad Ischl'],
    ['city!=', 'city', '!=', ''],
    ['lifetime_value>=100', 'lifetime_value', '>=', '100'],
    ['city=a=b', 'city', '=', 'a=b'],
    ['city~<script>', 'city', '~', '<script>'],
    ['email=a@example.com', 'email', '=', 'a@example.com'],
  ])('%s', (text, key, operator, value) =>
    expect(parseCondition(text, attributes)).toEqual({ key, operator, value }),
  )
})

describe('refuses', () => {
  test.each([
    ['city', 'it has no operator'],
    ['=Wien', 'it has no operator'],
    ['ctiy=Wien', 'Did you mean city?'],
    ['"; drop table x; --=1', 'it has no operator'],
    ['_id=1', 'it has no operator'],
  ])('%s', (text, says) => expect(() => parseCondition(text, attributes)).toThrow(says))
})
