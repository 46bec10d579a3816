// Keeping an answer of the API as a file of the person's own.
import { createWriteStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { failure } from '../core/problems.ts'
import type { Client } from './client.ts'

/** Writes what a path answers to a new file; an existing one is left alone (`usage.file_exists`). */
export async function saveFile(client: Client, path: string, file: string): Promise<void> {
  const source = await client.download(path)
  try {
    // It holds customers' data: nobody else may read it.
    await pipeline(source, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw failure('usage.file_exists', { file })
    throw failure('usage.file_unreadable', { file, detail: (error as Error).message }, { cause: error })
  }
}
