// The product's home of the benchmark: its server up and down, and copies of the whole folder to start from.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, openSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { must, run, type Ended } from './programs.ts'

const launcher = fileURLToPath(new URL('../sluice', import.meta.url))

export interface Server {
  readonly pid: number
  /** Stops the server and PostgreSQL. */
  stop(): Promise<void>
}

export class Home {
  readonly path: string
  readonly #folder: string

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true })
    this.#folder = folder
    this.path = join(folder, 'home')
  }

  /** A command as a user types it. */
  sluice(...args: readonly string[]): Promise<Ended> {
    return run(launcher, args, { SLUICE_HOME: this.path })
  }

  /** Starts `sluice up` and answers when it says that it is up. `more`: settings from the environment; `flags`: as typed. */
  async up(more: Readonly<Record<string, string>> = {}, flags: readonly string[] = []): Promise<Server> {
    const log = openSync(join(this.#folder, 'up.log'), 'w')
    const child = spawn(launcher, ['up', '--json', ...flags], {
      env: { ...process.env, SLUICE_HOME: this.path, ...more },
      stdio: ['ignore', 'pipe', log],
    })
    const ended = once(child, 'exit')
    const pid = await upMessage(child.stdout!)
    return {
      pid,
      stop: async () => {
        await this.down()
        await ended
      },
    }
  }

  /** Whatever is up on this home is stopped. */
  async down(): Promise<void> {
    if (!existsSync(this.path)) return
    const { code, output, errors } = await this.sluice('down', '--stop-runs', '--json')
    if (code !== 0) throw new Error(`sluice down ended with ${code}: ${errors}${output}`)
  }

  /** With nothing up. */
  async erase(): Promise<void> {
    await rm(this.path, { recursive: true, force: true })
  }

  /** Puts the home aside, with nothing up, so that any number of rounds can start from it. */
  async keep(name: string): Promise<void> {
    await this.forget(name)
    await rename(this.path, this.#kept(name))
  }

  /**
   * Puts what was kept in place of the home: a copy, or with `last` the thing itself, since ten million rows fill a
   * disk. Everything is on the disk before this returns, so no round pays for it.
   */
  async restore(name: string, last = false): Promise<void> {
    await this.erase()
    if (last) await rename(this.#kept(name), this.path)
    else await must('cp', ['-a', this.#kept(name), this.path])
    await must('sync', [])
  }

  async forget(name: string): Promise<void> {
    await rm(this.#kept(name), { recursive: true, force: true })
  }

  #kept(name: string): string {
    return join(this.#folder, `home-${name}`)
  }
}

function upMessage(output: Readable): Promise<number> {
  let said = ''
  return new Promise((resolve, reject) => {
    output.on('data', (piece: Buffer) => {
      said += piece.toString()
      const pid = /"pid":\s*(\d+)/.exec(said)?.[1]
      if (pid !== undefined) resolve(Number(pid))
    })
    output.once('end', () => reject(new Error(`sluice up ended: ${said}`)))
  })
}
