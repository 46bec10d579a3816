// One request with its headers and bytes as they are, to the socket or the port of a server of the tests.
import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http'

export interface Raw {
  readonly status: number
  readonly headers: IncomingHttpHeaders
  readonly bytes: Buffer
  readonly text: string
}

/** Sends one request on a connection of its own. */
export function raw(options: RequestOptions, sent?: string | Buffer): Promise<Raw> {
  return new Promise((resolve, reject) => {
    const asking = request({ ...options, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const bytes = Buffer.concat(parts)
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          bytes,
          text: bytes.toString('utf8'),
        })
      })
    })
    asking.on('error', reject)
    asking.end(sent)
  })
}
