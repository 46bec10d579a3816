// Settings from the environment: defaults, checks, and names in problems.
import { homedir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from './config.ts'

test('without settings, everything is under the user data folder', () => {
  const config = readConfig({ XDG_DATA_HOME: '/data' })
  const home = process.platform === 'linux' ? '/data/sluice' : config.home
  expect(config).toEqual({
    home,
    databaseUrl: undefined,
    blobFolder: join(home, 'blobs'),
    root: null,
    webFolder: join(process.cwd(), 'dist/web'),
    logLevel: 'info',
    port: 7788,
    streams: 2_000,
    key: undefined,
    keyBefore: undefined,
    mail: null,
    baseUrl: null,
    outboundAllow: [],
    signOn: null,
  })
})

test.runIf(process.platform === 'linux')('the XDG default is below the home folder', () => {
  expect(readConfig({}).home).toBe(join(homedir(), '.local/share/sluice'))
})

test('settings are taken, empty ones are not', () => {
  const environment = { SLUICE_HOME: 'data', SLUICE_DATABASE_URL: '', SLUICE_PORT: '0', SLUICE_LOG: 'warn' }
  const home = join(process.cwd(), 'data')
  expect(readConfig(environment)).toMatchObject({ home, databaseUrl: undefined, port: 0, logLevel: 'warn' })
})

test.each([
  ['smtp://host', undefined, 'Sluice <sluice@localhost>'],
  ['smtp://ops%40example.com:pw@host:587', undefined, 'ops@example.com'],
  ['smtps://ops:pw@host', 'Sluice <sluice@example.com>', 'Sluice <sluice@example.com>'],
])('mail of %s from %s comes from %s', (url, from, expected) => {
  const config = readConfig({ SLUICE_SMTP_URL: url, SLUICE_MAIL_FROM: from })
  expect(config.mail).toEqual({ url, from: expected })
})

test('networks that may be reached are taken one by one', () => {
  const config = readConfig({ SLUICE_OUTBOUND_ALLOW: '10.0.0.0/8, 192.168.1.7 fd00::1' })
  expect(config.outboundAllow).toEqual(['10.0.0.0/8', '192.168.1.7/32', 'fd00::1/128'])
})

test('an identity provider is named by issuer and client id, the rest has defaults', () => {
  const named = { SLUICE_OIDC_ISSUER: 'https://id.example.com/realms/x', SLUICE_OIDC_CLIENT_ID: 'sluice' }
  expect(readConfig(named).signOn).toEqual({
    issuer: named.SLUICE_OIDC_ISSUER,
    clientId: 'sluice',
    clientSecret: null,
    name: 'id.example.com',
    domains: [],
    newPeople: null,
  })
  const more = {
    SLUICE_OIDC_CLIENT_SECRET: 'x',
    SLUICE_OIDC_NAME: 'Example Inc.',
    SLUICE_OIDC_DOMAINS: 'Example.com, @example.org',
    SLUICE_OIDC_NEW_PEOPLE: 'main:viewer',
  }
  expect(readConfig({ ...named, ...more }).signOn).toMatchObject({
    clientSecret: 'x',
    name: 'Example Inc.',
    domains: ['example.com', 'example.org'],
    newPeople: { namespace: 'main', role: 'viewer' },
  })
})

test('a client id without an issuer says what is missing', () => {
  expect(() => readConfig({ SLUICE_OIDC_CLIENT_ID: 'sluice' })).toThrow(/SLUICE_OIDC_ISSUER/)
})

test.each([
  ['SLUICE_OIDC_ISSUER', 'http://id.example.com'],
  ['SLUICE_OIDC_NEW_PEOPLE', 'main:king'],
  ['SLUICE_SMTP_URL', 'mail.example.com'],
  ['SLUICE_URL', 'sluice.example.com'],
  ['SLUICE_OUTBOUND_ALLOW', 'everything'],
  ['SLUICE_PORT', 'many'],
  ['SLUICE_PORT', '65536'],
  ['SLUICE_LOG', 'loud'],
  ['SLUICE_DATABASE_URL', 'mysql://localhost/x'],
])('%s=%s is refused by name', (name, value) => {
  let thrown: unknown
  try {
    readConfig({ [name]: value })
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ problem: { code: 'config.invalid', details: { name } } })
})
