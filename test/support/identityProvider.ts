// A real identity provider for tests (oidc-provider), in this process on a port of its own; people sign in by their name alone.
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the provider knows of somebody. */
export interface Account {
  readonly email?: string
  readonly email_verified?: boolean
  readonly name?: string
}

interface Interaction {
  readonly uid: string
  readonly prompt: { readonly name: string }
}

interface RealProvider {
  readonly Grant: new (of: { accountId: string; clientId: string }) => {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }
  callback(): RequestListener
  interactionDetails(request: IncomingMessage, response: unknown): Promise<Interaction>
  interactionResult(request: IncomingMessage, response: unknown, result: object): Promise<string>
}

type MakeProvider = new (issuer: string, configuration: object) => RealProvider

export const client = { id: 'sluice', secret: 'a-secret-of-the-client' }

export class IdentityProvider {
  readonly accounts = new Map<string, Account>()
  /** Who signs in next, without a form. */
  next = ''
  readonly #server: Server
  #provider: RealProvider | undefined
  readonly issuer: string

  private constructor(server: Server) {
    this.#server = server
    this.issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request, response) => {
      void this.#answer(request, response).catch((error: unknown) =>
        response.writeHead(500).end(String(error)),
      )
    })
  }

  static async open(): Promise<IdentityProvider> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return new IdentityProvider(server)
  }

  /** Makes it a provider that sends browsers back to this address and no other. */
  async serve(callback: string): Promise<void> {
    // @ts-expect-error: the package has no types
    const { default: Provider } = (await import('oidc-provider')) as { default: MakeProvider }
    this.#provider = new Provider(this.issuer, {
      clients: [
        {
          client_id: client.id,
          client_secret: client.secret,
          redirect_uris: [callback],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
      // In the ID token, as most providers do it.
      conformIdTokenClaims: false,
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false } },
      interactions: { url: (_: unknown, { uid }: Interaction) => `/interaction/${uid}` },
      cookies: { keys: ['of the tests'] },
      findAccount: (_: unknown, id: string) => ({
        accountId: id,
        claims: () => ({ sub: id, ...this.accounts.get(id) }),
      }),
    })
  }

  async #answer(request: IncomingMessage, response: Parameters<RequestListener>[1]): Promise<void> {
    const provider = this.#provider!
    if (!request.url!.startsWith('/interaction/')) return provider.callback()(request, response)
    await provider.interactionDetails(request, response)
    const accountId = this.next
    const grant = new provider.Grant({ accountId, clientId: client.id })
    grant.addOIDCScope('openid email profile')
    const result = { login: { accountId }, consent: { grantId: await grant.save() } }
    response.writeHead(303, { location: await provider.interactionResult(request, response, result) }).end()
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}
