// Copies of a database and its blobs: every trial of a fault test starts from the same state.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, rm } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { Client, type ClientConfig } from 'pg'
import type { CrashOrder } from './crashWorker.ts'
import { newFolder } from './importHarness.ts'

export interface Copy {
  readonly connection: ClientConfig
  readonly folder: string
}

async function run(connection: ClientConfig, statement: string): Promise<void> {
  const client = new Client({ ...connection, database: 'postgres' })
  await client.connect()
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}

/** Calls `use` with a copy, and removes it afterwards. Nobody may be connected to the original. */
export async function inCopy<T>(original: Copy, name: string, use: (copy: Copy) => Promise<T>): Promise<T> {
  const { connection } = original
  const database = `${connection.database}_${name}`
  const folder = await newFolder()
  await cp(original.folder, folder, { recursive: true })
  await run(connection, `create database ${database} template ${connection.database}`)
  try {
    return await use({ connection: { ...connection, database }, folder })
  } finally {
    await run(connection, `drop database ${database} with (force)`)
    await rm(folder, { recursive: true, force: true })
  }
}

const program = fileURLToPath(new URL('./crashWorker.ts', import.meta.url))

/** Starts a worker that kills itself; answers the signal it ended with. */
export async function crash(order: CrashOrder): Promise<string | null> {
  const child = spawn(process.execPath, [program, JSON.stringify(order)], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
  return signal
}
