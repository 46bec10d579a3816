// Landings: the same bytes come back from any offset, or a problem does.
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gunzipSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { SluiceError } from '../core/problem.ts'
import { digesting } from './digest.ts'
import { folderStore } from './folder.ts'
import {
  frameBytes,
  landingBytes,
  readLanding,
  readLandingNear,
  writeLanding,
  type LandingManifest,
} from './landing.ts'
import type { BlobStore } from './store.ts'

const root = mkdtempSync(join(tmpdir(), 'sluice-landing-'))
const store = folderStore(root)
afterAll(() => rmSync(root, { recursive: true }))

/** Bytes that differ along the file, so that a frame read twice or left out is seen. */
function pattern(length: number, seed = 1): Buffer {
  const words = new Uint32Array(Math.ceil(length / 4))
  for (let i = 0, x = seed; i < words.length; i++)
    words[i] = x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
  return Buffer.from(words.buffer, 0, length)
}

function inBlocks(content: Uint8Array, size: number): AsyncIterable<Uint8Array> {
  const count = Math.ceil(content.length / size)
  return Readable.from(Array.from({ length: count }, (_, i) => content.subarray(i * size, (i + 1) * size)))
}

async function collect(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const blocks: Uint8Array[] = []
  for await (const block of content) blocks.push(block)
  return Buffer.concat(blocks)
}

const codeOf = (error: unknown) => (error as SluiceError).problem.code
const sha256 = (content: Uint8Array) => createHash('sha256').update(content).digest('hex')

test('the same bytes come back, from any offset', async () => {
  const lengths = [0, 1, 1000, frameBytes - 1, frameBytes, frameBytes + 1, 2 * frameBytes + 12_345]
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...lengths),
      fc.integer({ min: 1, max: 100_000 }),
      fc.array(fc.double({ min: 0, max: 1.01, noNaN: true }), { minLength: 1, maxLength: 4 }),
      fc.nat(),
      async (length, blockSize, places, seed) => {
        const content = pattern(length, seed)
        const manifest = await writeLanding(store, 'property', inBlocks(content, blockSize + 1000))
        expect(manifest).toMatchObject({ contentSha256: sha256(content), contentBytes: length })
        for (const offset of [0, ...places.map((place) => Math.floor(place * length))]) {
          const read = await collect(readLanding(store, manifest, offset))
          expect(read.equals(content.subarray(offset))).toBe(true)
        }
      },
    ),
    { numRuns: 15, seed: 7 },
  )
})

test('any small content comes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 2000 }), fc.nat(2100), async (content, offset) => {
      const manifest = await writeLanding(store, 'small', inBlocks(content, 7))
      expect((await collect(readLanding(store, manifest, offset))).equals(content.subarray(offset))).toBe(
        true,
      )
    }),
    { numRuns: 50, seed: 7 },
  )
})

test('the frame table covers the content without gaps, and is plain JSON', async () => {
  const content = pattern(2 * frameBytes + 5)
  const manifest = await writeLanding(store, 'table', inBlocks(content, 65_536))
  expect(manifest.frames.map((frame) => frame.contentOffset)).toEqual([0, frameBytes, 2 * frameBytes])
  expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest)
  let end = 0
  for (const frame of manifest.frames) {
    expect(frame.offset).toBe(end)
    end += frame.length
  }
  expect(await store.size('table')).toBe(end)
})

test('x.csv and x.csv.gz are the same content from different originals', async () => {
  const csv = Buffer.from('email\nada@example.com\n')
  const gz = gzipSync(csv)
  const plain = await writeLanding(store, 'plain', inBlocks(csv, 10))
  const original = digesting(inBlocks(gz, 10))
  async function* inflated(): AsyncGenerator<Uint8Array> {
    yield gunzipSync(await collect(original.content))
  }
  const packed = await writeLanding(store, 'packed', inflated(), () => original.digest())
  expect(packed.contentSha256).toBe(plain.contentSha256)
  expect(packed).toMatchObject({ originalSha256: sha256(gz), originalBytes: gz.length })
  expect(plain).toMatchObject({ originalSha256: sha256(csv), originalBytes: csv.length })
})

test('what came uncompressed is hashed once, and has the same manifest', async () => {
  const csv = pattern(frameBytes + 500)
  const original = digesting(inBlocks(csv, 65_536))
  const once = await writeLanding(store, 'came', original.content, () => original.digest(), true)
  expect(once).toEqual(await writeLanding(store, 'came', inBlocks(csv, 65_536)))
  expect(once).toMatchObject({ contentSha256: sha256(csv), contentBytes: csv.length })
})

async function landed(key: string): Promise<{ manifest: LandingManifest; path: string }> {
  const manifest = await writeLanding(store, key, inBlocks(pattern(frameBytes + 500), 65_536))
  return { manifest, path: join(root, key) }
}

test('every flipped byte is found', async () => {
  const { manifest, path } = await landed('flipped')
  const good = readFileSync(path)
  const length = manifest.frames[1]!.offset
  await fc.assert(
    fc.asyncProperty(fc.nat(length - 1), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const bad = Buffer.from(good)
      bad[at] = bad[at]! ^ flip
      writeFileSync(path, bad)
      // A flipped bit zstd does not use may leave the content whole; wrong bytes are what must not happen.
      const outcome = await collect(readLanding(store, manifest)).then(sha256, codeOf)
      expect([manifest.contentSha256, 'landing.damaged']).toContain(outcome)
    }),
    { numRuns: 20, seed: 7 },
  )
})

test.each([
  ['cut short', (path: string) => truncateSync(path, 1000), 'landing.damaged'],
  ['overwritten', (path: string) => writeFileSync(path, Buffer.alloc(5_000_000)), 'landing.damaged'],
  ['removed', (path: string) => rmSync(path), 'blob.missing'],
])('a landing that was %s is a problem', async (name, harm, code) => {
  const { manifest, path } = await landed(name.replace(' ', '-'))
  harm(path)
  await expect(collect(readLanding(store, manifest))).rejects.toMatchObject({ problem: { code } })
})

test('a manifest of another landing is refused', async () => {
  const { manifest } = await landed('one')
  await writeLanding(store, 'one', inBlocks(pattern(frameBytes + 900, 2), 65_536))
  await expect(collect(readLanding(store, manifest))).rejects.toMatchObject({
    problem: { code: 'landing.damaged' },
  })
})

test('reading stops when told to, and may be left early', async () => {
  const { manifest } = await landed('stopped')
  const stop = new AbortController()
  const blocks = readLanding(store, manifest, 0, stop.signal)
  await blocks.next()
  stop.abort(new Error('enough'))
  await expect(blocks.next()).rejects.toThrow('enough')
  for await (const block of readLanding(store, manifest)) {
    expect(block.length).toBe(frameBytes)
    break
  }
})

test('a source that fails leaves no landing', async () => {
  async function* cut(): AsyncGenerator<Uint8Array> {
    yield pattern(frameBytes * 2)
    throw new Error('connection reset')
  }
  await expect(writeLanding(store, 'cut', cut())).rejects.toThrow('connection reset')
  expect(await store.size('cut')).toBeUndefined()
})

test('bytes at any place are the same, across frames and beyond the end', async () => {
  const content = pattern(9 * frameBytes + 777)
  const bytes = landingBytes(store, await writeLanding(store, 'landings/places', inBlocks(content, 1 << 20)))
  expect(bytes.size).toBe(content.length)
  await fc.assert(
    fc.asyncProperty(fc.nat(content.length), fc.nat(2 * frameBytes), async (start, length) => {
      const read = Buffer.from(await bytes.read(start, start + length))
      expect(read.equals(content.subarray(start, start + length))).toBe(true)
    }),
    { seed: 3, numRuns: 60 },
  )
})

test('who looks at single records reads one frame, once, and nothing of what was removed', async () => {
  let reads = 0
  const counting: BlobStore = {
    ...store,
    read: (...asked) => {
      reads++
      return store.read(...asked)
    },
  }
  const content = pattern(3 * frameBytes + 1000, 3)
  const manifest = await writeLanding(store, 'near', inBlocks(content, 1_000_000))
  const look = async (offset: number): Promise<Buffer> => {
    for await (const block of readLandingNear(counting, manifest, offset)) return Buffer.from(block)
    throw new Error('nothing there')
  }
  const place = frameBytes + 77
  for (const offset of [place, place, place + 1000])
    expect((await look(offset)).equals(content.subarray(offset, 2 * frameBytes))).toBe(true)
  expect(reads).toBe(1)
  expect((await collect(readLandingNear(counting, manifest, place))).equals(content.subarray(place))).toBe(
    true,
  )
  expect(reads).toBe(3)
  await store.remove('near')
  expect(codeOf(await look(place).catch((error: unknown) => error))).toBe('blob.missing')
})
