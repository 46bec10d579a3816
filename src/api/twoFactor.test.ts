// Signing in with a second factor (TOTP, RFC 6238): setting up, codes that work once, recovery codes, and getting rid of it.
import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { testDatabase } from '../../test/postgres.ts'
import { ApiServer } from '../../test/support/apiServer.ts'
import { Browser } from '../../test/support/browser.ts'
import { browserOf, password, person } from '../../test/support/persons.ts'
import { makeLink } from '../db/links.ts'
import type { Me } from './me.ts'
import type { CodeNeeded } from './signIn.ts'
import type { RecoveryCodes, TwoFactorSetUp } from './twoFactor.ts'
import { newRecoveryCodes, stepOf } from './twoFactorCode.ts'

const database = testDatabase()
let api: ApiServer
let port = 0
let k = 0
const now = Date.parse('2026-03-01T00:00:00Z')

beforeAll(async () => {
  api = await ApiServer.open(database.connection)
  port = await api.listenOnTcp()
})
afterAll(() => api.close())
beforeEach(() => void k++)

interface Someone {
  readonly id: number
  readonly email: string
  readonly browser: Browser
  readonly secret: string
  readonly recovery: readonly string[]
}

/** The code of the app so many steps from now. */
const codeOf = (secret: string, steps = 0): string =>
  new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: now + steps * 30_000 })

/** Somebody with a second factor that is set up; the code of the step before now is used up by that. */
async function someone(): Promise<Someone> {
  const name = `ada${k}`
  const id = await person(api, name, 'all')
  const browser = await browserOf(api, port, id)
  const { body, status } = await browser.ask<TwoFactorSetUp>('POST', '/v1/me/two-factor', { password })
  expect(status).toBe(201)
  expect(body.uri).toMatch(
    new RegExp(`^otpauth://totp/Sluice:${name}%40example.com\\?issuer=Sluice&secret=${body.secret}&`),
  )
  const confirmed = await browser.ask<RecoveryCodes>('POST', '/v1/me/two-factor/confirm', {
    code: codeOf(body.secret, -1),
  })
  const recovery = confirmed.body.recoveryCodes
  expect(recovery).toHaveLength(10)
  return { id, email: `${name}@example.com`, browser, secret: body.secret, recovery }
}

async function halfWay(email: string): Promise<{ browser: Browser; key: string }> {
  const browser = new Browser(port)
  const { status, body } = await browser.ask<CodeNeeded>('POST', '/v1/sign-in', { email, password })
  expect([status, body.codeNeeded, browser.cookie]).toEqual([202, true, undefined])
  return { browser, key: body.key }
}

describe('#5 the second factor', () => {
  test('signing in takes a code after the password; a code works once', async () => {
    const { email, secret } = await someone()
    const { browser, key } = await halfWay(email)
    expect((await browser.ask('GET', '/v1/me')).status, 'the password alone opens nothing').toBe(401)
    const code = codeOf(secret)
    const done = await browser.ask<Me>('POST', '/v1/sign-in/code', { key, code })
    expect(done.body.user).toMatchObject({ email, twoFactor: { on: true, recoveryCodes: 10 } })
    expect((await browser.ask('GET', '/v1/me')).status).toBe(200)

    const again = await halfWay(email)
    for (const used of [code, codeOf(secret, -1)])
      expect(
        (await again.browser.ask('POST', '/v1/sign-in/code', { key: again.key, code: used })).body,
      ).toMatchObject({ code: 'two_factor.wrong' })
    const next = { key: again.key, code: ` ${codeOf(secret, 1).slice(0, 3)} ${codeOf(secret, 1).slice(3)} ` }
    expect((await again.browser.ask('POST', '/v1/sign-in/code', next)).status).toBe(200)
    const over = await again.browser.ask('POST', '/v1/sign-in/code', next)
    expect(over.body).toMatchObject({ code: 'access.half_over' })
  })

  test('a recovery code works once, in place of a code', async () => {
    const { email, recovery } = await someone()
    const first = await halfWay(email)
    const given = { key: first.key, code: recovery[0]!.toUpperCase() }
    const done = await first.browser.ask<Me>('POST', '/v1/sign-in/code', given)
    expect(done.body.user?.twoFactor.recoveryCodes).toBe(9)
    const second = await halfWay(email)
    const used = await second.browser.ask('POST', '/v1/sign-in/code', { ...given, key: second.key })
    expect(used.body).toMatchObject({ code: 'two_factor.wrong' })
  })

  test('codes are guessed a few times only, over all half sessions, and each wrong one is a line of the audit', async () => {
    const { email, secret } = await someone()
    for (let tries = 0; tries < 8; tries++) {
      const { browser, key } = await halfWay(email)
      expect((await browser.ask('POST', '/v1/sign-in/code', { key, code: 'abc-def' })).status).toBe(401)
    }
    const { browser, key } = await halfWay(email)
    const right = await browser.ask('POST', '/v1/sign-in/code', { key, code: codeOf(secret) })
    expect(right.body).toMatchObject({ code: 'access.too_many_tries' })
    const { rows } = await api.harness.db.pool.query<{ who: string; n: number }>(
      `select who, count(*) as n from sluice.audit where result = 'two_factor.wrong' and who = $1 group by who`,
      [email],
    )
    expect(rows).toEqual([{ who: email, n: 8 }])
  })

  test('it is confirmed before it counts; until then the password is enough, and other sessions end with it', async () => {
    const id = await person(api, `eve${k}`, 'all')
    const browser = await browserOf(api, port, id)
    const other = await browserOf(api, port, id)
    const wrong = await browser.ask('POST', '/v1/me/two-factor', { password: 'not the password' })
    expect(wrong.status).toBe(401)
    const none = await browser.ask('POST', '/v1/me/two-factor/confirm', { code: '123456' })
    expect(none.body).toMatchObject({ code: 'two_factor.off' })
    const { body } = await browser.ask<TwoFactorSetUp>('POST', '/v1/me/two-factor', { password })
    const email = `eve${k}@example.com`
    expect((await new Browser(port).ask('POST', '/v1/sign-in', { email, password })).status).toBe(200)
    const confirm = { code: codeOf(body.secret) }
    expect((await browser.ask('POST', '/v1/me/two-factor/confirm', confirm)).status).toBe(200)
    expect((await other.ask('GET', '/v1/me')).status).toBe(401)
    const twice = await browser.ask('POST', '/v1/me/two-factor', { password })
    expect(twice.body).toMatchObject({ code: 'two_factor.on' })
  })

  test('it is switched off with password and code, and by who looks after the installation', async () => {
    const { browser, secret, email } = await someone()
    const off = (typed: string, code: string) =>
      browser.ask('POST', '/v1/me/two-factor/off', { password: typed, code })
    expect((await off('not the password', codeOf(secret))).status).toBe(401)
    expect((await off(password, '000000')).status).toBe(401)
    expect((await off(password, codeOf(secret))).body).toEqual({ off: true })
    expect((await new Browser(port).ask('POST', '/v1/sign-in', { email, password })).status).toBe(200)

    k++
    const lost = await someone()
    expect((await api.ask('DELETE', `/v1/users/${lost.email}/two-factor`)).status).toBe(200)
    expect((await api.ask('DELETE', `/v1/users/${lost.email}/two-factor`)).status).toBe(404)
    const signed = await new Browser(port).ask('POST', '/v1/sign-in', { email: lost.email, password })
    expect(signed.status).toBe(200)
  })

  test('new recovery codes make those before void', async () => {
    const { browser, secret, recovery, email } = await someone()
    const proof = { password, code: codeOf(secret) }
    const fresh = await browser.ask<RecoveryCodes>('POST', '/v1/me/two-factor/recovery-codes', proof)
    expect(fresh.body.recoveryCodes).not.toEqual(recovery)
    const half = await halfWay(email)
    const old = await half.browser.ask('POST', '/v1/sign-in/code', { key: half.key, code: recovery[3] })
    expect(old.status).toBe(401)
  })

  test('a link for another password is one factor: it signs nobody in who has two', async () => {
    const { id, email } = await someone()
    const { pool } = api.harness.db
    const order = { by: 'local', now: '2026-03-01T00:00:00Z' }
    const { key } = await makeLink(pool, { kind: 'reset', userId: id }, order)
    const browser = new Browser(port)
    const used = await browser.ask('POST', '/v1/links/use', { key, password: 'yet another password' })
    expect([used.body, browser.cookie]).toEqual([{ email, signedIn: false }, undefined])
  })

  test('its secret is sealed, and outlives a new master key', async () => {
    const { email, secret, recovery } = await someone()
    const { rows } = await api.harness.db.pool.query<{ row: string }>(
      'select t::text as row from sluice.two_factor t union all select c::text from sluice.recovery_code c',
    )
    for (const text of [secret, Buffer.from(secret).toString('hex'), recovery[0]!])
      expect(rows.every(({ row }) => !row.includes(text))).toBe(true)
    expect((await api.ask('POST', '/v1/secrets/rotate', { json: {} })).status).toBe(200)
    const { browser, key } = await halfWay(email)
    expect((await browser.ask('POST', '/v1/sign-in/code', { key, code: codeOf(secret) })).status).toBe(200)
  })
})

describe('codes', () => {
  test('are those of RFC 6238, appendix B, and may be one step off', () => {
    const secret = Secret.fromUTF8('12345678901234567890').base32
    // Eight digits there; the last six are the code of six.
    expect(stepOf(secret, '287082', 59_000)).toBe(1)
    expect(stepOf(secret, '081804', 1_111_111_109_000)).toBe(37_037_036)
    expect(stepOf(secret, '287082', 89_000)).toBe(1)
    expect(stepOf(secret, '287082', 90_000)).toBeNull()
  })

  test('for recovery are all different', () => {
    const codes = Array.from({ length: 20 }, newRecoveryCodes).flat()
    expect(new Set(codes).size).toBe(200)
    for (const code of codes) expect(code).toMatch(/^([a-hj-kmnp-z2-9]{4}-){3}[a-hj-kmnp-z2-9]{4}$/)
  })
})
