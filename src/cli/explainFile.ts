// A line of a file, explained: by the run that read the very same content, else as an import would decide it now.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { AttributesView, ExplanationView } from '../client/types.gen.ts'
import type { RawRecord } from '../core/dialect.ts'
import { answerForLine } from '../core/explain/answer.ts'
import { applyFlags, applyFlagsToProposal } from '../core/mappingFlags.ts'
import type { Mapping } from '../core/mapping.ts'
import { SluiceError } from '../core/problem.ts'
import { failure } from '../core/problems.ts'
import { inflate } from '../formats/compression.ts'
import { inspectSample, type InspectReport } from '../formats/inspect.ts'
import { beforeRecords, findLine, lastLine, take, type LineContent } from '../formats/lines.ts'
import { readRecords } from '../formats/reader.ts'
import type { Client } from './client.ts'
import { countryOf, dialectHints, policyOf, type ShapeOptions } from './importFlags.ts'
import { withLookups } from './lookups.ts'
import type { SharedOptions } from './session.ts'
import type { FileSource } from './sources.ts'
import { spooled } from './spool.ts'

export interface ExplainOptions extends SharedOptions, ShapeOptions {
  readonly mode?: string
  readonly onSeveral?: string
  readonly duplicates?: string
}

/** A line counted from 1, or the how many-th record. */
export interface Place {
  readonly line?: number
  readonly record?: number
}

/** The file is read at most a few times; standard input is kept while that goes on. */
export function explainSource(
  client: Client,
  source: FileSource,
  options: ExplainOptions,
  place: Place,
): Promise<ExplanationView> {
  return spooled(source, async (file) => explainFile(client, file, await withLookups(options), place))
}

/** By the run that read the very same content; else what would happen. */
async function explainFile(
  client: Client,
  source: FileSource,
  options: ExplainOptions,
  place: Place,
): Promise<ExplanationView> {
  const hash = createHash('sha256')
  for await (const block of await contentOf(source)) hash.update(block)
  try {
    return await client.get('/explanations', { sha256: hash.digest('hex'), ...place })
  } catch (error) {
    if (!(error instanceof SluiceError) || error.problem.code !== 'content.unknown') throw error
    return explainStranger(client, source, options, place)
  }
}

async function contentOf(source: FileSource): Promise<AsyncIterable<Uint8Array>> {
  return (await inflate(source.open())).content
}

async function explainStranger(
  client: Client,
  source: FileSource,
  options: ExplainOptions,
  place: Place,
): Promise<ExplanationView> {
  const { attributes } = await client.get('/attributes')
  const country = countryOf(options)
  const report = await inspectSample(await contentOf(source), {
    hints: { ...(await dialectHints(options)), ...source.hints },
    attributes,
    ...(country === undefined ? {} : { country }),
  })
  const columns = report.columns.map(({ column }) => column)
  const content = await find(source, report, columns, place)
  if (content.what !== 'record') return nothing(answerForLine(place.line ?? 0, content, source.name), source)
  const [raw] = content.records
  const order = {
    file: source.name,
    definition: {
      dialect: report.dialect,
      columns,
      mapping: await mappingFor(report, options, attributes),
      policy: policyOf(options),
    },
    record: { ...(await withBytes(source, report, raw!)), bad: badOf(raw!) },
  }
  const view = await client.post('/explanations', { body: order })
  return {
    ...view,
    answer: place.line === undefined ? view.answer : view.answer.replace(/^Line \d+/, `Line ${place.line}`),
  }
}

/** A few megabytes at most are shown of one record. */
const shownBytes = 64 << 10

async function withBytes(source: FileSource, { dialect }: InspectReport, raw: RawRecord) {
  const bytes = await take(await contentOf(source), raw.offset, raw.length)
  const { ordinal, line, offset, length, cells } = raw
  return {
    ordinal,
    line,
    offset,
    length,
    cells: cells === null ? null : [...cells],
    lastLine: lastLine(raw, bytes, dialect),
    bytes: Buffer.from(bytes.subarray(0, shownBytes)).toString('base64'),
  }
}

function badOf({ bad }: RawRecord): { code: string; message: string; column?: string } | null {
  if (bad === null) return null
  const { code, message, column } = bad
  return { code, message, ...(column === undefined ? {} : { column }) }
}

async function find(
  source: FileSource,
  { dialect }: InspectReport,
  columns: string[],
  { line, record }: Place,
): Promise<LineContent> {
  const records = readRecords(await contentOf(source), dialect, { columns })
  if (line === undefined) {
    for await (const block of records)
      for (const one of block) if (one.ordinal === record) return { what: 'record', records: [one] }
    throw failure('not_found', { noun: 'record', id: `${record} in ${source.name}` })
  }
  let first: number | undefined
  const watched = (async function* () {
    for await (const block of records) {
      first ??= block[0]?.line
      yield block
    }
  })()
  const found = await findLine(watched, line, async (one) =>
    lastLine(one, await take(await contentOf(source), one.offset, one.length), dialect),
  )
  return found.what === 'blank' && first !== undefined && line < first ? beforeRecords(dialect, line) : found
}

async function mappingFor(
  { proposal }: InspectReport,
  options: ExplainOptions,
  attributes: AttributesView['attributes'],
): Promise<Mapping> {
  if (options.mapping === undefined) return applyFlagsToProposal(proposal, options, attributes).mapping
  const { mappingFromYaml, mergeMappingFile } = await import('../core/mappingFile.ts')
  const text = await readFile(options.mapping, 'utf8').catch((error: Error) => {
    throw failure('usage.file_unreadable', { file: options.mapping!, detail: error.message })
  })
  return applyFlags(mergeMappingFile(proposal.mapping, mappingFromYaml(text)), options, attributes)
}

function nothing(answer: string, { name }: FileSource): ExplanationView {
  return {
    answer,
    record: null,
    file: name,
    line: null,
    lastLine: null,
    run: null,
    otherRuns: [],
    alsoHere: [],
    rows: [],
    read: null,
    map: [],
    checks: [],
    decided: null,
    now: null,
    later: null,
  }
}
