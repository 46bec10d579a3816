// Files that did not arrive to their end, remembered by this browser: the same file given again goes on where it was.
import { systemClock } from '../../core/clock.ts'

const prefix = 'sluice.sending.'

/** Milliseconds. The server keeps what arrived for a day after the last byte; names of files are not kept much longer. */
const keptFor = 2 * 86_400_000

interface Kept {
  readonly url: string
  /** Milliseconds since 1970. */
  readonly at: number
}

/** The same file is told by its name, size and time: reading all of it would take as long as sending it. */
export function markOf(namespace: string, { name, size, lastModified }: File): string {
  return `${prefix}${namespace}/${size}/${lastModified}/${name}`
}

/** Where the bytes of the file go; null: nothing is remembered of it. */
export function recall(mark: string): string | null {
  return keptUnder(mark)?.url ?? null
}

/** Remembers where the bytes go, and forgets what is too old. */
export function remember(mark: string, url: string): void {
  const now = systemClock.now()
  try {
    for (const key of Object.keys(localStorage))
      if (key.startsWith(prefix) && now - (keptUnder(key)?.at ?? 0) > keptFor) localStorage.removeItem(key)
    localStorage.setItem(mark, JSON.stringify({ url, at: now } satisfies Kept))
  } catch {
    // A browser that keeps nothing sends the file from its beginning the next time.
  }
}

export function forget(mark: string): void {
  localStorage.removeItem(mark)
}

function keptUnder(key: string): Kept | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Kept | null
  } catch {
    return null
  }
}
