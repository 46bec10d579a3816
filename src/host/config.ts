// Settings from the environment: the only file that reads process.env. Everything else is given what it needs.
import { isIP } from 'node:net'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import ipaddr from 'ipaddr.js'
import { z } from 'zod'
import type { SignOnSettings } from '../api/place.ts'
import type { Role } from '../core/access.ts'
import { failure } from '../core/problems.ts'

const networks = z
  .string()
  .transform((text) =>
    text
      .split(/[\s,]+/)
      .filter(Boolean)
      .map((network) => (network.includes('/') ? network : `${network}/${isIP(network) === 6 ? 128 : 32}`)),
  )
  .refine((list) => list.every((network) => ipaddr.isValidCIDR(network)), 'networks such as 10.0.0.0/8')

/** The variables Sluice reads; nothing else in the environment changes what it does. */
const environmentSchema = z.object({
  SLUICE_HOME: z.string().optional(),
  SLUICE_DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\//, 'it must begin with postgres://')
    .optional(),
  SLUICE_BLOBS: z.string().optional(),
  SLUICE_ROOT: z.string().optional(),
  SLUICE_WEB: z.string().optional(),
  SLUICE_LOG: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  SLUICE_SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\//, 'it must begin with smtp:// or smtps://')
    .optional(),
  SLUICE_MAIL_FROM: z.string().optional(),
  SLUICE_URL: z
    .string()
    .regex(/^https?:\/\//, 'it must begin with http:// or https://')
    .optional(),
  SLUICE_OUTBOUND_ALLOW: networks.optional(),
  SLUICE_OIDC_ISSUER: z
    .string()
    .regex(/^https:\/\/|^http:\/\/(127\.0\.0\.1|localhost)(:|\/|$)/, 'it must begin with https://')
    .optional(),
  SLUICE_OIDC_CLIENT_ID: z.string().optional(),
  SLUICE_OIDC_CLIENT_SECRET: z.string().optional(),
  SLUICE_OIDC_NAME: z.string().max(60).optional(),
  SLUICE_OIDC_DOMAINS: z.string().optional(),
  SLUICE_OIDC_NEW_PEOPLE: z
    .string()
    .regex(/^[a-z][a-z0-9_]*:(owner|admin|operator|approver|viewer)$/, 'NAMESPACE:ROLE, such as main:viewer')
    .optional(),
  SLUICE_KEY: z.string().optional(),
  SLUICE_KEY_BEFORE: z.string().optional(),
  SLUICE_STREAMS: z.coerce.number().int().min(1).max(100_000).default(2_000),
  SLUICE_PORT: z.coerce.number().int().min(0).max(65_535).default(7788),
})

export interface Config {
  /** Folder of everything Sluice keeps: the database, blobs, keys, logs, the API's socket. */
  readonly home: string
  /** A PostgreSQL of the user's own; undefined: the embedded one. */
  readonly databaseUrl: string | undefined
  readonly blobFolder: string
  /** Below which jobs may read folders; null: none. */
  readonly root: string | null
  /** The folder of the built web app; another than ours only while it is being worked on. */
  readonly webFolder: string
  readonly logLevel: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** Streams of news that may be open at once. */
  readonly streams: number
  /** TCP port for browsers, on loopback; 0: any free one. */
  readonly port: number
  /** What secrets are sealed with: undefined: a file of the home folder; the one before, until they are sealed anew. */
  readonly key: string | undefined
  readonly keyBefore: string | undefined
  /** The server mail is sent with; null: none is set up. */
  readonly mail: { readonly url: string; readonly from: string } | null
  /** The address people reach this Sluice at, without a slash at the end; null: unknown. */
  readonly baseUrl: string | null
  /** Networks that webhooks and the identity provider may be reached in besides public addresses. */
  readonly outboundAllow: readonly string[]
  /** The identity provider people sign in at (OpenID Connect); null: none is set up. */
  readonly signOn: SignOnSettings | null
}

type Environment = Readonly<Record<string, string | undefined>>

/** Reads and checks the settings; throws `config.invalid` naming the variable. */
export function readConfig(environment: Environment = process.env): Config {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const parsed = environmentSchema.safeParse(given)
  if (!parsed.success) throw invalid(parsed.error)
  const settings = parsed.data
  const home = resolve(settings.SLUICE_HOME ?? defaultHome(given))
  return {
    home,
    databaseUrl: settings.SLUICE_DATABASE_URL,
    blobFolder: resolve(settings.SLUICE_BLOBS ?? join(home, 'blobs')),
    root: settings.SLUICE_ROOT === undefined ? null : resolve(settings.SLUICE_ROOT),
    webFolder: resolve(settings.SLUICE_WEB ?? fileURLToPath(new URL('../../dist/web', import.meta.url))),
    logLevel: settings.SLUICE_LOG,
    port: settings.SLUICE_PORT,
    streams: settings.SLUICE_STREAMS,
    key: settings.SLUICE_KEY,
    keyBefore: settings.SLUICE_KEY_BEFORE,
    mail: mailOf(settings),
    baseUrl: settings.SLUICE_URL?.replace(/\/+$/, '') ?? null,
    outboundAllow: settings.SLUICE_OUTBOUND_ALLOW ?? [],
    signOn: signOnOf(settings),
  }
}

/** Without a sender's address of its own, mail comes from the user of the mail server where that is one. */
function mailOf({
  SLUICE_SMTP_URL: url,
  SLUICE_MAIL_FROM: from,
}: z.infer<typeof environmentSchema>): Config['mail'] {
  if (url === undefined) return null
  const user = decodeURIComponent(new URL(url).username)
  return { url, from: from ?? (user.includes('@') ? user : 'Sluice <sluice@localhost>') }
}

/** Issuer and client id go together; what is said beside them needs them. */
function signOnOf(settings: z.infer<typeof environmentSchema>): SignOnSettings | null {
  const { SLUICE_OIDC_ISSUER: issuer, SLUICE_OIDC_CLIENT_ID: clientId } = settings
  if (issuer === undefined && clientId === undefined) return null
  if (issuer === undefined || clientId === undefined)
    throw failure('config.invalid', {
      name: issuer === undefined ? 'SLUICE_OIDC_ISSUER' : 'SLUICE_OIDC_CLIENT_ID',
      detail: 'it is missing; an identity provider needs both',
    })
  const [namespace, role] = (settings.SLUICE_OIDC_NEW_PEOPLE ?? '').split(':') as [string, Role | undefined]
  return {
    issuer,
    clientId,
    clientSecret: settings.SLUICE_OIDC_CLIENT_SECRET ?? null,
    name: settings.SLUICE_OIDC_NAME ?? new URL(issuer).host,
    domains: (settings.SLUICE_OIDC_DOMAINS ?? '')
      .toLowerCase()
      .split(/[\s,@]+/)
      .filter(Boolean),
    newPeople: role === undefined ? null : { namespace, role },
  }
}

function invalid(error: z.ZodError): Error {
  const issue = error.issues[0]
  return failure('config.invalid', { name: String(issue?.path[0]), detail: issue?.message ?? 'unknown' })
}

/** The platform's user data folder (XDG Base Directory Specification; Apple and Microsoft conventions). */
function defaultHome(environment: Environment): string {
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Sluice')
  if (process.platform === 'win32')
    return join(environment['LOCALAPPDATA'] ?? join(homedir(), 'AppData', 'Local'), 'Sluice')
  return join(environment['XDG_DATA_HOME'] ?? join(homedir(), '.local', 'share'), 'sluice')
}

/** Which PostgreSQL the tests run on: 18 is the embedded one, another major is looked up in Debian's place. */
export function testPostgresMajor(environment: Environment = process.env): number {
  return Number(environment['SLUICE_TEST_PG'] ?? 18)
}
