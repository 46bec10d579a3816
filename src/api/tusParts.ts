// What becomes of the bytes of a resumable upload: parts on disk, and in the end an upload like any other.
import { randomBytes } from 'node:crypto'
import { partsFolder, readParts, writeParts } from '../blobs/parts.ts'
import { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import type { Namespace } from '../db/imports.ts'
import { forgetLanding } from '../db/landings.ts'
import {
  addParts,
  findResumable,
  finishResumable,
  partKeys,
  removeResumable,
  type NewPart,
  type Resumable,
} from '../db/resumable.ts'
import type { ApiContext } from './context.ts'
import { landUpload } from './landUpload.ts'
import type { Checksum } from './tusHeaders.ts'

/** What a server that is killed loses of one request at most. */
const partBytes = 16 << 20

/**
 * Appends what comes. What breaks off is kept as far as it came, but for a part
 * with a checksum, which is kept whole or not at all. Throws `resumable.offset` where somebody else appended meanwhile,
 * and `resumable.checksum`.
 */
export async function appendParts(
  context: ApiContext,
  namespace: Namespace,
  upload: Resumable,
  source: AsyncIterable<Uint8Array>,
  checksum: Checksum | null,
): Promise<void> {
  const stop = new AbortController()
  const ended = append(context, namespace, upload, source, checksum, stop.signal)
  const own = { stop, ended: ended.catch(() => {}) }
  appending.set(upload.id, own)
  try {
    await ended
  } finally {
    if (appending.get(upload.id) === own) appending.delete(upload.id)
  }
}

interface Appending {
  readonly stop: AbortController
  readonly ended: Promise<unknown>
}

const appending = new Map<string, Appending>()

/**
 * Ends what still appends to an upload, and waits until its bytes are safe: whoever asks where the file ends has lost that
 * connection, which this side may notice minutes later.
 */
export async function takeOver(id: string): Promise<void> {
  const other = appending.get(id)
  other?.stop.abort()
  await other?.ended
}

async function append(
  context: ApiContext,
  namespace: Namespace,
  upload: Resumable,
  source: AsyncIterable<Uint8Array>,
  checksum: Checksum | null,
  signal: AbortSignal,
): Promise<void> {
  const { blobs } = context
  const pending: NewPart[] = []
  const folder = partsFolder(namespace.name, upload.id)
  let end = upload.offset
  const key = (): string => `${folder}/${String(end).padStart(15, '0')}-${randomBytes(6).toString('hex')}`
  const content = checksum === null ? source : hashing(source, checksum)
  const order = { key, partBytes, bytes: upload.bytes - end, signal }
  for await (const { key: name, bytes } of writeParts(blobs, content, order)) {
    const part = { start: end, bytes, key: name }
    end += bytes
    if (checksum === null) await add(context, namespace, upload, [part])
    else pending.push(part)
  }
  if (checksum === null) return
  if (checksum.hash.digest('base64') !== checksum.wanted) {
    for (const part of pending) await blobs.remove(part.key)
    throw failure('resumable.checksum')
  }
  await add(context, namespace, upload, pending)
}

async function* hashing(source: AsyncIterable<Uint8Array>, { hash }: Checksum): AsyncGenerator<Uint8Array> {
  for await (const block of source) {
    hash.update(block)
    yield block
  }
}

async function add(
  { blobs, database }: ApiContext,
  namespace: Namespace,
  { id }: Resumable,
  parts: readonly NewPart[],
): Promise<void> {
  try {
    await database.transaction((client) => addParts(client, namespace.id, id, parts))
  } catch (error) {
    for (const { key } of parts) await blobs.remove(key)
    throw error
  }
}

const finishing = new Map<string, Promise<string>>()

/**
 * Makes an upload of a complete file and answers its id; one that was killed in the middle of it is finished by
 * whoever asks next. Throws problems of compressed files and containers: then nothing is kept.
 */
export async function finish(context: ApiContext, namespace: Namespace, upload: Resumable): Promise<string> {
  if (upload.landing !== null) return upload.landing
  const under = finishing.get(upload.id) ?? land(context, namespace, upload)
  finishing.set(upload.id, under)
  try {
    return await under
  } finally {
    finishing.delete(upload.id)
  }
}

async function land(context: ApiContext, namespace: Namespace, upload: Resumable): Promise<string> {
  const { blobs, database } = context
  const { id, fileName } = upload
  try {
    const keys = await partKeys(database.pool, id)
    const landed = await landUpload(context, namespace, fileName, readParts(blobs, keys))
    if (await finishResumable(database.pool, id, landed.id)) {
      await blobs.removeFolder(partsFolder(namespace.name, id))
      return landed.id
    }
    // Another server was faster.
    const key = await forgetLanding(database.pool, namespace.id, landed.id)
    if (key !== undefined) await blobs.remove(key)
    const other = await findResumable(database.pool, namespace.id, id)
    if (other?.landing) return other.landing
    throw failure('not_found', { noun: 'resumable upload', id })
  } catch (error) {
    // A file that cannot be read will not be readable the next time.
    if (error instanceof SluiceError && /^(file|container)\./.test(error.problem.code))
      await dropResumable(context, namespace.name, id)
    throw error
  }
}

/** Removes an upload with everything that came of it: the bytes first, so that dying in between leaves nothing unknown. */
export async function dropResumable(
  { blobs, database }: Pick<ApiContext, 'blobs' | 'database'>,
  namespace: string,
  id: string,
): Promise<void> {
  await blobs.removeFolder(partsFolder(namespace, id))
  await removeResumable(database.pool, id)
}
