// The proposed mapping: from headers, values and the attributes there are; with reasons, and questions where it must not guess.
import { errorColumnsOf } from './errorColumns.ts'
import type { AttributeType } from './attribute.ts'
import { keyChooser, keyFromHeader } from './attributeKeys.ts'
import type { CandidateType } from './candidates.ts'
import type { DateOrder } from './clean/date.ts'
import type { ColumnReport } from './columnProfile.ts'
import {
  decideType,
  misfits,
  nameOfCandidate,
  phonesAreComplete,
  shareOf,
  type TypeDecision,
} from './decideType.ts'
import type { RawRecord } from './dialect.ts'
import type { ColumnFormat, ColumnMapping, Mapping } from './mapping.ts'
import { findSharedValue, suggestIdentifiers, type IdentifierProposal } from './proposeIdentifiers.ts'
import { meaningOf } from './synonyms.ts'
import { dateOrderOf, decimalOf, separatorOf } from './writing.ts'

/** A question only a person can answer. `sluice import --yes` fails while one is open. */
export interface Ambiguity {
  /** Null: about the file as a whole. */
  readonly column: string | null
  readonly about: 'date_order' | 'decimal' | 'identifier' | 'remembered'
  readonly question: string
  readonly examples: readonly string[]
  /** The flags that answer it, one each. */
  readonly flags: readonly string[]
  /** What the column becomes with each answer, where a flag alone cannot say all of it. */
  readonly choices?: readonly ColumnMapping[]
}

export interface Note {
  readonly column: string | null
  readonly text: string
}

export interface Proposal {
  readonly mapping: Mapping
  /** Why each column is mapped as it is. */
  readonly reasons: readonly { readonly column: string; readonly reason: string }[]
  readonly ambiguities: readonly Ambiguity[]
  /** What will go wrong or get lost; the mapping works all the same. */
  readonly warnings: readonly Note[]
  /** What could be done better. */
  readonly notes: readonly Note[]
}

export interface ProposalOptions {
  /** The attributes that exist: their type wins over what the values look like. */
  readonly attributes?: readonly { readonly key: string; readonly type: AttributeType }[]
  /** Country of phone numbers without a code, ISO 3166 alpha-2. */
  readonly country?: string | undefined
  /** Records to look for shared identifier values in; usually the sample. */
  readonly sample?: Iterable<RawRecord>
}

/** What is gathered on the way. */
interface Draft {
  readonly options: ProposalOptions
  readonly existing: ReadonlyMap<string, AttributeType>
  /** Columns of an error file that comes back corrected: they say where a record stood, nothing about a person. */
  readonly ours: ReadonlySet<string>
  readonly keyFor: (wanted: string | undefined, position: number) => string
  readonly ambiguities: Ambiguity[]
  readonly warnings: Note[]
  readonly notes: Note[]
}

interface ColumnProposal {
  readonly mapping: ColumnMapping
  readonly reason: string
}

/** Proposes a mapping for the columns of a file. */
export function proposeMapping(reports: readonly ColumnReport[], options: ProposalOptions = {}): Proposal {
  const existing = new Map((options.attributes ?? []).map(({ key, type }) => [key, type]))
  const ours = errorColumnsOf(reports.map(({ column }) => column))
  const draft: Draft = {
    options,
    existing,
    ours,
    keyFor: keyChooser(),
    ambiguities: [],
    warnings: [],
    notes: [],
  }
  const identifiers = chooseIdentifiers(
    reports.filter(({ column }) => !ours.has(column)),
    draft,
  )
  if (identifiers.length === 0) draft.ambiguities.push(whoIsWho(reports))
  const columns = reports.map((report, i) => proposeColumn(report, i, identifiers, draft))
  return {
    mapping: { columns: columns.map(({ mapping }) => mapping), checks: [] },
    reasons: columns.map(({ mapping, reason }) => ({ column: mapping.column, reason })),
    ambiguities: draft.ambiguities,
    warnings: draft.warnings,
    notes: draft.notes,
  }
}

function chooseIdentifiers(reports: readonly ColumnReport[], draft: Draft): IdentifierProposal[] {
  const suggested = suggestIdentifiers(reports, draft.ours.size > 0)
  const [id, email] = suggested
  if (id === undefined || email === undefined || draft.options.sample === undefined) return suggested
  const columns = reports.map(({ column }) => column)
  const shared = findSharedValue(draft.options.sample, columns, id.column, email.column)
  if (shared === null) return suggested
  draft.warnings.push({
    column: email.column,
    text:
      `${shared.value} stands beside two different values of ${id.column} (${shared.first} and ${shared.second}, line ${shared.line}), ` +
      `so people are not matched by ${email.column}. To match by it all the same: --map ${quoted(`${email.column}=@email`)}`,
  })
  return [id]
}

function whoIsWho(reports: readonly ColumnReport[]): Ambiguity {
  const likely = reports.filter((r) => r.filled > 0 && r.distinct >= r.filled * 0.5).slice(0, 3)
  return {
    column: null,
    about: 'identifier',
    question: 'Which column says who somebody is? None looks like a customer id or an e-mail address.',
    examples: likely.map(({ column }) => column),
    flags: likely.map(({ column }) => `--map ${quoted(`${column}=@customer_id`)}`),
  }
}

function proposeColumn(
  report: ColumnReport,
  position: number,
  identifiers: readonly IdentifierProposal[],
  draft: Draft,
): ColumnProposal {
  const identifier = identifiers.find(({ column }) => column === report.column)
  if (!draft.ours.has(report.column)) warnOfScience(report, draft)
  if (identifier !== undefined) return proposeIdentifier(report, identifier, draft)
  if (draft.ours.has(report.column)) return ignored(report.column, 'it is a column of the error file')
  if (report.filled === 0) return ignored(report.column, 'it is empty')
  return proposeAttribute(report, position, draft)
}

function column(name: string, target: ColumnMapping['target'], format: ColumnFormat = {}): ColumnMapping {
  return { column: name, target, format, blank: 'ignore', onBad: 'fail' }
}

function ignored(name: string, why: string): ColumnProposal {
  return { mapping: column(name, { to: 'ignore', why }), reason: why }
}

function proposeIdentifier(
  report: ColumnReport,
  { kind, reason }: IdentifierProposal,
  draft: Draft,
): ColumnProposal {
  if (kind === 'email') warnOfMisfits(report, 'email', draft)
  if (kind === 'email' && report.caseVariants > 0)
    draft.notes.push({
      column: report.column,
      text: `Some addresses differ only in capitals (${report.caseVariants} among the first values); they count as the same.`,
    })
  return { mapping: column(report.column, { to: 'identifier', kind }), reason }
}

function proposeAttribute(report: ColumnReport, position: number, draft: Draft): ColumnProposal {
  const meaning = meaningOf(report.column)
  const own = keyFromHeader(report.column)
  const isKnown = own !== undefined && draft.existing.has(own)
  const key = draft.keyFor(isKnown ? own : (meaning?.key.replace('@', '') ?? own), position)
  const seen = decideType(report, meaning, draft.options.country)
  const decision = withExisting(report, seen, draft.existing.get(key))
  const format = formatOf(report, decision, draft)
  if (decision.candidate !== null) warnOfMisfits(report, decision.candidate, draft)
  noteWhatIsMissing(report, key, decision, draft)
  const { type, clean, reason } = decision
  return {
    mapping: column(report.column, { to: 'attribute', key, type, clean, write: 'set' }, format),
    reason,
  }
}

/** An attribute keeps its type for good; values that do not fit it are refused, and that is said beforehand. */
function withExisting(
  report: ColumnReport,
  seen: TypeDecision,
  type: AttributeType | undefined,
): TypeDecision {
  if (type === undefined || type === seen.type) return seen
  const candidate = type === 'text' || type === 'text_list' ? null : type
  const share = candidate === null ? 1 : shareOf(report, candidate)
  const reason = `the attribute is of type ${type}${share < 1 ? ', though not all values are' : ''}`
  return { type, clean: 'none', candidate, reason }
}

function formatOf(report: ColumnReport, decision: TypeDecision, draft: Draft): ColumnFormat {
  const { type, clean } = decision
  if (clean === 'phone') return draft.options.country === undefined ? {} : { country: draft.options.country }
  if (type === 'date' || type === 'timestamp') return dateFormat(report, draft)
  if (type === 'integer' || type === 'number') return numberFormat(report, draft)
  if (type === 'text_list' && report.writing.jsonArrays < report.filled)
    return { separator: separatorOf(report.writing) }
  return {}
}

const orderNames = { dmy: 'day first', mdy: 'month first', ymd: 'year first' } as const

function dateFormat(report: ColumnReport, draft: Draft): ColumnFormat {
  const order = dateOrderOf(report.writing)
  if (report.writing.shortYears > 0)
    draft.warnings.push({
      column: report.column,
      text: 'Its years have two digits: 00 to 29 are read as 20xx, 30 to 99 as 19xx.',
    })
  if (order === null) return {}
  if ('is' in order) {
    warnOfOtherOrders(report, order.is, draft)
    return { dateOrder: order.is }
  }
  draft.ambiguities.push({
    column: report.column,
    about: 'date_order',
    question: `Which comes first in the dates of ${report.column}? They can be read ${order.open.map((o) => orderNames[o]).join(' and ')}.`,
    examples: report.examples.slice(0, 3),
    flags: order.open.map((o) => `--date-order ${quoted(`${report.column}=${o}`)}`),
  })
  return {}
}

function warnOfOtherOrders(report: ColumnReport, order: DateOrder, draft: Draft): void {
  const others = report.writing.numericDates - report.writing.orders[order]
  if (others === 0) return
  draft.warnings.push({
    column: report.column,
    text: `${others} of its dates do not exist with the ${orderNames[order].replace(' ', ' coming ')}; such records fail.`,
  })
}

function numberFormat(report: ColumnReport, draft: Draft): ColumnFormat {
  const decimal = decimalOf(report.writing)
  if (decimal === null) return {}
  if ('is' in decimal) return { decimal: decimal.is }
  draft.ambiguities.push({
    column: report.column,
    about: 'decimal',
    question: `Does the sign in the numbers of ${report.column} separate thousands or decimals?`,
    examples: report.examples.filter((value) => /\d[.,]\d/.test(value)).slice(0, 3),
    flags: decimal.open.map((sign) => `--decimal ${quoted(`${report.column}=${sign}`)}`),
  })
  return {}
}

function warnOfMisfits(report: ColumnReport, candidate: CandidateType, draft: Draft): void {
  draft.warnings.push(...misfitNotes(report, candidate))
}

/** What is said of values that do not fit the type of their column; nothing where all do. */
export function misfitNotes(report: ColumnReport, candidate: CandidateType): Note[] {
  const { count, first } = misfits(report, candidate)
  if (count === 0 || first === null) return []
  const text =
    `${count} of ${report.filled} values are not ${nameOfCandidate(candidate)} (first in line ${first.line}: "${first.value.slice(0, 40)}"); ` +
    `such records fail. To leave only the value out: --on-bad-value ${quoted(`${report.column}=blank`)}`
  return [{ column: report.column, text }]
}

function warnOfScience(report: ColumnReport, draft: Draft): void {
  if (report.firstScientific === null) return
  const { line, value } = report.firstScientific
  draft.warnings.push({
    column: report.column,
    text: `${report.scientific} values look cut by a spreadsheet (first in line ${line}: ${value}); their last digits are lost.`,
  })
}

function noteWhatIsMissing(report: ColumnReport, key: string, { clean }: TypeDecision, draft: Draft): void {
  const { country } = draft.options
  if (key === 'updated_at')
    draft.notes.push({
      column: report.column,
      text: `It may say when a record was last changed. To let the newest record win whatever comes first: --as-of ${quoted(report.column)}`,
    })
  const isPhone = meaningOf(report.column)?.clean === 'phone' && shareOf(report, 'phone') > 0.5
  if (isPhone && clean === 'none' && !phonesAreComplete(report, country))
    draft.notes.push({
      column: report.column,
      text: 'Its numbers have no country code and are kept as they are. To complete them: --country DE (or another country)',
    })
}

/** A flag's value as a shell takes it. */
export function quoted(value: string): string {
  return /^[\w@=.,:+/-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
}
