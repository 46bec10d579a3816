// Goes through the API like a program does and keeps what it saw; with keys it sends everything that makes something twice.
import { operationName } from '../../../src/api/describe.ts'
import { takesKey } from '../../../src/api/idempotency.ts'
import { prepareChores } from '../../../src/engine/chores/runner.ts'
import type { ApiServer } from '../apiServer.ts'
import type { Browser } from '../browser.ts'
import { silentLog } from '../importHarness.ts'
import { raw, type Raw } from '../raw.ts'

/** One request and its answer. */
export interface Exchange {
  readonly operation: string
  /** JSON only; undefined: it had no body, or a file. */
  readonly request: unknown
  readonly status: number
  readonly answer: unknown
}

/** A request that makes something, sent twice with one key, and then as another one with the same key. */
export interface Repeat {
  readonly route: string
  readonly first: Raw
  readonly second: Raw
  readonly other: Raw
}

export interface Sent {
  readonly json?: unknown
  readonly bytes?: string | Buffer
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** What stands behind the ?. */
  readonly query?: string
  /** Who asks; without it, whoever is at the machine. */
  readonly by?: Browser
  /** The same request with another body; without it the address is another one. */
  readonly other?: { readonly json: unknown } | { readonly bytes: string }
}

export type Params = Readonly<Record<string, string | number>>

export class Walker {
  readonly api: ApiServer
  readonly port: number
  readonly #keys: boolean
  readonly exchanges: Exchange[] = []
  readonly repeats: Repeat[] = []

  private constructor(api: ApiServer, port: number, keys: boolean) {
    this.api = api
    this.port = port
    this.#keys = keys
  }

  /** `keys`: every request that takes an Idempotency-Key is sent with one, three times. */
  static async open(api: ApiServer, keys: boolean): Promise<Walker> {
    await prepareChores({ db: api.harness.db, log: silentLog })
    return new Walker(api, await api.listenOnTcp(), keys)
  }

  /** A route as the table of rights writes it, in `main` or from /v1; throws for whatever is refused. */
  async ask<T = unknown>(method: string, route: string, params: Params = {}, sent: Sent = {}): Promise<T> {
    const whole = route.startsWith('/v1') ? route : `/v1/namespaces/:namespace${route}`
    const names: Params = { namespace: 'main', ...params }
    const path = whole.replaceAll(/:(\w+)/g, (_, name: string) => encodeURIComponent(String(names[name])))
    const query = sent.query === undefined ? '' : `?${sent.query}`
    const answer =
      this.#keys && takesKey(method, whole) && sent.by === undefined
        ? await this.#thrice(method, whole, path, query, sent)
        : await this.#once(method, path + query, sent)
    if (answer.status >= 300) throw new Error(`${method} ${path}${query}: ${answer.status} ${answer.text}`)
    const isJson = (answer.headers['content-type'] ?? '').startsWith('application/json')
    const body: unknown = isJson && answer.text !== '' ? JSON.parse(answer.text) : undefined
    const operation = operationName(method, whole)
    this.exchanges.push({ operation, request: sent.json, status: answer.status, answer: body })
    return body as T
  }

  async #thrice(method: string, route: string, path: string, query: string, sent: Sent): Promise<Raw> {
    const headers = { ...sent.headers, 'idempotency-key': `walk-${this.repeats.length}` }
    const first = await this.#once(method, path + query, { ...sent, headers })
    const second = await this.#once(method, path + query, { ...sent, headers })
    const { json: _, bytes: __, ...rest } = sent
    const other =
      sent.other === undefined
        ? await this.#once(method, `${path}${query === '' ? '?' : `${query}&`}other=1`, { ...sent, headers })
        : await this.#once(method, path + query, { ...rest, ...sent.other, headers })
    this.repeats.push({ route: `${method} ${route}`, first, second, other })
    return first
  }

  async #once(method: string, path: string, { json, bytes, type, headers, by }: Sent): Promise<Raw> {
    const body = json === undefined ? bytes : JSON.stringify(json)
    const fallback = json === undefined ? 'application/octet-stream' : 'application/json'
    const sent = { ...(body === undefined ? {} : { 'content-type': type ?? fallback }), ...headers }
    if (by !== undefined) {
      const page = await by.ask<unknown>(method, path, json, { ...headers })
      const text = typeof page.body === 'string' ? page.body : JSON.stringify(page.body)
      return { status: page.status, headers: page.headers, bytes: Buffer.from(text), text }
    }
    return raw({ socketPath: this.api.socket, method, path, headers: sent }, body)
  }
}
