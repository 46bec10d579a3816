// How a bulk body is read and mapped: proposed from the body, as remembered for such a header, and as the address says.
import { readLanding, type LandingManifest } from '../blobs/landing.ts'
import type { Dialect } from '../core/dialect.ts'
import { headerKey } from '../core/headers.ts'
import { breakerSchema, importDefinitionSchema, type ImportDefinition } from '../core/job.ts'
import { recall } from '../core/mappingMemory.ts'
import { applyFlagsToProposal, decidedBy, type MappingFlags } from '../core/mappingFlags.ts'
import { targetText } from '../core/mappingText.ts'
import { runName } from '../core/names.ts'
import { nearest } from '../core/nearest.ts'
import { failure } from '../core/problems.ts'
import type { Proposal } from '../core/proposal.ts'
import { listAttributes } from '../db/attributes.ts'
import type { Namespace } from '../db/imports.ts'
import { findRemembered } from '../db/mappingMemory.ts'
import { findLanding, type FoundLanding } from '../db/read/sources.ts'
import { inspectAll, inspectSample, type InspectOptions, type InspectReport } from '../formats/inspect.ts'
import {
  flagsIn,
  hintsIn,
  inAddress,
  inParameters,
  isOn,
  namesIn,
  parameterText,
  type BulkQuery,
} from './bulkParams.ts'
import type { ApiContext } from './context.ts'

export type BulkFormat = 'csv' | 'json'

export interface BulkReading {
  readonly definition: ImportDefinition
  /** Only the beginning of the body was looked at. */
  readonly sampled: boolean
  /** The run whose mapping was remembered. */
  readonly mappingFrom: number | undefined
  readonly fields: readonly { readonly field: string; readonly becomes: string }[]
  readonly warnings: readonly string[]
}

export interface BulkOrder {
  readonly format: BulkFormat
  readonly query: BulkQuery
  readonly job: string
  /** The landing of the body. */
  readonly upload: string
}

/** Bodies up to this size are looked at whole, as files on the command line are. */
const lookWholeBytes = 32 << 20
const sampleStart = 1 << 12
const fieldsNamed = 8

/** Decides how the body is read. Throws problems of the body (`file.*`, `bulk.*`) and of the mapping. */
export async function readBulk(
  context: ApiContext,
  namespace: Namespace,
  order: BulkOrder,
): Promise<BulkReading> {
  const { pool } = context.database
  const landing = await findLanding(pool, namespace, order.upload)
  if (landing === undefined) throw failure('not_found', { noun: 'upload', id: order.upload })
  await requireFormat(context, landing, order.format)
  const attributes = await listAttributes(pool, namespace.id)
  const flags = flagsIn(order.query, attributes)
  const report = await look(context, landing, order, attributes)
  requireFields(report, order.query)
  const { proposal, from } = await remembered(context, namespace, order, report, flags)
  const { mapping, ambiguities, warnings } = inAddress(() =>
    applyFlagsToProposal(proposal, flags, attributes),
  )
  const open = ambiguities[0]
  if (open !== undefined) {
    const parameters = open.flags.map(parameterText).join(' or ')
    const how = parameters === '' ? 'map=FIELD=@customer_id' : parameters
    throw failure('bulk.question_open', { question: open.question, parameters: how })
  }
  const { droperrors, mode } = order.query
  return {
    definition: importDefinitionSchema.parse({
      dialect: report.dialect,
      columns: report.columns.map(({ column }) => column),
      mapping,
      policy: { mode },
      ...(isOn(droperrors) && {
        breaker: { ...breakerSchema.parse({}), rejectsPercent: null, columns: false },
      }),
    }),
    sampled: !report.whole,
    mappingFrom: from,
    fields: mapping.columns.map((column) => ({ field: column.column, becomes: targetText(column) })),
    warnings: warnings.map(({ column, text }) => inParameters(column === null ? text : `${column}: ${text}`)),
  }
}

/** A body of the other kind would be read all the same, as something nobody meant. */
async function requireFormat(context: ApiContext, landing: FoundLanding, wanted: BulkFormat): Promise<void> {
  const container = landing.contents as { readonly kind: string } | null
  if (container !== null)
    throw failure('bulk.other_format', {
      wanted: wanted.toUpperCase(),
      found: `a file of the kind ${container.kind}`,
      instead: 'Send it to POST /uploads, and import the parts that its answer lists.',
    })
  const looksJson = /^\ufeff?\s*(\[\s*(\{|\]|$)|\{\s*("|\}|$))/.test(await beginning(context, landing))
  if (looksJson === (wanted === 'json')) return
  throw failure(
    'bulk.other_format',
    wanted === 'json'
      ? {
          wanted: 'a JSON list of objects, or JSON objects one a line',
          found: 'something else',
          instead: 'Send CSV to /bulk/csv; every record of JSON is an object, {"customer_id": "C1"}.',
        }
      : { wanted: 'CSV', found: 'JSON', instead: 'Send it to /bulk/json.' },
  )
}

async function beginning({ blobs }: ApiContext, landing: FoundLanding): Promise<string> {
  for await (const block of readLanding(blobs, landing.manifest as LandingManifest)) {
    const head = Buffer.from(block.subarray(0, sampleStart))
    const isWide = (head[0] === 0xff && head[1] === 0xfe) || (head[0] === 0xfe && head[1] === 0xff)
    // Of UTF-16 only the signs count that matter here, and those have a zero byte beside them.
    return isWide ? head.toString('latin1').replaceAll(/[\0\xff\xfe]/g, '') : head.toString('utf8')
  }
  throw failure('file.empty')
}

async function look(
  context: ApiContext,
  landing: FoundLanding,
  { format, query }: BulkOrder,
  attributes: InspectOptions['attributes'],
): Promise<InspectReport> {
  const manifest = landing.manifest as LandingManifest
  const names = namesIn(query)
  const hints: Partial<Dialect> = { ...hintsIn(query), ...(format === 'csv' && { format }) }
  const options = {
    hints,
    ...(attributes && { attributes }),
    ...(names !== undefined && { names }),
  }
  const content = (): AsyncIterable<Uint8Array> => readLanding(context.blobs, manifest)
  const sample = await inspectSample(content(), options).catch(async (error: unknown) => {
    await requireDelimiter(content, options)
    throw error
  })
  if (sample.columns.length === 1) await requireDelimiter(content, options)
  if (sample.records === 0) throw failure('bulk.no_records')
  requireHeader(sample, query)
  return sample.whole || manifest.contentBytes > lookWholeBytes
    ? sample
    : inspectAll(content(), sample, options)
}

/** Columns that nobody named would become attributes that nobody wanted: column_1, column_2… */
function requireHeader({ dialect, firstRecords }: InspectReport, query: BulkQuery): void {
  const { format, headerLines } = dialect
  if (format !== 'csv' || headerLines > 0 || hintsIn(query).headerLines !== undefined) return
  const line = (firstRecords[0]?.cells ?? []).join(' | ')
  throw failure('bulk.header_missing', { line: line.length > 80 ? `${line.slice(0, 80)}…` : line })
}

/** Throws `bulk.delimiter_absent` where the one that was given leaves a single column, and another one does not. */
async function requireDelimiter(
  content: () => AsyncIterable<Uint8Array>,
  { hints, ...rest }: InspectOptions & { readonly hints: Partial<Dialect> },
): Promise<void> {
  const { delimiter, ...others } = hints
  if (delimiter === undefined) return
  const { names: _, ...options } = rest
  const found = await inspectSample(content(), { ...options, hints: others })
  if (found.columns.length < 2 || found.dialect.delimiter === delimiter) return
  const { delimiter: right } = found.dialect
  const word = spoken[right] ?? right
  throw failure('bulk.delimiter_absent', { delimiter: spoken[delimiter] ?? delimiter, found: word, word })
}

const spoken: Readonly<Record<string, string>> = {
  '\t': 'tab',
  '|': 'pipe',
  ' ': 'space',
  ';': 'semicolon',
  ',': 'comma',
}

/** Before flags are applied, which would answer in the words of the command line. */
function requireFields({ columns }: InspectReport, { timestamp_field: field }: BulkQuery): void {
  if (field === undefined) return
  const names = columns.map(({ column }) => column)
  const same = names.filter((name) => name.toLowerCase() === field.toLowerCase())
  if (names.includes(field) || same.length === 1) return
  const more = names.length - fieldsNamed
  const near = nearest(field, names)
  throw failure('bulk.field_unknown', {
    parameter: 'timestamp_field',
    field,
    fields: names.slice(0, fieldsNamed).join(', ') + (more > 0 ? ` and ${more} more` : ''),
    hint: near === undefined ? '' : `, perhaps ${near}`,
  })
}

/** What is remembered of such a header, laid over the proposal. */
async function remembered(
  { database }: ApiContext,
  namespace: Namespace,
  { job }: BulkOrder,
  report: InspectReport,
  flags: MappingFlags,
): Promise<{ proposal: Proposal; from: number | undefined }> {
  const { proposal, columns, dialect } = report
  const names = columns.map(({ column }) => column)
  const key = headerKey(names, dialect, job)
  const found = key === null ? undefined : await findRemembered(database.pool, namespace.id, key)
  if (found === undefined) return { proposal, from: undefined }
  const decided = inAddress(() => decidedBy(flags, proposal.mapping.columns))
  const laid = recall(proposal, columns, { run: runName(found.run), ...found.definition }, decided)
  const left = laid.news.filter(({ kind }) => kind === 'left').map(({ column }) => column)
  if (left.length > 0)
    throw failure('bulk.question_open', {
      question: `${left.join(', ')} of ${runName(found.run)} cannot be taken over, as fields are gone or renamed.`,
      parameters: `job=ANOTHER_NAME with map=FIELD=TARGET, or import it once with sluice import`,
    })
  return { proposal: laid.proposal, from: found.run }
}
