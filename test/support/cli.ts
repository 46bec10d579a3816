// The program as people start it: a child process with a home of its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stopPostgres } from '../../src/host/postgres/stop.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

export class Cli {
  readonly home: string

  private constructor(home: string) {
    this.home = home
  }

  static async open(): Promise<Cli> {
    return new Cli(await mkdtemp('/tmp/sluice-cli-test-'))
  }

  /** Stops what was started on this home and removes it. */
  async close(): Promise<void> {
    await this.run('down', '--stop-runs')
    await stopPostgres(this.home)
    await rm(this.home, { recursive: true, force: true })
  }

  path(name: string): string {
    return join(this.home, name)
  }

  run(...args: string[]): Promise<Ended> {
    return this.feed('', ...args)
  }

  /** With something on standard input. */
  feed(input: string, ...args: string[]): Promise<Ended> {
    const child = this.start(...args)
    child.stdin.end(input)
    return ended(child)
  }

  start(...args: string[]) {
    const env = {
      PATH: '/usr/bin:/bin',
      HOME: this.home,
      SLUICE_HOME: join(this.home, 'home'),
      NO_COLOR: '1',
    }
    return spawn(process.execPath, [main, ...args], { env, cwd: this.home, stdio: 'pipe' })
  }
}

/** Waits for the end of a started command. */
export function ended(child: ReturnType<Cli['start']>): Promise<Ended> {
  let out = ''
  let err = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString('utf8')))
  child.stderr.on('data', (part: Buffer) => (err += part.toString('utf8')))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? -1, out, err }))
  })
}
