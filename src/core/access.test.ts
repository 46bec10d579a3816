// Roles and rights: who has what, and that nobody reaches above themselves.
import { expect, test } from 'vitest'
import { grantable, mayGive, rightsOf, rights, roleNames, type Right, type Role } from './access.ts'

test.each<[Role, Right[]]>([
  ['viewer', ['view']],
  ['approver', ['view', 'approve']],
  ['operator', ['view', 'download_personal', 'import', 'run', 'undo', 'edit_jobs', 'tokens']],
])('#55 %s has exactly these rights', (role, expected) => {
  expect([...rightsOf(role)].sort()).toEqual(expected.sort())
})

test('#55 an owner has every right, an admin all but that to drop the namespace', () => {
  expect([...rightsOf('owner')]).toEqual(Object.keys(rights))
  expect([...rightsOf('admin'), 'drop_namespace']).toEqual(Object.keys(rights))
})

test('#55 only an owner gives or takes the role of an owner, and only those with the right give any', () => {
  const pairs = roleNames.flatMap((giver) =>
    roleNames.filter((role) => mayGive(giver, role)).map((role) => `${giver} → ${role}`),
  )
  expect(pairs).toEqual([
    ...roleNames.map((role) => `owner → ${role}`),
    ...roleNames.filter((role) => role !== 'owner').map((role) => `admin → ${role}`),
  ])
})

test('a token never carries the rights that give rights', () => {
  for (const role of roleNames) {
    const given = grantable(rightsOf(role))
    expect(given).not.toContain('members')
    expect(given).not.toContain('tokens')
    expect(given.every((right) => rightsOf(role).includes(right))).toBe(true)
  }
})
