// What is in a file: dialect, columns, types, questions and a proposed mapping; first from its beginning, then from all of it.
import { createColumnProfile, type ColumnReport } from '../core/columnProfile.ts'
import type { Dialect, RawRecord } from '../core/dialect.ts'
import { mappingChanges, type MappingChange } from '../core/mappingText.ts'
import type { Problem } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { proposeMapping, type Proposal, type ProposalOptions } from '../core/proposal.ts'
import { detectDialect, type DetectNote } from './detect.ts'
import { readAll, readRecords } from './reader.ts'

export interface InspectOptions extends Pick<ProposalOptions, 'attributes' | 'country'> {
  /** Dialect flags. */
  readonly hints?: Partial<Dialect>
  /** What the columns of a file without header are called. */
  readonly names?: readonly string[]
  readonly signal?: AbortSignal
}

export interface BadRecord {
  readonly line: number
  readonly offset: number
  readonly ordinal: number
  readonly problem: Problem
}

export interface InspectReport {
  /** True: the whole file was read; false: only its beginning. */
  readonly whole: boolean
  /** Bytes of content read. */
  readonly bytes: number
  readonly dialect: Dialect
  readonly dialectNotes: readonly DetectNote[]
  /** Records read, those that cannot be read among them. */
  readonly records: number
  readonly bad: number
  /** The first few that cannot be read. */
  readonly badExamples: readonly BadRecord[]
  readonly columns: readonly ColumnReport[]
  /** The first that can be read: to show what a mapping does. */
  readonly firstRecords: readonly RawRecord[]
  readonly proposal: Proposal
}

/** Enough to settle types; read in well under a second. */
const sampleBytes = 2 << 20
/** Records kept for the search of shared identifier values. */
const keptRecords = 10_000
const keptBytes = 8 << 20
const badExamplesMax = 5
const firstRecordsMax = 20
/** A record cut by the end of the sample looks broken, and may drag lines before it along. */
const cutZone = 1 << 16

/**
 * Inspects the beginning of a file (content: inflated). Takes less than a second, however large the file is.
 * Throws what `detectDialect` throws, and `bulk.headers_differ` where `names` are not as many as there are columns.
 */
export async function inspectSample(
  content: AsyncIterable<Uint8Array>,
  options: InspectOptions = {},
): Promise<InspectReport> {
  const { bytes, whole } = await takeSample(content, options.signal)
  const { dialect, columns, notes } = detectDialect(bytes, options.hints, { whole })
  const { names } = options
  if (names !== undefined && names.length !== columns.length)
    throw failure('bulk.headers_differ', { given: names.length, found: columns.length })
  const live = [...(names ?? columns)]
  const records = readAll(bytes, whole ? dialect : { ...dialect, trailerLines: 0 }, { columns: live })
  const gathering = gather(live, options)
  gathering.add(whole ? records : withoutCut(records, bytes.length))
  return gathering.report({ whole, bytes: bytes.length, dialect, dialectNotes: notes })
}

async function takeSample(
  content: AsyncIterable<Uint8Array>,
  signal: AbortSignal | undefined,
): Promise<{ bytes: Uint8Array; whole: boolean }> {
  const blocks: Uint8Array[] = []
  let size = 0
  for await (const block of content) {
    signal?.throwIfAborted()
    blocks.push(block)
    size += block.length
    if (size > sampleBytes) return { bytes: Buffer.concat(blocks).subarray(0, sampleBytes), whole: false }
  }
  return { bytes: Buffer.concat(blocks), whole: true }
}

/** Without the record the sample cuts, and without what only looks broken because of it. */
function withoutCut(records: readonly RawRecord[], size: number): readonly RawRecord[] {
  const broken = records.findIndex((record) => record.bad !== null && record.offset >= size - cutZone)
  return records.slice(0, broken === -1 ? -1 : broken)
}

export interface Progress {
  readonly records: number
  /** Bytes of content read so far. */
  readonly bytes: number
}

export interface InspectAllOptions extends InspectOptions {
  readonly onProgress?: (progress: Progress) => void
}

/** Inspects the whole file under the dialect and columns the sample gave. Memory stays flat. */
export async function inspectAll(
  content: AsyncIterable<Uint8Array>,
  sample: InspectReport,
  options: InspectAllOptions = {},
): Promise<InspectReport> {
  const live = sample.columns.map(({ column }) => column)
  const gathering = gather(live, options)
  let end = 0
  const read = { columns: live, ...(options.signal && { signal: options.signal }) }
  for await (const records of readRecords(content, sample.dialect, read)) {
    gathering.add(records)
    const last = records.at(-1)!
    end = last.offset + last.length
    options.onProgress?.({ records: gathering.count(), bytes: end })
  }
  return gathering.report({
    whole: true,
    bytes: end,
    dialect: sample.dialect,
    dialectNotes: sample.dialectNotes,
  })
}

/** What the whole file says otherwise than its beginning: never silent, as a person may have agreed to the first. */
export function proposalChanges(sample: InspectReport, whole: InspectReport): MappingChange[] {
  return mappingChanges(sample.proposal.mapping, whole.proposal.mapping)
}

type ReportHead = Pick<InspectReport, 'whole' | 'bytes' | 'dialect' | 'dialectNotes'>

interface Gathering {
  add(records: readonly RawRecord[]): void
  count(): number
  report(head: ReportHead): InspectReport
}

function gather(columns: readonly string[], options: InspectOptions): Gathering {
  const { country, attributes } = options
  const profile = createColumnProfile(columns, country === undefined ? {} : { country })
  const kept: RawRecord[] = []
  const badExamples: BadRecord[] = []
  let room = keptBytes
  let count = 0
  let bad = 0
  const addOne = (record: RawRecord): void => {
    if (record.bad !== null) {
      bad++
      const { line, offset, ordinal } = record
      if (badExamples.length < badExamplesMax)
        badExamples.push({ line, offset, ordinal, problem: record.bad })
      return
    }
    profile.add(record)
    if (kept.length < keptRecords && room > 0) kept.push(record)
    room -= record.length
  }
  return {
    add(records) {
      count += records.length
      for (const record of records) addOne(record)
    },
    count: () => count,
    report(head) {
      const reports = profile.report()
      const proposal = proposeMapping(reports, { country, sample: kept, ...(attributes && { attributes }) })
      const firstRecords = kept.slice(0, firstRecordsMax)
      return { ...head, records: count, bad, badExamples, columns: reports, firstRecords, proposal }
    },
  }
}
