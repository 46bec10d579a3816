// A client of the API over the server's socket: JSON in, JSON out, failures as problems.
import { Agent, request, type IncomingMessage, type RequestOptions } from 'node:http'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { SluiceError, type ProblemDetails } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import type { ProblemAnswer, UploadView } from '../client/types.gen.ts'
import type { Answer, Given, Method, Path } from './operations.ts'

export interface RunningServer {
  readonly home: string
  readonly socket: string
  readonly port: number | null
}

/** Where an operation has to be given nothing, nothing has to be written. */
type Optional<M extends Method, P extends Path<M>> =
  object extends Given<M, P> ? [given?: Given<M, P>] : [given: Given<M, P>]

/**
 * Asks by method and path, with the types of the OpenAPI document: a route, a name or an answer that changes breaks the commands that use it.
 * A path without `/v1/` is one inside the namespace. @throws the problem that the server answered; `server.unreachable`.
 */
export class Client {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 4 })
  readonly #namespace: string
  server: RunningServer

  constructor(server: RunningServer, namespace: string) {
    this.server = server
    this.#namespace = namespace
  }

  get<P extends Path<'GET'>>(path: P, ...given: Optional<'GET', P>): Promise<Answer<'GET', P>> {
    return this.#json('GET', path, given[0])
  }

  post<P extends Path<'POST'>>(path: P, ...given: Optional<'POST', P>): Promise<Answer<'POST', P>> {
    return this.#json('POST', path, given[0])
  }

  put<P extends Path<'PUT'>>(path: P, ...given: Optional<'PUT', P>): Promise<Answer<'PUT', P>> {
    return this.#json('PUT', path, given[0])
  }

  patch<P extends Path<'PATCH'>>(path: P, ...given: Optional<'PATCH', P>): Promise<Answer<'PATCH', P>> {
    return this.#json('PATCH', path, given[0])
  }

  delete<P extends Path<'DELETE'>>(path: P, ...given: Optional<'DELETE', P>): Promise<Answer<'DELETE', P>> {
    return this.#json('DELETE', path, given[0])
  }

  /** The same server, in another namespace; to be closed by itself. */
  inside(namespace: string): Client {
    return new Client(this.server, namespace)
  }

  /** Sends a file as a stream, as it is; memory stays flat. */
  async upload(fileName: string, source: Readable): Promise<UploadView> {
    const sending = this.#start({
      method: 'POST',
      path: this.#address('/uploads', { file_name: fileName }),
      headers: { 'content-type': 'application/octet-stream' },
    })
    const answer = answerOf(sending)
    // The server may answer (and stop reading) before the whole file is sent; its answer says why.
    const sent = pipeline(source, sending).catch(() => undefined)
    try {
      return await read<UploadView>(await answer)
    } finally {
      source.destroy()
      await sent
    }
  }

  /** The body of an answer as a stream. */
  async download<P extends Path<'GET'>>(path: P, ...given: Optional<'GET', P>): Promise<IncomingMessage> {
    const asking = this.#start({ method: 'GET', path: this.#address(path, given[0] ?? {}) })
    asking.end()
    const response = await answerOf(asking)
    if (response.statusCode !== 200) await read(response)
    return response
  }

  close(): void {
    this.#agent.destroy()
  }

  /** Fills the names of the path; everything else that is given goes into the query. */
  #address(path: string, given: object): string {
    const rest = new Map<string, unknown>(Object.entries(given))
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
      const value = String(rest.get(name))
      rest.delete(name)
      return encodeURIComponent(value)
    })
    const search = new URLSearchParams()
    for (const [key, value] of rest)
      for (const one of Array.isArray(value) ? value : [value])
        if (one !== undefined) search.append(key, String(one))
    const text = search.toString()
    const whole = path.startsWith('/v1/')
      ? filled
      : `/v1/namespaces/${encodeURIComponent(this.#namespace)}${filled}`
    return `${whole}${text === '' ? '' : `?${text}`}`
  }

  async #json<T>(method: Method, path: string, given: unknown): Promise<T> {
    const { body, ifMatch, ...rest } = { ...(given as { body?: unknown; ifMatch?: string } | undefined) }
    // What takes a body takes one always: nothing is said by an empty one.
    const text = method === 'GET' || method === 'DELETE' ? undefined : JSON.stringify(body ?? {})
    const asking = this.#start({
      method,
      path: this.#address(path, rest),
      headers: {
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    })
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
  const status = response.statusCode!
  const answer = parsed(Buffer.concat(parts).toString('utf8'), status)
  if (status < 300) return answer as T
  const { code, detail, details } = answer as ProblemAnswer
  throw new SluiceError({
    code,
    message: detail,
    ...(details === undefined ? {} : { details: details as ProblemDetails }),
  })
}

/** Whatever answers something else is no server of ours. */
function parsed(text: string, status: number): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw failure(
      'server.unreachable',
      { detail: `what it answered (${status}) is no JSON` },
      { cause: error },
    )
  }
}
