// Standard input as a file that can be read twice: kept in a temporary file while a command works on it.
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import type { FileSource } from './sources.ts'

/** Calls `use` with a source that can be opened again and again. */
export async function spooled<T>(source: FileSource, use: (source: FileSource) => Promise<T>): Promise<T> {
  if (source.bytes !== null) return use(source)
  const folder = await mkdtemp(join(tmpdir(), 'sluice-input-'))
  try {
    const path = join(folder, 'input')
    await pipeline(source.open(), createWriteStream(path, { mode: 0o600 }))
    const { size } = await stat(path)
    return await use({
      ...source,
      bytes: size,
      at: path,
      open: () => createReadStream(path, { highWaterMark: 256 * 1024 }),
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
