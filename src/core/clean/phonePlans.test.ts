// The short way for phone numbers gives the answers of libphonenumber, or none.
import fc from 'fast-check'
import { getCountries, getExampleNumber } from 'libphonenumber-js/max'
import examples from 'libphonenumber-js/mobile/examples'
import metadata from 'libphonenumber-js/max/metadata'
import { expect, test } from 'vitest'
import { slowPhone } from './phone.ts'
import { quickPhone } from './phonePlans.ts'

const countries = getCountries()
const country = fc.constantFrom(undefined, ...countries)
const digits = (min: number, max: number): fc.Arbitrary<string> =>
  fc.string({
    unit: fc.constantFrom('0', '1', '2', '3', '4', '5', '6', '7', '8', '9'),
    minLength: min,
    maxLength: max,
  })
const prefix = fc.constantFrom(
  '',
  '+',
  '+',
  '+1',
  '+49',
  '+44',
  '+39',
  '+7',
  '+61',
  '+55',
  '+52',
  '+54',
  '+800',
  '+0',
  '0',
  '00',
  '00491',
  '011',
  '1',
  '8',
  '(0',
)
const sign = fc.constantFrom('', '', '', ' ', '-', '.', '/', '(', ')', '  ')
const written = fc
  .tuple(prefix, fc.array(fc.tuple(digits(1, 4), sign), { minLength: 1, maxLength: 6 }))
  .map(([start, parts]) => (start + parts.map(([d, s]) => d + s).join('')).trim())

const callingCodes = Object.keys(metadata.country_calling_codes)

const example = fc.constantFrom(...countries).chain((of) => {
  const number = getExampleNumber(of, examples)
  const national = number?.nationalNumber ?? '123456789'
  return fc.record({
    of: fc.constant(of),
    text: fc.constantFrom(
      number?.number ?? '+1',
      number?.formatInternational() ?? '+1',
      number?.formatNational() ?? '1',
      `+${number?.countryCallingCode}0${national}`,
      `${number?.countryCallingCode}${national}`,
      `0${national}`,
      `1${national}`,
      national,
    ),
  })
})

/** The short way's answer; the library's where it leaves the answer to that. */
function answer(text: string, of: (typeof countries)[number] | undefined): string | null {
  const quick = quickPhone(text, of)
  return quick === undefined ? slowPhone(text, of) : quick || null
}

test('any digits and signs', () => {
  fc.assert(
    fc.property(written, country, (text, of) => {
      expect(answer(text, of)).toBe(slowPhone(text, of))
    }),
    { seed: 3, numRuns: 20_000 },
  )
})

test('E.164 as it is, of every calling code, is read as it stands', () => {
  const text = fc
    .tuple(fc.constantFrom(...callingCodes), digits(4, 13))
    .map(([code, national]) => `+${code}${national}`)
  const texts = fc.sample(text, { seed: 11, numRuns: 20_000 })
  const accepted = texts.filter((one) => typeof quickPhone(one, undefined) === 'string')
  expect(accepted.length).toBeGreaterThan(3_000)
  expect(accepted.map((one) => slowPhone(one, undefined))).toEqual(accepted)
})

test('numbers of every country, written in every way', () => {
  fc.assert(
    fc.property(example, ({ of, text }) => {
      expect(answer(text, of)).toBe(slowPhone(text, of))
    }),
    { seed: 4, numRuns: 10_000 },
  )
})

test.each([
  ['+49 170 1234567', undefined, '+491701234567'],
  ['0170/1234567', 'DE', '+491701234567'],
  ['(212) 555-0123', 'US', '+12125550123'],
  ['+33 1 23 45 67 89', undefined, '+33123456789'],
  ['+491', undefined, undefined],
  ['+49 (0)30 901820', undefined, undefined],
  ['0049 30 901820', 'DE', undefined],
  ['+49 12345678901234567', undefined, false],
] as const)('%s in %s goes the short way: %s', (text, of, expected) =>
  expect(quickPhone(text, of)).toBe(expected),
)
