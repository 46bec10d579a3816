// Unpacks a file by what its first bytes say: gzip, zstd, or nothing. Names and extensions are not believed.
import { Readable, type Transform } from 'node:stream'
import { createGunzip, createZstdDecompress } from 'node:zlib'
import { caps } from '../core/dialect.ts'
import type { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { zstdFrames } from './zstdFrames.ts'

export type Compression = 'none' | 'gzip' | 'zstd'

export interface InflateLimits {
  /** Most bytes of content. */
  readonly inflatedBytes: number
  /** Most bytes of content per byte of file. */
  readonly inflatedRatio: number
  /** Below this many bytes of content the ratio does not count: a small file of blanks is no attack. */
  readonly ratioFloor: number
}

export interface Inflated {
  readonly compression: Compression
  readonly content: AsyncIterable<Uint8Array>
}

const defaultLimits: InflateLimits = {
  inflatedBytes: caps.inflatedBytes,
  inflatedRatio: caps.inflatedRatio,
  ratioFloor: caps.ratioFloor,
}

/** Gzip per RFC 1952; zstd frames and skippable frames per RFC 8878. */
export function compressionOf(head: Uint8Array): Compression {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip'
  if (head[0] === 0x28 && head[1] === 0xb5 && head[2] === 0x2f && head[3] === 0xfd) return 'zstd'
  if ((head[0]! & 0xf0) === 0x50 && head[1] === 0x2a && head[2] === 0x4d && head[3] === 0x18) return 'zstd'
  return 'none'
}

/**
 * The content of a file. Throws (while reading) `file.compression_damaged` where the file is cut off or
 * corrupt and `file.inflated_too_large` where it unpacks to more than the limits allow.
 */
export async function inflate(
  source: AsyncIterable<Uint8Array>,
  limits: Partial<InflateLimits> = {},
): Promise<Inflated> {
  const bounds = { ...defaultLimits, ...limits }
  const iterator = source[Symbol.asyncIterator]()
  const head = await firstBytes(iterator, 4)
  const compression = compressionOf(head)
  const meter = { bytes: 0 }
  const file = metered(head, iterator, meter)
  const content = compression === 'none' ? file : unpacked(file, compression)
  return { compression, content: bounded(content, bounds, meter, compression) }
}

async function firstBytes(iterator: AsyncIterator<Uint8Array>, count: number): Promise<Uint8Array> {
  let head = Buffer.alloc(0)
  while (head.length < count) {
    const step = await iterator.next()
    if (step.done === true) break
    head = head.length === 0 ? asBuffer(step.value) : Buffer.concat([head, step.value])
  }
  return head
}

function asBuffer(bytes: Uint8Array): Buffer<ArrayBuffer> {
  return Buffer.from(bytes.buffer as ArrayBuffer, bytes.byteOffset, bytes.byteLength)
}

async function* metered(
  head: Uint8Array,
  rest: AsyncIterator<Uint8Array>,
  meter: { bytes: number },
): AsyncGenerator<Uint8Array> {
  try {
    meter.bytes += head.length
    if (head.length > 0) yield head
    for (;;) {
      const step = await rest.next()
      if (step.done === true) return
      meter.bytes += step.value.length
      yield step.value
    }
  } finally {
    await rest.return?.()
  }
}

async function* unpacked(
  file: AsyncGenerator<Uint8Array>,
  compression: 'gzip' | 'zstd',
): AsyncGenerator<Uint8Array> {
  // Several members or frames one after the other, as parallel compressors write them, are one content.
  const stream: Transform =
    compression === 'gzip' ? createGunzip({ chunkSize: 1 << 18 }) : createZstdDecompress()
  const input = Readable.from(compression === 'zstd' ? zstdFrames(file) : file, {
    objectMode: true,
    highWaterMark: 1,
  })
  let inputError: unknown = null
  input.on('error', (error) => {
    inputError = error
    stream.destroy(error)
  })
  input.pipe(stream)
  try {
    for await (const block of stream) yield block as Uint8Array
  } catch (error) {
    // What the source itself says is not about the compression.
    if (inputError !== null) throw inputError
    throw failure('file.compression_damaged', { compression, detail: reason(error) }, { cause: error })
  } finally {
    input.destroy()
    stream.destroy()
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

async function* bounded(
  content: AsyncIterable<Uint8Array>,
  limits: InflateLimits,
  meter: { readonly bytes: number },
  compression: Compression,
): AsyncGenerator<Uint8Array> {
  let bytes = 0
  for await (const block of content) {
    bytes += block.length
    const ratio = bytes / Math.max(meter.bytes, 1)
    const bomb = compression !== 'none' && bytes > limits.ratioFloor && ratio > limits.inflatedRatio
    if (bytes > limits.inflatedBytes || bomb) throw tooLarge(bytes, ratio, limits)
    yield block
  }
}

function tooLarge(bytes: number, ratio: number, limits: InflateLimits): SluiceError {
  const limit = bytes > limits.inflatedBytes ? limits.inflatedBytes : bytes
  return failure('file.inflated_too_large', { limit, ratio: Math.round(ratio) })
}
