// How an audit line names what was done, and that no secret gets into one.
import { expect, test } from 'vitest'
import { actionOf, difference, nameOf, withoutSecrets } from './audit.ts'

test.each([
  ['POST', '/v1/namespaces/:namespace/runs/:run/stop', 'runs.stop'],
  ['POST', '/v1/namespaces/:namespace/runs/:run/retry-now', 'runs.retry_now'],
  ['POST', '/v1/namespaces/:namespace/jobs', 'jobs.create'],
  ['PATCH', '/v1/namespaces/:namespace/jobs/:job', 'jobs.change'],
  ['PATCH', '/v1/namespaces/:namespace/settings', 'settings.change'],
  ['PUT', '/v1/namespaces/:namespace/secrets/:secret', 'secrets.change'],
  ['DELETE', '/v1/namespaces/:namespace/members/:member', 'members.remove'],
  ['GET', '/v1/namespaces/:namespace/runs/:run/artifacts/:name', 'runs.download'],
  ['POST', '/v1/sign-in', 'sign_in'],
  ['POST', '/v1/stop', 'stop'],
  ['POST', '/v1/secrets/rotate', 'secrets.rotate'],
  ['DELETE', '/v1/namespaces/:namespace', 'namespaces.remove'],
])('AL-D06 %s %s is %s', (method, path, action) => {
  expect(actionOf(method, path)).toBe(action)
})

test('what it was done to, without the namespace', () => {
  expect(nameOf({ namespace: 'main', run: 'r1042', name: 'errors' })).toBe('r1042/errors')
  expect(nameOf({ run: 1042 })).toBe('r1042')
  expect(nameOf({ namespace: 'main' })).toBeNull()
})

test('secrets are not kept, wherever they stand', () => {
  const canary = 'canary-4711-long-enough-for-a-key'
  const asked = {
    password: canary,
    oldPassword: canary,
    value: canary,
    nested: [{ apiKey: canary, key: canary, clientSecret: { deep: canary }, access_token: [canary] }],
    authorization: canary,
    code: 'canary-4711-long-enough-for-a-key',
    keep: 'this',
    filter: { code: 'email.invalid' },
    key: 'first_name',
    tokens: 3,
  }
  const kept = withoutSecrets(asked)
  expect(JSON.stringify(kept)).not.toContain(canary)
  expect(kept).toMatchObject({ keep: 'this', key: 'first_name', tokens: 3, password: '(not kept)' })
  expect(kept).toMatchObject({ filter: { code: 'email.invalid' } })
  expect(withoutSecrets({ code: '123 456' })).toEqual({ code: '(not kept)' })
})

test('a long request is said to be long', () => {
  expect(withoutSecrets({ rows: ['x'.repeat(20_000)] })).toEqual({ left_out: '20013 characters' })
  expect(withoutSecrets(undefined)).toBeNull()
})

test('of two values only what differs is kept', () => {
  const was = { name: 'a', setup: { lane: 'main', notify: { when: 'health' }, days: [1, 2] }, gone: 1 }
  const is = { name: 'a', setup: { lane: 'main', notify: { when: 'failures' }, days: [1] } }
  expect(difference(was, is)).toEqual({
    was: { setup: { notify: { when: 'health' }, days: [1, 2] }, gone: 1 },
    is: { setup: { notify: { when: 'failures' }, days: [1] }, gone: undefined },
  })
  expect(difference(null, is)).toEqual({ was: null, is })
  expect(difference(is, is)).toEqual({ was: {}, is: {} })
})
