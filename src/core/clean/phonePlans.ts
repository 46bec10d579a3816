// The common ways to write phone numbers, judged from libphonenumber's own metadata without parsing: several times as
// fast. Wherever a number is not plainly clear the library decides; tests compare the two on random numbers.
import { Metadata, type CountryCode } from 'libphonenumber-js/core'
import metadata from 'libphonenumber-js/max/metadata'

interface Plan {
  readonly callingCode: string
  /** Lengths that are possible in every country of the calling code, and in any of them. */
  readonly always: ReadonlySet<number>
  readonly ever: ReadonlySet<number>
  /** What is dialled before a foreign number. */
  readonly abroad: RegExp
  /** What the library might take off the front of a national number (the 0 of 030…); null: nothing. */
  readonly prefix: RegExp | null
  /** That prefix where it is only digits, which are simply left out. */
  readonly plainPrefix: string | null
  readonly whole: RegExp
}

/** The part of the library's reader that its types do not show. */
interface NumberingPlan {
  callingCode(): string
  possibleLengths(): number[]
  IDDPrefix(): string | undefined
  nationalNumberPattern(): string
  nationalPrefixForParsing(): string | undefined
  nationalPrefixTransformRule(): string | undefined
}

function readPlan(country: CountryCode): NumberingPlan {
  const reader = new Metadata(metadata)
  reader.selectNumberingPlan(country)
  return reader.numberingPlan as unknown as NumberingPlan
}

function planOf(country: CountryCode): Plan {
  const plan = readPlan(country)
  const callingCode = plan.callingCode()
  const lengths = metadata.country_calling_codes[callingCode]!.map((one) => readPlan(one).possibleLengths())
  const prefix = plan.nationalPrefixForParsing() ?? ''
  const isPlain = /^\d+$/.test(prefix) && !plan.nationalPrefixTransformRule()
  return {
    callingCode,
    always: new Set(plan.possibleLengths().filter((n) => lengths.every((other) => other.includes(n)))),
    ever: new Set(lengths.flat()),
    abroad: new RegExp(`^(?:${plan.IDDPrefix() ?? '(?!)'})`),
    prefix: prefix === '' ? null : new RegExp(`^(?:${prefix})`),
    plainPrefix: isPlain ? prefix : null,
    whole: new RegExp(`^(?:${plan.nationalNumberPattern()})$`),
  }
}

const plans = new Map<string, Plan>()

function planFor(country: CountryCode): Plan {
  const known = plans.get(country)
  if (known !== undefined) return known
  const plan = planOf(country)
  plans.set(country, plan)
  return plan
}

/** The main country of each calling code. */
const mains = new Map(Object.entries(metadata.country_calling_codes).map(([code, [main]]) => [code, main!]))

/** An E.164 number, false where the text is none, or undefined where only the library knows. */
export type QuickPhone = string | false | undefined

const plainE164 = /^\+[1-9]\d{6,14}$/
const plainSigns = /^\+?[\d(][\d ()./-]{5,28}\d$/

/** Reads `+49 170 1234567` and, with a country, `0170/1234567`: digits, and the usual signs between them. */
export function quickPhone(text: string, country: CountryCode | undefined): QuickPhone {
  const isE164 = plainE164.test(text)
  if (!isE164 && !plainSigns.test(text)) return undefined
  const digits = isE164 ? text.slice(1) : text.replace(/\D/g, '')
  if (digits.length < 7) return undefined
  if (text.startsWith('+')) return international(digits)
  return country === undefined ? undefined : national(planFor(country), digits)
}

function international(digits: string): QuickPhone {
  for (let length = 1; length <= 3; length++) {
    const main = mains.get(digits.slice(0, length))
    if (main === undefined) continue
    const plan = planFor(main)
    const rest = digits.slice(length)
    return plan.prefix?.test(rest) === true ? undefined : judge(plan, rest)
  }
  return undefined
}

/** With a foreign number's prefix or the own calling code in front, the library decides what was meant. */
function national(plan: Plan, digits: string): QuickPhone {
  if (plan.abroad.test(digits) || digits.startsWith(plan.callingCode)) return undefined
  if (plan.prefix === null || !plan.prefix.test(digits)) return judge(plan, digits)
  if (plan.plainPrefix === null || plan.whole.test(digits)) return undefined
  const rest = digits.slice(plan.plainPrefix.length)
  return plan.always.has(rest.length) ? judge(plan, rest) : undefined
}

function judge(plan: Plan, number: string): QuickPhone {
  if (plan.always.has(number.length)) return `+${plan.callingCode}${number}`
  return plan.ever.has(number.length) ? undefined : false
}
