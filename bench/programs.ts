// Runs other programs and collects what they print.
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

export type Environment = Readonly<Record<string, string>>

export interface Ended {
  readonly code: number | null
  readonly output: string
  readonly errors: string
  /** From start to end, as a person at the terminal would wait. */
  readonly seconds: number
}

/** Runs a program to its end. `input` is what it reads from standard input. */
export async function run(
  program: string,
  args: readonly string[],
  environment: Environment = {},
  input = '',
): Promise<Ended> {
  const started = performance.now()
  const child = spawn(program, args, { env: { ...process.env, ...environment } })
  const ended = once(child, 'close') as Promise<[number | null]>
  child.stdin.on('error', () => {})
  child.stdin.end(input)
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output, errors, seconds: (performance.now() - started) / 1000 }
}

/** Runs a program that must end well; answers what it printed. */
export async function must(
  program: string,
  args: readonly string[],
  environment: Environment = {},
  input = '',
): Promise<string> {
  const { code, output, errors } = await run(program, args, environment, input)
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}: ${errors}${output}`)
  return output
}

/** SHA-256 and number of lines of what a program prints, however much that is. */
export async function digestOf(
  program: string,
  args: readonly string[],
  environment: Environment,
): Promise<{ sha256: string; lines: number }> {
  const child = spawn(program, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close') as Promise<[number | null]>
  const hash = createHash('sha256')
  let lines = 0
  for await (const piece of child.stdout as AsyncIterable<Buffer>) {
    hash.update(piece)
    for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines++
  }
  const [code] = await ended
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}`)
  return { sha256: hash.digest('hex'), lines }
}
