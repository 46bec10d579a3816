// Requests to the server of a benchmark, over its socket or its port, and what their times say.
import { once } from 'node:events'
import { request, type Agent, type IncomingMessage, type RequestOptions } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import type { Home } from './home.ts'

/** Opens a request and answers when the headers have come. */
export async function open(options: RequestOptions, body?: string): Promise<IncomingMessage> {
  const asked = request(options)
  asked.end(body)
  const [answer] = (await once(asked, 'response')) as [IncomingMessage]
  return answer
}

export interface Asked {
  readonly agent?: Agent
  readonly method?: string
  readonly json?: unknown
}

/** Answers what the API answers over the socket of this machine; throws unless it went well. */
export async function askApi<T>(home: Home, path: string, { agent, method, json }: Asked = {}): Promise<T> {
  const options = {
    socketPath: join(home.path, 'api.sock'),
    path: `/v1/namespaces/main${path}`,
    method: method ?? 'GET',
    headers: json === undefined ? {} : { 'content-type': 'application/json' },
    ...(agent === undefined ? {} : { agent }),
  }
  const answer = await open(options, json === undefined ? undefined : JSON.stringify(json))
  const said = await text(answer)
  if ((answer.statusCode ?? 500) >= 400) throw new Error(`${path}: ${answer.statusCode} ${said}`)
  return JSON.parse(said) as T
}

export interface Times {
  readonly count: number
  /** Milliseconds. */
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly most: number
}

export function timesOf(measured: readonly number[]): Times {
  const sorted = measured.toSorted((a, b) => a - b)
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? Number.NaN
  return { count: sorted.length, p50: at(0.5), p90: at(0.9), p99: at(0.99), most: at(1) }
}

export function timesText({ count, p50, p90, p99, most }: Times): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`
  return `p50 ${ms(p50)}  p90 ${ms(p90)}  p99 ${ms(p99)}  most ${ms(most)}  (${count})`
}
