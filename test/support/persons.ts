// People for API tests: users with a password and roles, and a browser of theirs that is signed in.
import { hashPassword } from '../../src/api/passwords.ts'
import type { Role } from '../../src/core/access.ts'
import { findNamespace } from '../../src/db/imports.ts'
import { putMember } from '../../src/db/members.ts'
import { createUser, startSession } from '../../src/db/users.ts'
import type { ApiServer } from './apiServer.ts'
import { Browser } from './browser.ts'

export const password = 'a long enough password'
let hashed: Promise<string> | undefined

/** Somebody with the password above; a role in main, or one who looks after the installation. Answers the id. */
export async function person(api: ApiServer, name: string, role: Role | 'all' | null): Promise<number> {
  hashed ??= hashPassword(password)
  const { pool } = api.harness.db
  const now = '2026-03-01T00:00:00Z'
  const { id } = await createUser(pool, {
    email: `${name}@example.com`,
    name,
    password: await hashed,
    admin: role === 'all',
    now,
  })
  const main = await findNamespace(pool, 'main')
  if (role !== null && role !== 'all') await putMember(pool, main.id, { userId: id, role, by: 'local', now })
  return id
}

/** A browser that is signed in as them, without the steps of signing in. */
export async function browserOf(
  api: ApiServer,
  port: number,
  userId: number,
  userAgent: string | null = null,
): Promise<Browser> {
  const browser = new Browser(port)
  const from = { now: '2026-03-01T00:00:00Z', address: '127.0.0.1', browser: userAgent }
  browser.cookie = `sluice=${await startSession(api.harness.db.pool, userId, from)}`
  return browser
}
