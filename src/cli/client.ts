// A client of the API over the server's socket: JSON in, JSON out, failures as problems.
import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SluiceError, type ProblemDetails } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import type { ProblemAnswer } from '../api/answers.ts'

export interface RunningServer {
  readonly home: string
  readonly socket: string
  readonly port: number | null
}

export type Query = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 })
  readonly #namespace: string
  server: RunningServer

  constructor(server: RunningServer, namespace: string) {
    this.server = server
    this.#namespace = namespace
  }

  /** `path` inside the namespace, for example `/runs/r1042`; of the whole API where it begins with `/v1/`. */
  get<T>(path: string, query: Query = {}): Promise<T> {
    return this.#json<T>('GET', this.#inNamespace(path, query))
  }

  post<T>(path: string, body: unknown = {}): Promise<T> {
    return this.#json<T>('POST', this.#inNamespace(path), body)
  }

  put<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>('PUT', this.#inNamespace(path), body)
  }

  /** Only if what it is about is still as it was looked at. */
  patchIf<T>(path: string, body: unknown, etag: string): Promise<T> {
    return this.#json<T>('PATCH', this.#inNamespace(path), body, { 'if-match': etag })
  }

  patch<T>(path: string, body: unknown): Promise<T> {
    return this.#json<T>('PATCH', this.#inNamespace(path), body)
  }

  remove<T>(path: string): Promise<T> {
    return this.#json<T>('DELETE', this.#inNamespace(path))
  }

  /** A path of the whole API, for example `/v1/namespaces`. */
  ask<T>(method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown): Promise<T> {
    return this.#json<T>(method, path, body)
  }

  /** The same server, in another namespace; to be closed by itself. */
  inside(namespace: string): Client {
    return new Client(this.server, namespace)
  }

  /** Sends a stream as it is; memory stays flat. */
  async upload<T>(path: string, query: Query, source: Readable): Promise<T> {
    const options = {
      method: 'POST',
      path: this.#inNamespace(path, query),
      headers: { 'content-type': 'application/octet-stream' },
    }
    const sending = this.#start(options)
    const answer = answerOf(sending)
    // The server may answer (and stop reading) before the whole file is sent; its answer says why.
    const sent = pipeline(source, sending).catch(() => undefined)
    const response = await answer
    source.destroy()
    await sent
    return read<T>(response)
  }

  /** The body of an answer as a stream. */
  async download(path: string): Promise<IncomingMessage> {
    const asking = this.#start({ method: 'GET', path: this.#inNamespace(path) })
    asking.end()
    const response = await answerOf(asking)
    if (response.statusCode !== 200) await read(response)
    return response
  }

  close(): void {
    this.#agent.destroy()
  }

  #inNamespace(path: string, query: Query = {}): string {
    const search = new URLSearchParams()
    for (const [key, value] of Object.entries(query))
      for (const one of Array.isArray(value) ? value : [value])
        if (one !== undefined) search.append(key, String(one))
    const text = search.toString()
    const whole = path.startsWith('/v1/')
      ? path
      : `/v1/namespaces/${encodeURIComponent(this.#namespace)}${path}`
    return `${whole}${text === '' ? '' : `?${text}`}`
  }

  async #json<T>(
    method: string,
    path: string,
    body?: unknown,
    more: Readonly<Record<string, string>> = {},
  ): Promise<T> {
    const text = body === undefined ? undefined : JSON.stringify(body)
    const headers =
      text === undefined
        ? more
        : { ...more, 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }
    const asking = this.#start({ method, path, headers })
    asking.end(text)
    return read<T>(await answerOf(asking))
  }

  #start(options: RequestOptions) {
    return request({ ...options, socketPath: this.server.socket, agent: this.#agent })
  }
}

function answerOf(asking: ReturnType<typeof request>): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    asking.once('response', resolve)
    asking.once('error', (error) =>
      reject(failure('server.unreachable', { detail: error.message }, { cause: error })),
    )
  })
}

async function read<T>(response: IncomingMessage): Promise<T> {
  const parts: Buffer[] = []
  try {
    for await (const part of response) parts.push(part as Buffer)
  } catch (error) {
    throw failure('server.unreachable', { detail: (error as Error).message }, { cause: error })
  }
  const answer = JSON.parse(Buffer.concat(parts).toString('utf8')) as unknown
  if (response.statusCode! < 300) return answer as T
  const { code, detail, details } = answer as ProblemAnswer
  throw new SluiceError({
    code,
    message: detail,
    ...(details === undefined ? {} : { details: details as ProblemDetails }),
  })
}
