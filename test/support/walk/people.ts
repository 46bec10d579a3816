// The part of the walk that is about people, what they are told, and the server itself.
import { Secret, TOTP } from 'otpauth'
import { makeLink } from '../../../src/db/links.ts'
import type { MessagePage } from '../../../src/api/messages.ts'
import type { TwoFactorSetUp } from '../../../src/api/twoFactor.ts'
import type { CodeNeeded } from '../../../src/api/signIn.ts'
import { Browser } from '../browser.ts'
import { browserOf, password, person } from '../persons.ts'
import type { Walker } from './walker.ts'

const now = '2026-03-01T00:00:00Z'

export async function walkPeople(walker: Walker): Promise<void> {
  await walkMessages(walker)
  await walkMembers(walker)
  await walkSecrets(walker)
  await walkSelf(walker)
  await walkSecondFactor(walker)
  await walkLinks(walker)
}

async function walkMessages(walker: Walker): Promise<void> {
  const hook = { name: 'chat', url: 'https://example.com/hooks/sluice' }
  const other = { json: { ...hook, name: 'other' } }
  await walker.ask('POST', '/webhooks', {}, { json: hook, other })
  await walker.ask('GET', '/webhooks')
  await walker.ask('GET', '/webhooks/:webhook', { webhook: 'chat' })
  const json = { email: 'ops@example.com' }
  await walker.ask('POST', '/messages/test', {}, { json, other: { json: { email: 'data@example.com' } } })
  const { messages } = await walker.ask<MessagePage>('GET', '/messages')
  const message = { message: messages[0]!.id }
  await walker.ask('GET', '/messages/:message', message)
  await walker.ask('POST', '/messages/:message/resend', message)
  await walker.ask('DELETE', '/webhooks/:webhook', { webhook: 'chat' })
}

async function walkMembers(walker: Walker): Promise<void> {
  await person(walker.api, 'bob', null)
  const bob = { email: 'bob@example.com', role: 'operator' }
  await walker.ask('POST', '/members', {}, { json: bob, other: { json: { ...bob, role: 'viewer' } } })
  await walker.ask('GET', '/members')
  const member = { member: bob.email }
  await walker.ask('GET', '/members/:member', member)
  await walker.ask('PATCH', '/members/:member', member, { json: { role: 'approver' } })
  await walker.ask('DELETE', '/members/:member', member)
  const token = { name: 'crm', rights: ['view', 'import'] }
  await walker.ask('POST', '/tokens', {}, { json: token, other: { json: { ...token, name: 'erp' } } })
  await walker.ask('GET', '/tokens')
  await walker.ask('GET', '/tokens/:token', { token: 'crm' })
  await walker.ask('DELETE', '/tokens/:token', { token: 'crm' })
  await walker.ask('GET', '/v1/users')
  const user = { user: bob.email }
  await walker.ask('GET', '/v1/users/:user', user)
  await walker.ask('PATCH', '/v1/users/:user', user, { json: { disabled: true } })
}

async function walkSecrets(walker: Walker): Promise<void> {
  const secret = { secret: 'shop-api' }
  await walker.ask('PUT', '/secrets/:secret', secret, { json: { value: 'a value that is never answered' } })
  await walker.ask('GET', '/secrets')
  await walker.ask('GET', '/secrets/:secret', secret)
  await walker.ask('POST', '/v1/secrets/rotate')
  await walker.ask('DELETE', '/secrets/:secret', secret)
  await walker.ask('GET', '/settings')
  await walker.ask('PATCH', '/settings', {}, { json: { zone: 'Europe/Vienna', retention: { logs: 60 } } })
  await walker.ask('GET', '/retention/forecast')
}

async function walkSelf(walker: Walker): Promise<void> {
  const { api, port } = walker
  const id = await person(api, 'ada', 'owner')
  const email = 'ada@example.com'
  await walker.ask('GET', '/v1/sign-in/options')
  const ada = new Browser(port)
  await walker.ask('POST', '/v1/sign-in', {}, { json: { email, password }, by: ada })
  await walker.ask('GET', '/v1/me', {}, { by: ada })
  await walker.ask('PATCH', '/v1/me', {}, { json: { name: 'Ada Lovelace' }, by: ada })
  // Who looks after the installation takes another address without a mail.
  const flo = await browserOf(api, port, await person(api, 'flo', 'all'))
  await walker.ask('POST', '/v1/me/email', {}, { json: { email: 'flo@example.org', password }, by: flo })
  const next = 'another long enough password'
  await walker.ask('POST', '/v1/me/password', {}, { json: { current: password, password: next }, by: ada })
  const elsewhere = await browserOf(api, port, id, 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0')
  await elsewhere.ask('GET', '/v1/me')
  const { sessions } = await walker.ask<{ sessions: { id: number; thisOne: boolean }[] }>(
    'GET',
    '/v1/me/sessions',
    {},
    { by: ada },
  )
  const session = sessions.find(({ thisOne }) => !thisOne)!.id
  await walker.ask('DELETE', '/v1/me/sessions/:session', { session }, { by: ada })
  await walker.ask('DELETE', '/v1/me/sessions', {}, { by: ada })
  await walker.ask('POST', '/v1/sign-out', {}, { json: { everywhere: false }, by: ada })
  await walker.ask('POST', '/v1/password-reset', {}, { json: { email } })
}

async function walkSecondFactor(walker: Walker): Promise<void> {
  const { api, port } = walker
  const cleo = await browserOf(api, port, await person(api, 'cleo', 'all'))
  const email = 'cleo@example.com'
  const by = { by: cleo }
  const begun = { json: { password }, ...by }
  const { secret } = await walker.ask<TwoFactorSetUp>('POST', '/v1/me/two-factor', {}, begun)
  const code = (steps: number): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({
      timestamp: Date.parse(now) + steps * 30_000,
    })
  await walker.ask('POST', '/v1/me/two-factor/confirm', {}, { json: { code: code(-1) }, ...by })
  const half = new Browser(port)
  const known = { json: { email, password }, by: half }
  const { key } = await walker.ask<CodeNeeded>('POST', '/v1/sign-in', {}, known)
  await walker.ask('POST', '/v1/sign-in/code', {}, { json: { key, code: code(0) }, by: half })
  const proof = { password, code: code(1) }
  const renewed = await walker.ask<{ recoveryCodes: string[] }>(
    'POST',
    '/v1/me/two-factor/recovery-codes',
    {},
    { json: proof, ...by },
  )
  const off = { json: { password, code: renewed.recoveryCodes[0] }, ...by }
  await walker.ask('POST', '/v1/me/two-factor/off', {}, off)
  const dora = await browserOf(api, port, await person(api, 'dora', 'all'))
  const theirs = await dora.ask<TwoFactorSetUp>('POST', '/v1/me/two-factor', { password })
  const first = new TOTP({ secret: Secret.fromBase32(theirs.body.secret) }).generate({
    timestamp: Date.parse(now),
  })
  await dora.ask('POST', '/v1/me/two-factor/confirm', { code: first })
  await walker.ask('DELETE', '/v1/users/:user/two-factor', { user: 'dora@example.com' })
}

async function walkLinks(walker: Walker): Promise<void> {
  const json = { kind: 'reset', email: 'cleo@example.com' }
  const other = { json: { ...json, email: 'dora@example.com' } }
  await walker.ask('POST', '/v1/links', {}, { json, other })
  const { id } = walker.api.harness.namespace
  const order = { kind: 'invitation', namespaceId: id, email: 'eve@example.com', role: 'viewer' } as const
  const { key } = await makeLink(walker.api.harness.db.pool, order, { by: 'ada@example.com', now })
  const by = new Browser(walker.port)
  await walker.ask('POST', '/v1/links/look', {}, { json: { key }, by })
  await walker.ask('POST', '/v1/links/use', {}, { json: { key, name: 'Eve', password }, by })
}

/** Looks at the server, makes a namespace and drops it, and ends. */
export async function walkServer(walker: Walker): Promise<void> {
  for (const route of ['/v1/health', '/v1/namespaces', '/v1/audit', '/audit', '/connectors'])
    await walker.ask('GET', route)
  await walker.ask('GET', '/v1/problems/:code', { code: 'email.invalid' })
  const json = { name: 'canada', label: 'Canada (French)', zone: 'America/Montreal' }
  await walker.ask('POST', '/v1/namespaces', {}, { json, other: { json: { ...json, name: 'chile' } } })
  await walker.ask(
    'DELETE',
    '/v1/namespaces/:namespace',
    { namespace: 'canada' },
    { query: 'confirm=canada' },
  )
  await walker.ask('POST', '/v1/stop')
}
