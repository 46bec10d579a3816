// Lands what comes in, unpacked and byte for byte, and looks what is inside. What breaks off leaves nothing behind.
import { failure } from '../core/problems.ts'
import { inflate, type Compression } from '../formats/compression.ts'
import { headBytes, isContainer, type ContainerInfo } from '../formats/containers/kind.ts'
import { lookInside } from '../formats/containers/unpack.ts'
import { peek } from '../formats/peek.ts'
import { digesting } from './digest.ts'
import { landingBytes, writeLanding, type LandingManifest } from './landing.ts'
import type { BlobStore } from './store.ts'

export interface LandedContent {
  readonly manifest: LandingManifest
  /** How it came. */
  readonly compression: Compression
  /** What is inside, of a container. */
  readonly contents: ContainerInfo | null
}

export interface LandOrder {
  readonly key: string
  readonly source: AsyncIterable<Uint8Array>
  /** It is the part of a container: an archive in it is not opened. */
  readonly part?: string | undefined
  readonly signal?: AbortSignal | undefined
}

/** Lands a stream under the key. Throws also the problems of compressed files and of containers. */
export async function landContent(
  store: BlobStore,
  { key, source, part, signal }: LandOrder,
): Promise<LandedContent> {
  const original = digesting(source)
  const { compression, content } = await inflate(original.content)
  const { sample, content: whole, close } = await peek(content, headBytes)
  const container = await containerOrClose(sample, close)
  const manifest = await writeLanding(store, key, whole, () => original.digest(), compression === 'none')
  try {
    const contents = container ? await lookInside(landingBytes(store, manifest), signal) : null
    if (contents?.kind === 'zip' && part !== undefined) throw failure('container.nested', { name: part })
    return { manifest, compression, contents }
  } catch (error) {
    await store.remove(key)
    throw error
  }
}

async function containerOrClose(head: Uint8Array, close: () => Promise<void>): Promise<boolean> {
  try {
    return isContainer(head)
  } catch (error) {
    await close()
    throw error
  }
}
