// The blob store: where landings and artifacts are kept, whatever holds the bytes.

export interface BlobStore {
  /**
   * Keeps the content under the key, replacing what was there. All or nothing: until it answers, and after a crash,
   * readers see what was there before. Answers the bytes written. Throws `storage_full`.
   */
  write(key: string, content: AsyncIterable<Uint8Array>): Promise<number>
  /** Exactly these bytes; fewer only at the end of the blob. Throws `blob.missing`. */
  read(key: string, offset: number, length: number, signal?: AbortSignal): Promise<Uint8Array>
  /** The whole blob in blocks. Throws `blob.missing`. */
  stream(key: string, signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** Bytes, or undefined where there is no such blob. */
  size(key: string): Promise<number | undefined>
  /** No error where there is none. */
  remove(key: string): Promise<void>
  /** Removes everything below a folder ('landings/try_ab12cd'), and the folder. */
  removeFolder(folder: string): Promise<void>
  /** Keys that begin with this folder ('runs/12'), in order. */
  list(folder: string): AsyncIterable<string>
  /** Removes what crashed writers left behind, older than this instant (milliseconds since 1970). Answers how many. */
  sweep(before: number): Promise<number>
}

// Letters a key may have on every file system and in every URL; no segment begins with a dot, so none leads upwards.
const segment = /^[A-Za-z0-9_][A-Za-z0-9._-]{0,199}$/

/** Keys are our own ('runs/12/landing'); anything else is a bug, stopped before it reaches a disk. */
export function checkKey(key: string): string {
  if (!key.split('/').every((part) => segment.test(part)))
    throw new Error(`not a blob key: ${JSON.stringify(key)}`)
  return key
}
