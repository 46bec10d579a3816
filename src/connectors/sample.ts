// The first records of a job's real source, and what they say about it, without a run (BS-D11).
import { failure } from '../core/problems.ts'
import type { RawRecord } from '../core/dialect.ts'
import type { Source } from '../core/setup/source.ts'
import type { SourceFile } from '../core/sourceFile.ts'
import { inflate } from '../formats/compression.ts'
import { headBytes, isContainer, partHints, type Part } from '../formats/containers/kind.ts'
import { partToRead } from '../formats/containers/partToRead.ts'
import { lookInside, unpackPart } from '../formats/containers/unpack.ts'
import { inspectSample, type InspectOptions, type InspectReport } from '../formats/inspect.ts'
import { peek } from '../formats/peek.ts'
import type { OpenedFile, SourceIo } from './contract.ts'
import { connectorOf } from './registry.ts'

/** Records shown for mapping. */
export const sampleRecords = 10

export interface SourceSample {
  readonly file: SourceFile
  /** The sheet or the file inside that was read; null: the file itself. */
  readonly part: Part | null
  /** How it would be read and mapped: dialect, columns, the proposed mapping. */
  readonly report: InspectReport
  /** The first 10 that can be read; their cells are in the order of `report.columns`. */
  readonly records: readonly RawRecord[]
}

/**
 * Reads the beginning of the newest file of a source (at most some 2 MB of it). Throws the problems of sources, files
 * and containers: what cannot be read is for a person to change. A source of files given by hand throws
 * `source.given_by_hand`; where no file lies, `source.no_file`.
 */
export async function sampleSource(
  source: Source,
  io: SourceIo,
  options: InspectOptions = {},
): Promise<SourceSample> {
  const connector = connectorOf(source)
  const { files } = await connector.find(source, io, options.signal)
  const newest = files.at(-1)
  if (newest === undefined) {
    const pattern = source.kind === 'folder' ? source.pattern : '*'
    const path = source.kind === 'folder' ? source.path || '.' : source.kind
    throw failure('source.no_file', { pattern, path })
  }
  const opened = await connector.open(source, newest, io)
  try {
    const part = source.kind === 'folder' ? source.part : null
    return await sampleFile(opened, part, options)
  } finally {
    await opened.close()
  }
}

async function sampleFile(
  opened: OpenedFile,
  wanted: string | null,
  options: InspectOptions,
): Promise<SourceSample> {
  const { file, random } = opened
  const { compression, content } = await inflate(opened.content(options.signal))
  const { sample, content: whole, close } = await peek(content, headBytes)
  try {
    if (!isContainer(sample)) return sampleOf(file, null, await inspectSample(whole, options))
  } finally {
    await close()
  }
  if (random === null || compression !== 'none')
    throw failure('container.not_supported', { what: 'a workbook or archive that was compressed once more' })
  const info = await lookInside(random, options.signal)
  const part = partToRead(file.name, info, wanted)
  const hints = { ...options.hints, ...partHints(part.noun) }
  const inside = (await inflate(unpackPart(random, part.name, options.signal))).content
  return sampleOf(file, part, await inspectSample(inside, { ...options, hints }))
}

function sampleOf(file: SourceFile, part: Part | null, report: InspectReport): SourceSample {
  return { file, part, report, records: report.firstRecords.slice(0, sampleRecords) }
}
