// The identity provider (OpenID Connect, authorization code with PKCE): where a browser is sent, and who comes back.
import * as oidc from 'openid-client'
import { guardedFetch } from '../connectors/net/outbound.ts'
import { failure } from '../core/problems.ts'
import type { SignOnTry } from '../db/signOn.ts'
import type { Access, SignOnSettings } from './place.ts'

/** Who the provider says somebody is. */
export interface Identity {
  readonly issuer: string
  readonly subject: string
  /** Trimmed, in lower case; null: it does not say. */
  readonly email: string | null
  readonly emailVerified: boolean
  readonly name: string | null
}

const timeoutSeconds = 10
/** What the provider says of itself is asked again after so long: its keys and addresses change now and then. */
const keptMs = 3_600_000

interface Kept {
  readonly config: Promise<oidc.Configuration>
  readonly until: number
}
const kept = new WeakMap<SignOnSettings, Kept>()

/** What the provider says of itself, or `sign_on.unreachable`. */
async function configOf(settings: SignOnSettings, access: Access, now: number): Promise<oidc.Configuration> {
  const before = kept.get(settings)
  if (before !== undefined && before.until > now) return before.config
  const config = discovered(settings, access)
  kept.set(settings, { config, until: now + keptMs })
  try {
    return await config
  } catch (error) {
    kept.delete(settings)
    throw failure('sign_on.unreachable', {}, { cause: error })
  }
}

function discovered(
  { issuer, clientId, clientSecret }: SignOnSettings,
  { outboundAllow = [] }: Access,
): Promise<oidc.Configuration> {
  const auth = clientSecret === null ? oidc.None() : oidc.ClientSecretPost(clientSecret)
  return oidc.discovery(new URL(issuer), clientId, {}, auth, {
    [oidc.customFetch]: guardedFetch(outboundAllow) as oidc.CustomFetch,
    timeout: timeoutSeconds,
    // Settings allow it for this machine alone.
    ...(issuer.startsWith('http:') ? { execute: [oidc.allowInsecureRequests] } : {}),
  })
}

export interface Provider {
  readonly settings: SignOnSettings
  readonly access: Access
  /** Where the provider sends browsers back to. */
  readonly callback: string
  /** Milliseconds since 1970. */
  readonly now: number
}

/** Where a browser is sent, and what must be remembered of it. Throws `sign_on.unreachable`. */
export async function departure(
  { settings, access, callback, now }: Provider,
  back: string,
): Promise<{ url: URL; remembered: SignOnTry }> {
  const config = await configOf(settings, access, now)
  const remembered = {
    state: oidc.randomState(),
    nonce: oidc.randomNonce(),
    verifier: oidc.randomPKCECodeVerifier(),
    back,
  }
  const url = oidc.buildAuthorizationUrl(config, {
    redirect_uri: callback,
    scope: 'openid email profile',
    state: remembered.state,
    nonce: remembered.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(remembered.verifier),
    code_challenge_method: 'S256',
  })
  return { url, remembered }
}

/** Who comes back with this query. Throws `sign_on.unreachable`, and `sign_on.failed` for anything that does not fit. */
export async function arrival(
  { settings, access, callback, now }: Provider,
  query: string,
  remembered: SignOnTry,
): Promise<Identity> {
  const config = await configOf(settings, access, now)
  try {
    const tokens = await oidc.authorizationCodeGrant(config, new URL(`${callback}?${query}`), {
      pkceCodeVerifier: remembered.verifier,
      expectedState: remembered.state,
      expectedNonce: remembered.nonce,
      idTokenExpected: true,
    })
    const claims = tokens.claims()!
    const more =
      claims['email'] === undefined && config.serverMetadata().userinfo_endpoint !== undefined
        ? await oidc.fetchUserInfo(config, tokens.access_token, claims.sub)
        : claims
    return identity(claims.iss, claims.sub, more)
  } catch (error) {
    throw failure('sign_on.failed', {}, { cause: error })
  }
}

function identity(issuer: string, subject: string, said: Readonly<Record<string, unknown>>): Identity {
  const { email, email_verified: verified, name } = said
  return {
    issuer,
    subject,
    email: typeof email === 'string' && email.includes('@') ? email.trim().toLowerCase() : null,
    emailVerified: verified === true,
    name: typeof name === 'string' && name.trim() !== '' ? name.trim().slice(0, 100) : null,
  }
}
