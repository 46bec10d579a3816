// The API on a real socket and a real database, with workers in this process; what API tests talk to.
import { mkdtemp, rm } from 'node:fs/promises'
import { request, type RequestOptions } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import type { ClientConfig } from 'pg'
import type { Access } from '../../src/api/place.ts'
import { makeServer } from '../../src/api/server.ts'
import type { ImportAnswer } from '../../src/api/imports.ts'
import type { Inspection } from '../../src/api/inspect.ts'
import type { RunView } from '../../src/api/runView.ts'
import type { UploadView } from '../../src/api/uploadView.ts'
import { systemClock } from '../../src/core/clock.ts'
import { explaining } from '../../src/host/explain.ts'
import { processed } from '../../src/host/processed.ts'
import { linesOf } from '../../src/host/recordLines.ts'
import { processing, settling } from '../../src/host/records.ts'
import { correcting, retrying } from '../../src/host/retrying.ts'
import { openVault } from '../../src/host/vault.ts'
import { verify } from '../../src/host/verify.ts'
import type { Namespace } from '../../src/db/imports.ts'
import { sourceIo } from '../../src/engine/sourceIo.ts'
import { until } from '../until.ts'
import { dropExpired, dropNamespace } from '../../src/engine/dropNamespace.ts'
import { ImportHarness, silentLog } from './importHarness.ts'

export const token = 'a-token-of-the-tests-long-enough'

export interface Answer<T> {
  readonly status: number
  readonly type: string
  readonly body: T
}

export interface Ask {
  readonly json?: unknown
  readonly bytes?: string | Buffer
  readonly headers?: Readonly<Record<string, string>>
}

export class ApiServer {
  readonly harness: ImportHarness
  readonly socket: string
  readonly app: FastifyInstance
  readonly #folder: string
  readonly faults: unknown[] = []

  readonly #listenOnTcp: () => Promise<FastifyInstance>
  #tcp: FastifyInstance | undefined

  private constructor(
    harness: ImportHarness,
    folder: string,
    app: FastifyInstance,
    faults: unknown[],
    tcp: () => Promise<FastifyInstance>,
  ) {
    this.harness = harness
    this.#folder = folder
    this.socket = join(folder, 'api.sock')
    this.app = app
    this.faults = faults
    this.#listenOnTcp = tcp
  }

  /** Answers the port. */
  async listenOnTcp(): Promise<number> {
    this.#tcp = await this.#listenOnTcp()
    await this.#tcp.listen({ host: '127.0.0.1', port: 0 })
    return (this.#tcp.server.address() as AddressInfo).port
  }

  /** `access`: what the TCP port is to differ in. */
  static async open(connection: ClientConfig, access: Partial<Access> = {}): Promise<ApiServer> {
    const folder = await mkdtemp('/tmp/sluice-api-test-')
    const harness = await ImportHarness.open(connection)
    const { db: database, store: blobs } = harness
    const faults: unknown[] = []
    const context = {
      database,
      blobs,
      now: () => '2026-03-01T00:00:00Z',
      about: { version: '0.0.0', pid: process.pid, home: folder, port: () => null },
      web: folder,
      stop: () => {},
      linesOf: linesOf.bind(null, database, blobs),
      verify: verify.bind(null, database),
      explain: explaining(database, blobs, systemClock),
      processed: processed(database, blobs),
      corrections: correcting(database, blobs),
      retry: retrying(database, blobs),
      process: processing(database, blobs, systemClock),
      settle: settling(database, blobs),
      namespaces: {
        drop: (name: string, how: { confirmed: boolean }) =>
          dropNamespace({ db: database, store: blobs, clock: systemClock }, name, how),
        dropExpired: () => dropExpired({ db: database, store: blobs, clock: systemClock }, silentLog),
      },
      secrets: openVault(database, { home: folder, key: undefined, keyBefore: undefined }),
      sourceIo: (namespace: Namespace) =>
        sourceIo({ db: database, clock: systemClock, root: folder }, namespace),
      logFault: (error: unknown) => faults.push(error),
    }
    const make = (): Promise<FastifyInstance> =>
      makeServer(context, { token, tokenFile: '/home/of/token', ...access })
    const app = await make()
    await app.listen({ path: join(folder, 'api.sock') })
    return new ApiServer(harness, folder, app, faults, make)
  }

  async close(): Promise<void> {
    await this.app.close()
    await this.#tcp?.close()
    await this.harness.close()
    await rm(this.#folder, { recursive: true, force: true })
  }

  /** The folder below which jobs may read. */
  get root(): string {
    return this.#folder
  }

  /** `path` under /v1/namespaces/main, or from the root with a leading /v1. */
  ask<T = unknown>(
    method: string,
    path: string,
    { json, bytes, headers = {} }: Ask = {},
  ): Promise<Answer<T>> {
    const whole = path.startsWith('/v1') ? path : `/v1/namespaces/main${path}`
    const body = json === undefined ? bytes : JSON.stringify(json)
    const type = json === undefined ? 'application/octet-stream' : 'application/json'
    return send(
      {
        socketPath: this.socket,
        method,
        path: whole,
        headers: { ...(body === undefined ? {} : { 'content-type': type }), ...headers },
      },
      body,
    )
  }

  async upload(content: string | Buffer, name = 'people.csv'): Promise<UploadView> {
    const path = `/uploads?file_name=${encodeURIComponent(name)}`
    return (await this.ask<UploadView>('POST', path, { bytes: content })).body
  }

  /** Uploads, takes the proposal as it is, starts the import. */
  async start(content: string | Buffer, more: object = {}, name = 'people.csv'): Promise<ImportAnswer> {
    const upload = await this.upload(content, name)
    const { body: inspection } = await this.ask<Inspection>('POST', `/uploads/${upload.id}/inspect`, {
      json: {},
    })
    const columns = inspection.columns.map(({ column }) => column)
    const definition = { dialect: inspection.dialect, columns, mapping: inspection.mapping }
    const json = { upload: upload.id, job: name, definition, ...more }
    return (await this.ask<ImportAnswer>('POST', '/imports', { json })).body
  }

  /** The same, and works until the run is settled. */
  async import(content: string | Buffer, more: object = {}, name = 'people.csv'): Promise<RunView> {
    const { run } = await this.start(content, more, name)
    return this.settled(run)
  }

  settled(run: string): Promise<RunView> {
    return this.harness.whileWorking(
      () =>
        until(async () => {
          const { body: view } = await this.ask<RunView>('GET', `/runs/${run}`)
          return (view.run.settled || view.run.state === 'held') && view
        }),
      { root: this.root },
    )
  }
}

/** One request; JSON answers are parsed. The caller says what it expects to find in them. */
export function send<T>(options: RequestOptions, sent?: string | Buffer): Promise<Answer<T>> {
  return new Promise((resolve, reject) => {
    const asking = request({ ...options, agent: false }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => {
        const text = Buffer.concat(parts).toString('utf8')
        const type = response.headers['content-type'] ?? ''
        const body = (/[/+]json/.test(type) ? JSON.parse(text) : text) as T
        resolve({ status: response.statusCode!, type, body })
      })
    })
    asking.on('error', reject)
    asking.end(sent)
  })
}

/** Sends the beginning of a file and goes away. Resolves when the connection is gone. */
export function breakOff(options: RequestOptions, sent: string): Promise<void> {
  return new Promise((resolve) => {
    const asking = request({ ...options, agent: false })
    asking.on('error', () => resolve())
    asking.write(sent, () => asking.destroy())
  })
}
