// Which cleaner a mapped column gets: by its type, its clean word, or its kind of identifier.
import type { AttributeType } from './attribute.ts'
import { booleanCleaner } from './clean/boolean.ts'
import { cleanCountry } from './clean/country.ts'
import { dateCleaner } from './clean/date.ts'
import { cleanEmail } from './clean/email.ts'
import { cleanJson } from './clean/json.ts'
import { listCleaner } from './clean/list.ts'
import { integerCleaner, numberCleaner } from './clean/number.ts'
import { phoneCleaner } from './clean/phone.ts'
import type { Clean } from './clean/refusal.ts'
import { cleanText } from './clean/text.ts'
import { timestampCleaner } from './clean/timestamp.ts'
import type { ColumnFormat, cleaners } from './mapping.ts'

type CleanWord = (typeof cleaners)[number]
type MakeClean = (format: ColumnFormat) => Clean

const byWord: Readonly<Record<CleanWord, MakeClean>> = {
  none: () => cleanText,
  email: () => cleanEmail,
  phone: (format) => phoneCleaner(format.country),
  country: () => cleanCountry,
}

const byType: Readonly<Record<Exclude<AttributeType, 'text'>, MakeClean>> = {
  integer: (format) => integerCleaner(format.decimal),
  number: (format) => numberCleaner(format.decimal),
  boolean: (format) => booleanCleaner(format.trueWords, format.falseWords),
  date: (format) => dateCleaner(format.dateOrder),
  timestamp: (format) => timestampCleaner(format.dateOrder, format.timeZone),
  text_list: (format) => listCleaner(format.separator),
  json: () => cleanJson,
}

/** The cleaner of an attribute column. A clean word (email, phone, country) decides what a text is. */
export function attributeCleaner(type: AttributeType, clean: CleanWord, format: ColumnFormat): Clean {
  return type === 'text' ? byWord[clean](format) : byType[type](format)
}

/** How values of an identifier kind are made equal: addresses and numbers by their rules, ids only trimmed. */
export function identifierCleaner(kind: string, format: ColumnFormat): Clean {
  return kind === 'email' || kind === 'phone' ? byWord[kind](format) : cleanText
}
