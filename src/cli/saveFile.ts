// Keeping an answer of the API as a file of the person's own.
import { createWriteStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { failure } from '../core/problems.ts'

/** Writes what was downloaded to a new file; an existing one is left alone (`usage.file_exists`). */
export async function saveFile(source: Readable, file: string): Promise<void> {
  try {
    // It holds customers' data: nobody else may read it.
    await pipeline(source, createWriteStream(file, { flags: 'wx', mode: 0o600 }))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw failure('usage.file_exists', { file })
    throw failure('usage.file_unreadable', { file, detail: (error as Error).message }, { cause: error })
  }
}
