// "Did you mean": what counts as near.
import { expect, test } from 'vitest'
import { nearest } from './nearest.ts'

test.each([
  ['E-Mail', ['name', 'email'], 'email'],
  ['emial', ['name', 'email'], 'email'],
  ['Prénom', ['prenom'], 'prenom'],
  ['birthdate', ['birth_dat', 'birthday'], 'birth_dat'],
  ['id', ['ic', 'xy'], 'ic'],
  ['id', ['name'], undefined],
  ['zip', ['city'], undefined],
  ['anything', [], undefined],
])('%s among %j is %s', (name, candidates, expected) => expect(nearest(name, candidates)).toBe(expected))
