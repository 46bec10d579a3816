// Phone numbers: to E.164 (libphonenumber), with the column's country for numbers written without one.
import { isSupportedCountry, parsePhoneNumberFromString, type CountryCode } from 'libphonenumber-js/max'
import { quickPhone } from './phonePlans.ts'
import type { Clean, Cleaned, Refusal } from './refusal.ts'

const invalid: Refusal = { code: 'phone.invalid' }
const noCountry: Refusal = { code: 'phone.no_country' }

/** True for an ISO 3166 alpha-2 code that has a numbering plan. */
export function isPhoneCountry(country: string): country is CountryCode {
  return isSupportedCountry(country)
}

/** What libphonenumber makes of a text: an E.164 number, or null. */
export function slowPhone(text: string, country: CountryCode | undefined): string | null {
  const parsed = parsePhoneNumberFromString(text, {
    ...(country && { defaultCountry: country }),
    extract: false,
  })
  return parsed?.isPossible() === true ? parsed.number : null
}

/**
 * The number as `+4930123456`. Checked by length per country, not by assigned ranges: those change faster than
 * programs are updated, and a real customer is worse to lose than a wrong digit is to keep. An extension is not part of E.164.
 */
export function phoneCleaner(country?: string): Clean {
  const known = country === undefined || !isPhoneCountry(country) ? undefined : country
  return (text): Cleaned => {
    const number = quickPhone(text, known) ?? slowPhone(text, known)
    if (typeof number === 'string') return number
    return known === undefined && /^[\d (]/.test(text) && !text.startsWith('00') ? noCountry : invalid
  }
}
