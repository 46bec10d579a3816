// What a column might be: tests for one value each, with the facts about its way of writing that they meet on the way.
import { booleanCleaner } from './clean/boolean.ts'
import { cleanCountry } from './clean/country.ts'
import { dateCleaner, numericParts, type DateOrder } from './clean/date.ts'
import { cleanEmail } from './clean/email.ts'
import { parseJson } from './clean/json.ts'
import { integerCleaner, numberCleaner } from './clean/number.ts'
import { phoneCleaner } from './clean/phone.ts'
import type { Clean } from './clean/refusal.ts'
import { timestampCleaner } from './clean/timestamp.ts'

export const candidateTypes = [
  'boolean',
  'integer',
  'number',
  'date',
  'timestamp',
  'email',
  'phone',
  'country',
  'json',
  'text_list',
] as const
export type CandidateType = (typeof candidateTypes)[number]

export const dateOrders = ['dmy', 'mdy', 'ymd'] as const

/** Ways of writing met in one column; each counts values. */
export interface WritingFacts {
  /** Dates like 03/04/2024, and how many of them exist under each order. */
  numericDates: number
  readonly orders: Record<DateOrder, number>
  /** Of the numeric dates: written with dots, and with two digits for the year. */
  dottedDates: number
  shortYears: number
  /** Numbers written with a sign between digits, and how many of them read under each decimal sign. */
  signedNumbers: number
  readonly decimals: Record<'.' | ',', number>
  /** Phone numbers that carry their country code. */
  internationalPhones: number
  /** Values that hold the sign more than between two long sentences. */
  readonly separators: Record<';' | '|' | ',', number>
  jsonArrays: number
}

export function newWritingFacts(): WritingFacts {
  return {
    numericDates: 0,
    orders: { dmy: 0, mdy: 0, ymd: 0 },
    dottedDates: 0,
    shortYears: 0,
    signedNumbers: 0,
    decimals: { '.': 0, ',': 0 },
    internationalPhones: 0,
    separators: { ';': 0, '|': 0, ',': 0 },
    jsonArrays: 0,
  }
}

/** The wider type takes everything the narrower one takes, so it is asked only about the rest. */
export const narrower: Readonly<Partial<Record<CandidateType, CandidateType>>> = {
  number: 'integer',
  timestamp: 'date',
}

export type CandidateTest = (text: string, facts: WritingFacts) => boolean

const fits = (clean: Clean, text: string): boolean => typeof clean(text) === 'string'

const isBoolean = booleanCleaner()
const integers = { '.': integerCleaner('.'), ',': integerCleaner(',') }
const numbers = { '.': numberCleaner('.'), ',': numberCleaner(',') }
const plainInteger = /^-?\d{1,18}$/
const between = /\d[.,]\d/
const startsLikeNumber = /^[-\u2212€$£¥]?\s?[.,]?\d/

function fitsEither(cleaners: Record<'.' | ',', Clean>, text: string): boolean {
  return fits(cleaners['.'], text) || fits(cleaners[','], text)
}

/** Counts a number with a sign between digits under each decimal sign. */
function countSigns(text: string, facts: WritingFacts): true {
  if (!between.test(text)) return true
  facts.signedNumbers++
  if (fits(numbers['.'], text)) facts.decimals['.']++
  if (fits(numbers[','], text)) facts.decimals[',']++
  return true
}

/** What starts with + is a phone number before it is a number. */
function testInteger(text: string, facts: WritingFacts): boolean {
  if (plainInteger.test(text)) return true
  return startsLikeNumber.test(text) && fitsEither(integers, text) && countSigns(text, facts)
}

function testNumber(text: string, facts: WritingFacts): boolean {
  return startsLikeNumber.test(text) && fitsEither(numbers, text) && countSigns(text, facts)
}

const datesBy: Record<DateOrder, Clean> = {
  dmy: dateCleaner('dmy'),
  mdy: dateCleaner('mdy'),
  ymd: dateCleaner('ymd'),
}
const momentsBy: Record<DateOrder, Clean> = {
  dmy: timestampCleaner('dmy'),
  mdy: timestampCleaner('mdy'),
  ymd: timestampCleaner('ymd'),
}
const dateOrMoment = /^\d{1,2}[-/. ]/

/** Counts a date written in numbers under each order. */
function eachOrder(by: Record<DateOrder, Clean>, text: string, facts: WritingFacts): boolean {
  const day = text.split(/[T,] ?|(?<=\d{2}) (?=\d{1,2}:)/, 1)[0]!
  const parts = numericParts(day)
  if (parts === undefined) return fits(by.dmy, text)
  let any = false
  for (const order of dateOrders) {
    if (!fits(by[order], text)) continue
    facts.orders[order]++
    any = true
  }
  if (!any) return false
  facts.numericDates++
  if (parts[3].startsWith('.')) facts.dottedDates++
  if (parts[2].length === 2) facts.shortYears++
  return true
}

function testDate(text: string, facts: WritingFacts): boolean {
  if (text.length < 6 || text.length > 40) return false
  return dateOrMoment.test(text) ? eachOrder(datesBy, text, facts) : fits(datesBy.dmy, text)
}

/** Moments; asked only about what is no day. */
function testTimestamp(text: string, facts: WritingFacts): boolean {
  if (text.length < 6 || text.length > 60) return false
  if (!dateOrMoment.test(text)) return fits(momentsBy.dmy, text)
  return eachOrder(momentsBy, text, facts)
}

const phoneShape = /^[+(]?\d[\d\s()./-]{4,24}(?:\s?(?:x|ext)\.?\s?\d{1,6})?$/

function phoneTest(country: string | undefined): CandidateTest {
  const clean = phoneCleaner(country)
  return (text, facts) => {
    if (!phoneShape.test(text)) return false
    const international = text.startsWith('+') || text.startsWith('00')
    if (!international && country === undefined) return true
    if (!fits(clean, text)) return false
    if (international) facts.internationalPhones++
    return true
  }
}

function testJson(text: string, facts: WritingFacts): boolean {
  const first = text[0]
  if (first !== '{' && first !== '[') return false
  if (!('value' in parseJson(text))) return false
  if (first === '[') facts.jsonArrays++
  return true
}

const listed: readonly (';' | '|' | ',')[] = [';', '|', ',']
const pieceMax = 40
const listMax = 400

/** Short pieces between the same sign; a sentence with a comma is no list. */
function testList(text: string, facts: WritingFacts): boolean {
  if (text.length > listMax) return false
  let any = false
  for (const separator of listed) {
    if (!text.includes(separator)) continue
    if (
      !text.split(separator).every((piece) => piece.length <= pieceMax && piece.trim().split(' ').length <= 3)
    )
      continue
    facts.separators[separator]++
    any = true
  }
  return any
}

/** One test per candidate. `country`: that of phone numbers without a code. */
export function candidateTests(country?: string): Readonly<Record<CandidateType, CandidateTest>> {
  return {
    boolean: (text) => text.length <= 9 && fits(isBoolean, text),
    integer: testInteger,
    number: testNumber,
    date: testDate,
    timestamp: testTimestamp,
    email: (text) => text.includes('@') && fits(cleanEmail, text),
    phone: phoneTest(country),
    country: (text) => text.length <= 60 && fits(cleanCountry, text),
    json: testJson,
    text_list: testList,
  }
}
