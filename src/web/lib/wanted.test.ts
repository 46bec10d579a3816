// After signing in nobody is led to another site, however its address is written.
import { expect, test } from 'vitest'
import { wantedIn } from './wanted.ts'

const origin = 'https://sluice.example'

test.each([
  [null, '/'],
  ['/', '/'],
  ['/n/main/runs?state=held#r1', '/n/main/runs?state=held#r1'],
  ['/n/main/jobs/%2F%2Fevil.example', '/n/main/jobs/%2F%2Fevil.example'],
  ['n/main', '/'],
  ['//evil.example', '/'],
  ['/\\evil.example', '/'],
  ['/\t/evil.example', '/'],
  ['/\n\\evil.example', '/'],
  ['/\r/evil.example', '/'],
  ['///evil.example', '/'],
  ['//user@sluice.example:8443/', '/'],
  ['//[', '/'],
  ['https://evil.example', '/'],
  ['javascript:alert(1)', '/'],
  // Below this origin, though its path looks like another one.
  ['/.//evil.example', '//evil.example'],
])('#5 %j leads to %s', (to, path) => {
  expect(wantedIn(to, origin)).toBe(origin + path)
})
