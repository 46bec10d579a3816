// Lands what comes in: a file, or a part of one that landed before. What breaks off leaves nothing behind.
import { randomUUID } from 'node:crypto'
import { landContent } from '../blobs/land.ts'
import { landingBytes, type LandingManifest } from '../blobs/landing.ts'
import { failure } from '../core/problems.ts'
import { insertLanding, type Namespace } from '../db/imports.ts'
import { findLanding, findPart, type FoundLanding } from '../db/read/sources.ts'
import type { Compression } from '../formats/compression.ts'
import type { ContainerInfo, Part } from '../formats/containers/kind.ts'
import { partFileName } from '../formats/containers/partToRead.ts'
import { unpackPart } from '../formats/containers/unpack.ts'
import type { ApiContext } from './context.ts'
import type { UploadView } from './uploadView.ts'

interface Incoming {
  readonly fileName: string
  readonly source: AsyncIterable<Uint8Array>
  /** The part it is, and of which upload. */
  readonly part?: { readonly container: string; readonly name: string; readonly noun: Part['noun'] }
}

/** Lands a stream. Throws also the problems of containers. */
export function landUpload(
  context: ApiContext,
  namespace: Namespace,
  fileName: string,
  source: AsyncIterable<Uint8Array>,
): Promise<UploadView> {
  return land(context, namespace, { fileName, source })
}

/** Unpacks one part of an upload, or finds it unpacked. Throws `not_found`, `container.part_missing`. */
export async function landPart(
  context: ApiContext,
  namespace: Namespace,
  upload: string,
  name: string,
): Promise<UploadView> {
  const { pool } = context.database
  const landing = await findLanding(pool, namespace, upload)
  if (landing === undefined) throw failure('not_found', { noun: 'upload', id: upload })
  const info = landing.contents as ContainerInfo | null
  const part = info?.parts.find((one) => one.name === name)
  if (info === null || part === undefined) {
    const names = info?.parts.map((one) => one.name).join(', ') ?? 'nothing'
    throw failure('container.part_missing', { noun: 'part', wanted: name, file: landing.fileName, names })
  }
  const before = await findPart(pool, namespace, upload, name)
  if (before !== undefined) return viewOf(before.id, before, 'none')
  const source = unpackPart(landingBytes(context.blobs, landing.manifest as LandingManifest), name)
  const fileName = partFileName(landing.fileName, info, part)
  const incoming = { fileName, source, part: { container: upload, name, noun: part.noun } }
  return land(context, namespace, incoming)
}

async function land(context: ApiContext, namespace: Namespace, incoming: Incoming): Promise<UploadView> {
  const { fileName, part } = incoming
  const { pool } = context.database
  const startedAt = context.now()
  const id = randomUUID()
  const key = `landings/${namespace.name}/${id}`
  const order = { key, source: incoming.source, part: part?.name }
  const { manifest, contents, compression } = await landContent(context.blobs, order)
  try {
    await insertLanding(pool, namespace.id, {
      id,
      fileName,
      blobKey: key,
      // How it came, for whoever asks later.
      manifest: compression === 'none' ? manifest : { ...manifest, packed: compression },
      startedAt,
      ...(contents === null ? {} : { contents }),
      ...(part === undefined ? {} : { part }),
    })
    return viewOf(id, { fileName, manifest, contents, part: part ?? null }, compression)
  } catch (error) {
    await context.blobs.remove(key)
    // Somebody else unpacked the same part at the same moment: as good as ours.
    const other = part && (await findPart(pool, namespace, part.container, part.name))
    if (other !== undefined) return viewOf(other.id, other, compression)
    throw error
  }
}

/** An upload that landed before, as it was answered then. */
export function uploadView(id: string, landing: FoundLanding): UploadView {
  const { packed = 'none' } = landing.manifest as { readonly packed?: Compression }
  return viewOf(id, landing, packed)
}

function viewOf(id: string, landing: FoundLanding, compression: Compression): UploadView {
  const { contentBytes, originalBytes, contentSha256 } = landing.manifest as LandingManifest
  const { fileName, contents, part } = landing
  return {
    id,
    fileName,
    compression,
    contentBytes,
    originalBytes,
    contentSha256,
    container: contents as UploadView['container'],
    part: part === null ? null : partView(part as NonNullable<UploadView['part']>),
  }
}

function partView({ name, noun }: NonNullable<UploadView['part']>): NonNullable<UploadView['part']> {
  return { name, noun }
}
