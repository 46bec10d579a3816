// A landing: the input of a run, byte for byte, in compressed frames that can be read from any offset.
import { promisify } from 'node:util'
import { constants, zstdCompress, zstdDecompress } from 'node:zlib'
import { failure } from '../core/problems.ts'
import { digesting, type Digest } from './digest.ts'
import type { BlobStore } from './store.ts'

/** Plain JSON; without it the blob cannot be read from the middle. */
export interface LandingManifest {
  readonly key: string
  /** Of the inflated content: x.csv and x.csv.gz have the same. */
  readonly contentSha256: string
  readonly originalSha256: string
  readonly contentBytes: number
  readonly originalBytes: number
  readonly compression: 'zstd'
  readonly frames: readonly LandingFrame[]
}

export interface LandingFrame {
  /** Where it begins in the blob, and its bytes there. */
  readonly offset: number
  readonly length: number
  /** Where its content begins in the whole content. */
  readonly contentOffset: number
}

/** Content bytes of a frame; the last one has less. */
export const frameBytes = 4 * 2 ** 20

// zlib works on a thread pool: two frames at once keep two cores busy while a third is being written.
const framesInFlight = 3

const compress = promisify(zstdCompress)
const decompress = promisify(zstdDecompress)

// Level 1 compresses customer files about as well as 3, in half the time. The checksum finds bytes that rotted on the
// disk. The default block of 16 KiB would be a round trip to the thread pool for each.
const options = {
  params: { [constants.ZSTD_c_compressionLevel]: 1, [constants.ZSTD_c_checksumFlag]: 1 },
  chunkSize: 2 ** 20,
}

/**
 * Lands the content. `original` is asked at the end for the digest of what came in, before it was inflated; without it
 * the content is the original. `asCame`: it was not compressed, so that digest is the content's too, and nobody hashes the
 * same bytes twice. Throws `storage_full`; a crash leaves nothing under the key.
 */
export async function writeLanding(
  store: BlobStore,
  key: string,
  content: AsyncIterable<Uint8Array>,
  original?: () => Digest,
  asCame = false,
): Promise<LandingManifest> {
  const digested = asCame && original !== undefined ? { content, digest: original } : digesting(content)
  const frames: LandingFrame[] = []
  await store.write(key, compressed(digested.content, frames))
  const { sha256, bytes } = digested.digest()
  const came = original?.() ?? { sha256, bytes }
  return {
    key,
    contentSha256: sha256,
    originalSha256: came.sha256,
    contentBytes: bytes,
    originalBytes: came.bytes,
    compression: 'zstd',
    frames,
  }
}

/** Cuts at any byte: a frame knows nothing of records. Buffers come from `spare` and go back there when compressed. */
async function* cut(content: AsyncIterable<Uint8Array>, spare: Uint8Array[]): AsyncGenerator<Uint8Array> {
  let frame = spare.pop() ?? Buffer.allocUnsafeSlow(frameBytes)
  let filled = 0
  for await (const block of content) {
    for (let taken = 0; taken < block.length;) {
      const part = block.subarray(taken, taken + frameBytes - filled)
      frame.set(part, filled)
      filled += part.length
      taken += part.length
      if (filled < frameBytes) continue
      yield frame
      frame = spare.pop() ?? Buffer.allocUnsafeSlow(frameBytes)
      filled = 0
    }
  }
  if (filled > 0) yield frame.subarray(0, filled)
}

/** Yields the frames compressed, in order, and fills the table. */
async function* compressed(
  content: AsyncIterable<Uint8Array>,
  table: LandingFrame[],
): AsyncGenerator<Uint8Array> {
  const spare: Uint8Array[] = []
  const waiting: Promise<Uint8Array>[] = []
  let offset = 0
  const next = async () => {
    const frame = (await waiting.shift()) ?? new Uint8Array()
    table.push({ offset, length: frame.length, contentOffset: table.length * frameBytes })
    offset += frame.length
    return frame
  }
  for await (const frame of cut(content, spare)) {
    waiting.push(quiet(compress(frame, options).finally(() => spare.push(frame))))
    if (waiting.length >= framesInFlight) yield await next()
  }
  while (waiting.length > 0) yield await next()
}

/** The content from this offset on. Throws `landing.damaged` rather than giving a wrong byte. */
export async function* readLanding(
  store: BlobStore,
  manifest: LandingManifest,
  fromOffset = 0,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (fromOffset >= manifest.contentBytes) return
  let index = frameAt(manifest, fromOffset)
  let ahead = quiet(readFrame(store, manifest, index, signal))
  let skip = fromOffset - (manifest.frames[index]?.contentOffset ?? 0)
  while (index < manifest.frames.length) {
    const content = await ahead
    signal?.throwIfAborted()
    index++
    if (index < manifest.frames.length) ahead = quiet(readFrame(store, manifest, index, signal))
    yield skip === 0 ? content : content.subarray(skip)
    skip = 0
  }
}

/** Frames kept: what reads here and there reads the same places again. */
const framesKept = 6

/** The content as bytes that can be read at any place. Throws `landing.damaged`. */
export function landingBytes(
  store: BlobStore,
  manifest: LandingManifest,
): { readonly size: number; read(start: number, end: number): Promise<Uint8Array> } {
  const kept: KeptFrames = new Map()
  const frame = (index: number): Promise<Uint8Array> =>
    keep(kept, String(index), framesKept, () => readFrame(store, manifest, index))
  return {
    size: manifest.contentBytes,
    async read(start, end) {
      const to = Math.min(end, manifest.contentBytes)
      const parts: Uint8Array[] = []
      for (let at = Math.max(0, start); at < to;) {
        const index = frameAt(manifest, at)
        const content = await frame(index)
        const from = at - manifest.frames[index]!.contentOffset
        const part = content.subarray(from, from + to - at)
        parts.push(part)
        at += part.length
      }
      return parts.length === 1 ? parts[0]! : Buffer.concat(parts)
    },
  }
}

type KeptFrames = Map<string, Promise<Uint8Array>>

/** A frame that is kept, or read and then kept in place of the one that was used longest ago. A failure is not kept. */
function keep(
  kept: KeptFrames,
  name: string,
  most: number,
  read: () => Promise<Uint8Array>,
): Promise<Uint8Array> {
  const found = kept.get(name) ?? quiet(read())
  // The one used last goes last.
  kept.delete(name)
  kept.set(name, found)
  if (kept.size > most) kept.delete(kept.keys().next().value!)
  found.catch(() => kept.get(name) === found && kept.delete(name))
  return found
}

/** Kept in a process for all who look at single records: 16 MiB. */
const nearFramesKept = 4
const nearFrames = new WeakMap<BlobStore, KeptFrames>()

/**
 * The content from this offset on, for those who want a little of it. Inflating a frame is most of what a look at one
 * record costs: none is read ahead, and the last few are kept, since the next look is at the same place or beside it.
 * What was removed is not read from those kept. Throws `blob.missing` and `landing.damaged`.
 */
export async function* readLandingNear(
  store: BlobStore,
  manifest: LandingManifest,
  fromOffset: number,
): AsyncGenerator<Uint8Array> {
  if (fromOffset >= manifest.contentBytes) return
  const last = manifest.frames.at(-1)
  const whole = last !== undefined && (await store.size(manifest.key)) === last.offset + last.length
  const kept = nearFrames.get(store) ?? new Map<string, Promise<Uint8Array>>()
  nearFrames.set(store, kept)
  const name = `${manifest.key} ${manifest.contentSha256}`
  const first = frameAt(manifest, fromOffset)
  for (let index = first; index < manifest.frames.length; index++) {
    const read = (): Promise<Uint8Array> => readFrame(store, manifest, index)
    const content = await (whole ? keep(kept, `${name} ${index}`, nearFramesKept, read) : read())
    const skip = index === first ? fromOffset - manifest.frames[index]!.contentOffset : 0
    yield skip === 0 ? content : content.subarray(skip)
  }
}

/** Whoever stops reading early never looks at the frame fetched ahead; its failure must not end the process. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {})
  return promise
}

/** The index of the frame that holds this content offset. */
function frameAt({ frames }: LandingManifest, offset: number): number {
  let low = 0
  let high = frames.length - 1
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((frames[middle]?.contentOffset ?? 0) <= offset) low = middle
    else high = middle - 1
  }
  return low
}

async function readFrame(
  store: BlobStore,
  manifest: LandingManifest,
  index: number,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const frame = manifest.frames[index]
  if (frame === undefined) throw damaged(`it has no part ${index + 1}`)
  const end = manifest.frames[index + 1]?.contentOffset ?? manifest.contentBytes
  const expected = end - frame.contentOffset
  const bytes = await store.read(manifest.key, frame.offset, frame.length, signal)
  const content = await inflate(bytes, expected, index)
  if (content.length !== expected)
    throw damaged(`part ${index + 1} has ${content.length} bytes instead of ${expected}`)
  return content
}

async function inflate(bytes: Uint8Array, expected: number, index: number): Promise<Uint8Array> {
  try {
    // A damaged length could ask for any amount of memory.
    return await decompress(bytes, { maxOutputLength: expected, chunkSize: Math.max(64, expected) })
  } catch (error) {
    throw damaged(`part ${index + 1} cannot be read (${(error as Error).message})`, error)
  }
}

function damaged(detail: string, cause?: unknown): Error {
  return failure('landing.damaged', { detail }, { cause })
}
