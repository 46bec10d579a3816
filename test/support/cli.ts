// The program as people start it: a child process with a home of its own.
import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { stopPostgres } from '../../src/host/postgres/stop.ts'

const main = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export interface Ended {
  readonly code: number
  readonly out: string
  readonly err: string
}

export class Cli {
  readonly home: string
  readonly #more: Readonly<Record<string, string>>

  private constructor(home: string, more: Readonly<Record<string, string>>) {
    this.home = home
    this.#more = more
  }

  /** `more`: settings besides the home; `{home}` in them stands for it. */
  static async open(more: Readonly<Record<string, string>> = {}): Promise<Cli> {
    const home = await mkdtemp('/tmp/sluice-cli-test-')
    const placed = Object.entries(more).map(([name, value]) => [name, value.replaceAll('{home}', home)])
    return new Cli(home, Object.fromEntries(placed) as Record<string, string>)
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
    return spawn(process.execPath, [main, ...args], { env: this.#env(), cwd: this.home, stdio: 'pipe' })
  }

  /** At a terminal (util-linux's script makes one), to be answered by keys. */
  atTerminal(...args: string[]): Terminal {
    const words = [process.execPath, main, ...args].map((word) => `'${word}'`).join(' ')
    // A terminal without a size breaks every line after each letter.
    const command = `stty cols 100 rows 40 && exec ${words}`
    const env = { ...this.#env(), TERM: 'xterm' }
    return new Terminal(
      spawn('script', ['-qec', command, '/dev/null'], { env, cwd: this.home, stdio: 'pipe' }),
    )
  }

  #env(): Record<string, string> {
    return {
      PATH: '/usr/bin:/bin',
      HOME: this.home,
      SLUICE_HOME: join(this.home, 'home'),
      NO_COLOR: '1',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      ...this.#more,
    }
  }
}

/** What stands on the screen of a command, and the keys a person presses. */
export class Terminal {
  readonly ended: Promise<Ended>
  readonly #child: ReturnType<Cli['start']>
  #shown = ''
  #wake = (): void => {}

  constructor(child: ReturnType<Cli['start']>) {
    this.#child = child
    this.ended = ended(child)
    child.stdout.on('data', (part: Buffer) => {
      this.#shown += stripVTControlCharacters(part.toString('utf8'))
      this.#wake()
    })
  }

  /** Waits until the text has been shown since the last key. */
  async shows(text: string): Promise<void> {
    while (!this.#shown.includes(text)) await new Promise<void>((resolve) => (this.#wake = resolve))
  }

  press(key: string): void {
    this.#shown = ''
    this.#child.stdin.write(key)
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
