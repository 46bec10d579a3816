// Asks a server over its socket who it is; nothing more, so that it is cheap to load.
import { request } from 'node:http'

export interface ServerInfo {
  readonly version: string
  readonly pid: number
  readonly home: string
  readonly port: number | null
}

/** The server behind the socket, or undefined where nobody answers. */
export async function probe(socketPath: string): Promise<ServerInfo | undefined> {
  const text = await ask(socketPath, 'GET', '/v1/health').catch(() => undefined)
  return text === undefined ? undefined : (JSON.parse(text) as ServerInfo)
}

/** Tells the server to stop; it answers before it does. */
export async function tellToStop(socketPath: string): Promise<void> {
  await ask(socketPath, 'POST', '/v1/stop')
}

function ask(socketPath: string, method: string, path: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const asking = request({ socketPath, method, path, agent: false, timeout: 5_000 }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (part: string) => (text += part))
      response.on('error', reject)
      response.on('end', () => (response.statusCode! < 300 ? resolve(text) : reject(new Error(text))))
    })
    asking.on('timeout', () => asking.destroy(new Error('no answer within 5 s')))
    asking.on('error', reject)
    asking.end()
  })
}
