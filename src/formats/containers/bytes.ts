// Bytes that can be read at any place: what archives and tables in columns need, whose directory is at their end.
import { open } from 'node:fs/promises'

export interface RandomBytes {
  readonly size: number
  /** The bytes from `start` up to, not including, `end`; never fewer, except at the end. */
  read(start: number, end: number): Promise<Uint8Array>
}

/** A file on this machine; `close` when done. */
export async function fileBytes(path: string): Promise<RandomBytes & { close(): Promise<void> }> {
  const file = await open(path, 'r')
  const { size } = await file.stat()
  return {
    size,
    async read(start, end) {
      const wanted = Math.max(0, Math.min(end, size) - start)
      const buffer = Buffer.allocUnsafe(wanted)
      let filled = 0
      while (filled < wanted) {
        const { bytesRead } = await file.read(buffer, filled, wanted - filled, start + filled)
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return buffer.subarray(0, filled)
    },
    close: () => file.close(),
  }
}
