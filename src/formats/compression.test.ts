// Compression: told by content, read to the end or refused, and bounded.
import { createHash } from 'node:crypto'
import { constants, gzipSync, zstdCompressSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { inflate, type InflateLimits } from './compression.ts'
import { streamOf } from './testing.ts'

const text = Buffer.from('id,name\n1,Ada\n'.repeat(5000))

async function inflated(
  blocks: readonly Uint8Array[],
  limits: Partial<InflateLimits> = {},
): Promise<{ compression: string; bytes: Buffer }> {
  const { compression, content } = await inflate(streamOf(...blocks), limits)
  return { compression, bytes: await drained(content) }
}

async function drained(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  for await (const part of content) parts.push(part)
  return Buffer.concat(parts)
}

function pieces(bytes: Buffer, size: number): Buffer[] {
  return Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) =>
    bytes.subarray(i * size, (i + 1) * size),
  )
}

/** Does not compress, so that raw blocks occur. */
const noise = Buffer.from(
  Array.from({ length: 60_000 }, (_, i) => createHash('md5').update(String(i)).digest()[0]!),
)

const half = text.length / 2
const files: [title: string, file: Buffer, compression: string][] = [
  ['plain', text, 'none'],
  ['gzip', gzipSync(text), 'gzip'],
  [
    'gzip of several members',
    Buffer.concat([gzipSync(text.subarray(0, half)), gzipSync(text.subarray(half))]),
    'gzip',
  ],
  ['zstd', zstdCompressSync(text), 'zstd'],
  [
    'zstd of several frames',
    Buffer.concat([zstdCompressSync(text.subarray(0, half)), zstdCompressSync(text.subarray(half))]),
    'zstd',
  ],
]

const skippable = Buffer.concat([Buffer.of(0x53, 0x2a, 0x4d, 0x18, 3, 0, 0, 0), Buffer.from('abc')])
files.push(
  ['zstd between skippable frames', Buffer.concat([skippable, zstdCompressSync(text), skippable]), 'zstd'],
  ['zstd with checksums', zstdCompressSync(text, { params: { [constants.ZSTD_c_checksumFlag]: 1 } }), 'zstd'],
  ['zstd of random bytes', zstdCompressSync(noise), 'zstd'],
)

describe.each(files)('%s', (_, file, compression) => {
  test.each([1, 3, 1000, 1 << 20])('in blocks of %d', async (size) => {
    const result = await inflated(pieces(file, size))
    expect(result.compression).toBe(compression)
    expect(result.bytes.equals(file.length >= noise.length && compression !== 'none' ? noise : text)).toBe(
      true,
    )
  })
})

test('files shorter than any mark', async () => {
  for (const file of ['', 'a', 'a\n1'])
    expect((await inflated([Buffer.from(file)])).bytes.toString()).toBe(file)
})

describe('damage halts', () => {
  const gzip = gzipSync(text)
  const zstd = zstdCompressSync(text)
  const broken = Buffer.from(gzip)
  broken[gzip.length >> 1]! ^= 0xff
  const cases: [title: string, file: Buffer][] = [
    ['gzip cut off', gzip.subarray(0, gzip.length - 9)],
    ['gzip without its checksum', gzip.subarray(0, gzip.length - 4)],
    ['gzip with a wrong byte', broken],
    ['gzip cut in the second member', Buffer.concat([gzip, gzip.subarray(0, 40)])],
    ['zstd cut off', zstd.subarray(0, zstd.length - 2)],
    ['zstd with something else behind it', Buffer.concat([zstd, Buffer.from('id,name')])],
    ['zstd cut in the second frame', Buffer.concat([zstd, zstd.subarray(0, 20)])],
  ]
  test.each(cases)('%s', async (_, file) => {
    await expect(inflated([file])).rejects.toMatchObject({ problem: { code: 'file.compression_damaged' } })
  })

  test('what the source says is not about the compression', async () => {
    // oxlint-disable-next-line require-await -- a source that breaks
    async function* source(): AsyncGenerator<Uint8Array> {
      yield gzip.subarray(0, 50)
      throw new Error('connection lost')
    }
    const { content } = await inflate(source())
    await expect(drained(content)).rejects.toThrow('connection lost')
  })
})

describe('bounds (design section 12)', () => {
  const blanks = gzipSync(Buffer.alloc(3 << 20, 32))
  const cases: [title: string, limits: Partial<InflateLimits>, refused: boolean][] = [
    ['over the size', { inflatedBytes: 1 << 20 }, true],
    ['over the ratio and the floor', { inflatedRatio: 100, ratioFloor: 1 << 20 }, true],
    ['over the ratio, under the floor', { inflatedRatio: 100, ratioFloor: 1 << 22 }, false],
    ['under both', {}, false],
  ]
  test.each(cases)('%s', async (_, limits, refused) => {
    const result = await inflated([blanks], limits).then(
      () => 'read',
      (error: { problem: { code: string } }) => error.problem.code,
    )
    expect(result).toBe(refused ? 'file.inflated_too_large' : 'read')
  })

  test('plain content has no ratio', async () => {
    expect((await inflated([text], { inflatedRatio: 0.1, ratioFloor: 0 })).bytes.length).toBe(text.length)
  })
})
