// Lands what comes in: a file, or a part of one that landed before. What breaks off leaves nothing behind.
import { randomUUID } from 'node:crypto'
import { digesting } from '../blobs/digest.ts'
import { landingBytes, writeLanding, type LandingManifest } from '../blobs/landing.ts'
import { failure } from '../core/problems.ts'
import { insertLanding, type Namespace } from '../db/imports.ts'
import { findLanding, findPart, type FoundLanding } from '../db/read/sources.ts'
import { inflate, type Compression } from '../formats/compression.ts'
import { headBytes, isContainer, type ContainerInfo, type Part } from '../formats/containers/kind.ts'
import { lookInside, unpackPart } from '../formats/containers/unpack.ts'
import { peek } from '../formats/peek.ts'
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

/** The table of a Parquet file and the only sheet of a workbook are called like their file. */
function partFileName(fileName: string, { parts }: ContainerInfo, part: Part): string {
  if (part.noun === 'table') return fileName
  const seen = parts.filter(({ hidden, empty }) => !hidden && !empty)
  const only = part.noun === 'sheet' && seen.length === 1 && seen[0]!.name === part.name
  return only ? fileName : `${fileName}/${part.name}`
}

async function land(context: ApiContext, namespace: Namespace, incoming: Incoming): Promise<UploadView> {
  const { fileName, part } = incoming
  const { pool } = context.database
  const startedAt = context.now()
  const id = randomUUID()
  const key = `landings/${namespace.name}/${id}`
  const original = digesting(incoming.source)
  const { compression, content } = await inflate(original.content)
  const { sample, content: whole, close } = await peek(content, headBytes)
  const container = await containerOrClose(sample, close)
  const manifest = await writeLanding(context.blobs, key, whole, () => original.digest())
  try {
    const contents = container ? await lookInside(landingBytes(context.blobs, manifest)) : null
    if (contents?.kind === 'zip' && part !== undefined) throw failure('container.nested', { name: part.name })
    await insertLanding(pool, namespace.id, {
      id,
      fileName,
      blobKey: key,
      manifest,
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

async function containerOrClose(head: Uint8Array, close: () => Promise<void>): Promise<boolean> {
  try {
    return isContainer(head)
  } catch (error) {
    await close()
    throw error
  }
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
