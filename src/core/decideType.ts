// The type a column is proposed as: what its header promises and its values keep, else what nearly all values are.
import type { AttributeType } from './attribute.ts'
import type { CandidateType } from './candidates.ts'
import type { ColumnReport, Sighting } from './columnProfile.ts'
import type { cleaners } from './mapping.ts'
import type { Meaning } from './synonyms.ts'

export interface TypeDecision {
  readonly type: AttributeType
  readonly clean: (typeof cleaners)[number]
  /** The candidate that was chosen; null for plain text. */
  readonly candidate: CandidateType | null
  readonly reason: string
}

/** Values that must fit: fewer where the header says the same, so that single typing errors change nothing. */
const promisedShare = 0.8
const foundShare = 0.95

export function shareOf(report: ColumnReport, type: CandidateType): number {
  return report.types.find((fit) => fit.type === type)?.share ?? 0
}

/** The first value that does not fit, and how many do not. */
export function misfits(
  report: ColumnReport,
  type: CandidateType,
): { count: number; first: Sighting | null } {
  const fit = report.types.find((one) => one.type === type)
  return { count: fit === undefined ? report.filled : fit.tested - fit.fits, first: fit?.counter ?? null }
}

const names: Readonly<Record<CandidateType, string>> = {
  boolean: 'yes or no',
  integer: 'whole numbers',
  number: 'numbers',
  date: 'dates',
  timestamp: 'dates with time',
  email: 'e-mail addresses',
  phone: 'phone numbers',
  country: 'countries',
  json: 'JSON',
  text_list: 'lists',
}

/** "whole numbers", "dates": what values of a candidate are called. */
export function nameOfCandidate(type: CandidateType): string {
  return names[type]
}

function percent(share: number): string {
  if (share === 1) return 'all values'
  const rounded = Math.floor(share * 1000) / 10
  return `${rounded} % of the values`
}

function typed(report: ColumnReport, candidate: CandidateType, because = ''): TypeDecision {
  const reason = `${percent(shareOf(report, candidate))} are ${names[candidate]}${because}`
  if (candidate === 'email' || candidate === 'phone' || candidate === 'country')
    return { type: 'text', clean: candidate, candidate, reason }
  return { type: candidate, clean: 'none', candidate, reason }
}

function text(reason: string): TypeDecision {
  return { type: 'text', clean: 'none', candidate: null, reason }
}

/** Dates and moments, whole numbers and numbers: the narrower of the two that holds as many values. */
function narrow(
  report: ColumnReport,
  narrower: 'date' | 'integer',
  wider: 'timestamp' | 'number',
): CandidateType {
  if (narrower === 'integer' && report.writing.signedNumbers > 0) return wider
  return shareOf(report, narrower) === shareOf(report, wider) ? narrower : wider
}

/** The candidate that keeps a promise. */
function promised(report: ColumnReport, type: Exclude<AttributeType, 'text'>): CandidateType {
  if (type === 'date' || type === 'timestamp') return narrow(report, 'date', 'timestamp')
  return type === 'integer' ? narrow(report, 'integer', 'number') : type
}

/** Phone numbers without country code cannot be completed unless a country is named. */
export function phonesAreComplete(report: ColumnReport, country: string | undefined): boolean {
  const fits = report.types.find((fit) => fit.type === 'phone')?.fits ?? 0
  return country !== undefined || (fits > 0 && report.writing.internationalPhones >= fits * foundShare)
}

function byMeaning(report: ColumnReport, meaning: Meaning, country?: string): TypeDecision {
  const named = `named like ${meaning.key.replace('@', '').replaceAll('_', ' ')}`
  if (meaning.type === 'text') {
    const { clean } = meaning
    if (clean === undefined || shareOf(report, clean) < promisedShare) return text(named)
    if (clean === 'phone' && !phonesAreComplete(report, country)) return text(named)
    return typed(report, clean, `, and ${named}`)
  }
  if (meaning.type === 'text_list')
    return { type: 'text_list', clean: 'none', candidate: null, reason: named }
  const candidate = promised(report, meaning.type)
  if (shareOf(report, candidate) >= promisedShare) return typed(report, candidate, `, and ${named}`)
  const found = byValues(report, country)
  const but = `${named}, but only ${percent(shareOf(report, candidate))} are ${names[candidate]}`
  return found.candidate === null ? text(but) : found
}

/** Headers whose digits are names, not amounts. */
const idLike =
  /(?:^|[^a-z])(?:id|nr|no|num|number|nummer|code|key|ref|sku|ean|iban|uuid|guid)$|(?:Id|ID|Nr|No|Code)$/
/** More digits than anyone counts: card numbers, ids. */
const countedDigits = 15

function byValues(report: ColumnReport, country?: string): TypeDecision {
  const found = (type: CandidateType): boolean => shareOf(report, type) >= foundShare
  const isNumeric = found('number')
  if (isNumeric && report.leadingZeros > 0) return text('its numbers have leading zeros')
  if (isNumeric && idLike.test(report.column)) return text('named like an id')
  // Of a fraction, spreadsheets and databases write all the digits there are.
  if (found('integer') && report.longest > countedDigits)
    return text('its numbers are too long to be amounts')
  if (found('boolean') && !isNumeric && saysYesOrNo(report)) return typed(report, 'boolean')
  if (isNumeric) return typed(report, narrow(report, 'integer', 'number'))
  if (found('timestamp')) return typed(report, narrow(report, 'date', 'timestamp'))
  if (found('email')) return typed(report, 'email')
  if (found('phone') && report.writing.internationalPhones > 0 && phonesAreComplete(report, country))
    return typed(report, 'phone')
  if (found('json')) return typed(report, 'json')
  const { separators } = report.writing
  if (Math.max(separators[';'], separators['|']) > report.filled / 2) return typed(report, 'text_list')
  return text('text')
}

/** A column of nothing but "F" is hardly an answer to a question. */
function saysYesOrNo(report: ColumnReport): boolean {
  return report.distinct >= 2 || report.longest > 1
}

/** Decides from the header's meaning and the values. `country`: that of phone numbers without a code. */
export function decideType(
  report: ColumnReport,
  meaning: Meaning | undefined,
  country?: string,
): TypeDecision {
  return meaning === undefined ? byValues(report, country) : byMeaning(report, meaning, country)
}
