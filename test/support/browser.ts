// A browser as the server meets it: keeps its cookie, says where a request comes from, and sends paths as they are typed.
import { request, type IncomingHttpHeaders } from 'node:http'

export interface Page<T> {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly body: T
}

export class Browser {
  readonly #port: number
  cookie: string | undefined
  /** Sent with everything, in place of the own page's. */
  readonly headers: Record<string, string>

  constructor(port: number, headers: Record<string, string> = {}) {
    this.#port = port
    this.headers = headers
  }

  /** A path of the API; JSON answers are parsed. */
  ask<T = { code?: string }>(
    method: string,
    path: string,
    json?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Page<T>> {
    const body = json === undefined ? undefined : JSON.stringify(json)
    const sent: Record<string, string> = {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(this.cookie === undefined ? {} : { cookie: this.cookie }),
      ...(method === 'GET'
        ? {}
        : { origin: `http://127.0.0.1:${this.#port}`, 'sec-fetch-site': 'same-origin' }),
      ...this.headers,
      ...headers,
    }
    return new Promise((resolve, reject) => {
      const asking = request({
        host: '127.0.0.1',
        port: this.#port,
        method,
        path,
        headers: sent,
        agent: false,
      })
      asking.on('error', reject)
      asking.on('response', (response) => {
        // A stream has no end: that it begins is what is asked.
        if (response.headers['content-type']?.startsWith('text/event-stream') === true) {
          response.destroy()
          return resolve({ status: response.statusCode!, headers: response.headers, body: '' as T })
        }
        const parts: Buffer[] = []
        response.on('data', (part: Buffer) => parts.push(part))
        response.on('error', reject)
        response.on('end', () => {
          const text = Buffer.concat(parts).toString('utf8')
          const isJson = /[/+]json/.test(response.headers['content-type'] ?? '') && text !== ''
          this.#keep(response.headers['set-cookie'])
          resolve({
            status: response.statusCode!,
            headers: response.headers,
            body: (isJson ? JSON.parse(text) : text) as T,
          })
        })
      })
      asking.end(body)
    })
  }

  #keep(cookies: readonly string[] | undefined): void {
    const pair = cookies?.[0]?.split(';')[0]
    if (pair !== undefined) this.cookie = pair.endsWith('=') ? undefined : pair
  }
}
