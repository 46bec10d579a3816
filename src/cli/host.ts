// What commands ask of the machine; main.ts hands it in, so that this folder stays a client of the API.
import type { RunningServer } from './client.ts'

export interface UpRequest {
  readonly port: number | undefined
  readonly linger: number | undefined
  /** Worker processes. */
  readonly workers: number
  /** Below which jobs may read folders; undefined: as the environment says. */
  readonly root: string | undefined
  /** Started by another command: speaks by messages, not on the terminal. */
  readonly background: boolean
}

export interface RunningUp {
  readonly home: string
  readonly socket: string
  readonly port: number | null
  readonly tokenFile: string
  /** A one-time link for the first admin, where there is nobody yet and a port to open it at. */
  readonly welcome: string | null
  readonly root: string | null
  readonly ended: Promise<void>
  stop(): void
}

export interface DownResult {
  readonly server: number | null
  readonly postgres: boolean
  /** Active jobs that run by themselves, which they cannot without a server. */
  readonly waitingJobs: number
}

export interface Finding {
  readonly check: string
  readonly state: 'ok' | 'warn' | 'fail'
  readonly found: string
  /** What to do about it. */
  readonly advice?: string
}

export interface Host {
  readonly version: string
  /** A server on this home; one is started when there is none. `onStart` is called before that. */
  reach(onStart: () => void): Promise<RunningServer>
  /** The server on this home, if one is up; none is started. */
  find(): Promise<RunningServer | undefined>
  /** A server that stays up with a port for browsers. */
  reachOnPort(onStart: () => void): Promise<RunningServer>
  up(request: UpRequest): Promise<RunningUp>
  down(stopRuns: boolean): Promise<DownResult>
  doctor(): Promise<readonly Finding[]>
  /** Runs the worker until told to stop. */
  worker(root: string | undefined): Promise<void>
  /** The file behind a blob key on this machine. */
  blobPath(key: string): Promise<string>
  /** The example that `sluice start` imports. */
  readonly example: string
}
