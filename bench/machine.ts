// What the numbers were measured on. No names: results are public.
import { availableParallelism, cpus, release, totalmem, type } from 'node:os'
import type { Home } from './home.ts'
import { ask } from './peer.ts'

export interface Machine {
  readonly processor: string
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  readonly system: string
  readonly postgres: string
  readonly node: string
  /** Settings of the server that decide its speed. */
  readonly settings: Readonly<Record<string, string>>
}

const told = [
  'shared_buffers',
  'max_wal_size',
  'wal_compression',
  'synchronous_commit',
  'fsync',
  'full_page_writes',
]

/** Asks the machine and, with the server up, PostgreSQL. */
export async function lookAround(home: Home): Promise<Machine> {
  const settings: Record<string, string> = {}
  for (const name of told) settings[name] = await ask(home, `show ${name}`)
  return {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memory: totalmem(),
    system: `${type()} ${release()}`,
    postgres: await ask(home, 'show server_version'),
    node: process.versions.node,
    settings,
  }
}
