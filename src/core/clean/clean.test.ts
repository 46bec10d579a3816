// Cleaners as tables: what is given, what PostgreSQL would print, or the code of the refusal.
import { describe, expect, test } from 'vitest'
import { booleanCleaner } from './boolean.ts'
import { cleanCountry, isCountryCode } from './country.ts'
import { dateCleaner, type DateOrder } from './date.ts'
import { cleanEmail } from './email.ts'
import { cleanJson } from './json.ts'
import { arrayText, listCleaner } from './list.ts'
import { integerCleaner, numberCleaner } from './number.ts'
import { phoneCleaner } from './phone.ts'
import type { Clean, Cleaned } from './refusal.ts'
import { cleanText } from './text.ts'
import { timestampCleaner } from './timestamp.ts'

/** A canonical text, or `!code`. */
function shown(cleaned: Cleaned): string {
  return typeof cleaned === 'string' ? cleaned : `!${cleaned.code}`
}

function table(
  name: string,
  clean: Clean,
  rows: readonly (readonly [given: string, expected: string])[],
): void {
  describe(`cleaning ${name}`, () => {
    test.each(rows)('%j is %j', (given, expected) => expect(shown(clean(given))).toBe(expected))
  })
}

table('text', cleanText, [
  ['Ada  Lovelace', 'Ada  Lovelace'],
  ['tab\there', 'tab\there'],
  ['\u{1f600}', '\u{1f600}'],
  ['a\0', '!text.nul'],
  ['\udc00', '!text.broken'],
])

table('integer', integerCleaner(), [
  ['0', '0'],
  ['-0', '0'],
  ['+7', '7'],
  ['007', '7'],
  ['12.0', '12'],
  ['1 234 567', '1234567'],
  ["1'234", '1234'],
  ['\u22125', '-5'],
  ['9223372036854775807', '9223372036854775807'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['9223372036854775808', '!integer.too_large'],
  ['-9223372036854775809', '!integer.too_large'],
  ['000000000000000000000000000000000000042', '42'],
  ['1,234', '!integer.invalid'],
  ['1.5', '!integer.invalid'],
  ['1.23457E+12', '!number.scientific'],
  ['twelve', '!integer.invalid'],
  ['0x1F', '!integer.invalid'],
  ['-', '!integer.invalid'],
  ['.', '!integer.invalid'],
  ['NaN', '!integer.invalid'],
])

table('number, no decimal sign named', numberCleaner(), [
  ['1.50', '1.5'],
  ['-0.0', '0'],
  ['.5', '0.5'],
  ['5.', '5'],
  ['0001.2500', '1.25'],
  ['1e3', '1000'],
  ['1.5e-3', '0.0015'],
  ['12 345.60', '12345.6'],
  ['€ 12.50', '12.5'],
  ['12.50 EUR', '12.5'],
  ['1,5', '!number.invalid'],
  ['1.234,50', '!number.invalid'],
  ['1.2.3', '!number.invalid'],
  ['Infinity', '!number.invalid'],
  ['12 %', '!number.invalid'],
  [`1${'0'.repeat(999)}`, `1${'0'.repeat(999)}`],
  [`1${'0'.repeat(1000)}`, '!value.too_large'],
  ['1e999999', '!value.too_large'],
  ['1e-999999', '!value.too_large'],
  ['0e999999', '0'],
])

table('number with point', numberCleaner('.'), [
  ['1,234.50', '1234.5'],
  ['1,234', '1234'],
  ['12,34', '!number.invalid'],
  ['1,234,56', '!number.invalid'],
  ['1.234', '1.234'],
])

table('number with comma', numberCleaner(','), [
  ['1.234,50', '1234.5'],
  ['1.234', '1234'],
  ['1,5', '1.5'],
  ['-1.234.567,8', '-1234567.8'],
  ['1\u00a0234,5', '1234.5'],
  ['12.5', '!number.invalid'],
  ['1,2,3', '!number.invalid'],
])

table('integer with comma', integerCleaner(','), [
  ['1.234', '1234'],
  ['1.234,0', '1234'],
  ['1,5', '!integer.invalid'],
])

table('boolean', booleanCleaner(['abonniert'], ['Abbestellt', 'o']), [
  ['true', 't'],
  ['FALSE', 'f'],
  ['1', 't'],
  ['0', 'f'],
  ['Ja', 't'],
  ['nein', 'f'],
  ['Oui', 't'],
  ['non', 'f'],
  ['Sí', 't'],
  ['abonniert', 't'],
  ['ABBESTELLT', 'f'],
  ['o', 'f'],
  ['2', '!boolean.invalid'],
  ['maybe', '!boolean.invalid'],
])

const dates: readonly (readonly [order: DateOrder | undefined, given: string, expected: string])[] = [
  [undefined, '2024-02-29', '2024-02-29'],
  [undefined, '2023-02-29', '!date.invalid'],
  [undefined, '1900-02-29', '!date.invalid'],
  [undefined, '2000-02-29', '2000-02-29'],
  [undefined, '2024-1-2', '2024-01-02'],
  [undefined, '2024/01/02', '2024-01-02'],
  [undefined, '20240102', '2024-01-02'],
  [undefined, '2024-01-02 00:00:00', '2024-01-02'],
  [undefined, '2024-01-02T00:00:00.000Z', '2024-01-02'],
  [undefined, '2024-01-02 10:00:00', '!date.invalid'],
  [undefined, '2 Jan 2024', '2024-01-02'],
  [undefined, 'January 2nd, 2024', '2024-01-02'],
  [undefined, 'Tue, 02 Jan 2024', '2024-01-02'],
  [undefined, '02-Jan-24', '2024-01-02'],
  [undefined, '2 Foo 2024', '!date.invalid'],
  [undefined, '03/04/2024', '!date.ambiguous'],
  [undefined, '31/12/2024', '!date.ambiguous'],
  ['dmy', '03/04/2024', '2024-04-03'],
  ['mdy', '03/04/2024', '2024-03-04'],
  ['dmy', '3.4.2024', '2024-04-03'],
  ['dmy', '3. 4. 2024', '2024-04-03'],
  ['dmy', '12/31/2024', '!date.invalid'],
  ['mdy', '31/12/2024', '!date.invalid'],
  ['dmy', '1.2.29', '2029-02-01'],
  ['dmy', '1.2.30', '1930-02-01'],
  ['ymd', '24-01-02', '2024-01-02'],
  ['ymd', '03/04/2024', '!date.invalid'],
  ['dmy', '2024-01-02', '2024-01-02'],
  ['dmy', '1/2-2024', '!date.invalid'],
  [undefined, '0000-01-01', '!date.invalid'],
  [undefined, '0001-01-01', '0001-01-01'],
  [undefined, '9999-12-31', '9999-12-31'],
  [undefined, '45321', '!date.invalid'],
  [undefined, 'tomorrow', '!date.invalid'],
]
describe('date', () => {
  test.each(dates)('%s %j is %j', (order, given, expected) =>
    expect(shown(dateCleaner(order)(given))).toBe(expected),
  )
})

table('timestamp', timestampCleaner(), [
  ['2024-01-02T03:04:05Z', '2024-01-02 03:04:05+00'],
  ['2024-01-02 03:04:05.120', '2024-01-02 03:04:05.12+00'],
  ['2024-01-02T03:04:05.1234567Z', '2024-01-02 03:04:05.123456+00'],
  ['2024-01-02T03:04:05+02:00', '2024-01-02 01:04:05+00'],
  ['2024-01-02T03:04:05-0530', '2024-01-02 08:34:05+00'],
  ['2024-01-02T03:04:05+01:00[Europe/Berlin]', '2024-01-02 02:04:05+00'],
  ['2024-01-02 03:04:05 UTC', '2024-01-02 03:04:05+00'],
  ['2024-01-02 03:04', '2024-01-02 03:04:00+00'],
  ['2024-01-02', '2024-01-02 00:00:00+00'],
  ['2024-12-31T23:59:60Z', '2025-01-01 00:00:00+00'],
  ['Jan 2, 2024 3:04 PM', '2024-01-02 15:04:00+00'],
  ['2024-01-02 12:00 am', '2024-01-02 00:00:00+00'],
  ['2024-01-02 13:00 pm', '!timestamp.invalid'],
  ['20240102030405', '2024-01-02 03:04:05+00'],
  ['1704164645', '2024-01-02 03:04:05+00'],
  ['1704164645600', '2024-01-02 03:04:05.6+00'],
  ['1704164645600001', '2024-01-02 03:04:05.600001+00'],
  ['1704164645.25', '2024-01-02 03:04:05.25+00'],
  ['1969-12-31T23:59:59.5Z', '1969-12-31 23:59:59.5+00'],
  ['0001-01-01T00:00:00+01:00', '!timestamp.invalid'],
  ['9999-12-31T23:59:59-01:00', '!timestamp.invalid'],
  ['2024-01-02T24:00:00Z', '!timestamp.invalid'],
  ['2024-01-02T03:60:00Z', '!timestamp.invalid'],
  ['2024-01-02T03:04:05+16:00', '!timestamp.invalid'],
  ['03/04/2024 10:00', '!date.ambiguous'],
  ['soon', '!timestamp.invalid'],
])

table('timestamp, month first, New York', timestampCleaner('mdy', 'America/New_York'), [
  ['03/04/2024 10:00', '2024-03-04 15:00:00+00'],
  ['07/04/2024 10:00', '2024-07-04 14:00:00+00'],
  ['3/10/2024 2:30 AM', '2024-03-10 07:30:00+00'],
  ['11/3/2024 1:30 AM', '2024-11-03 05:30:00+00'],
  ['2024-07-04T10:00:00Z', '2024-07-04 10:00:00+00'],
])

table('e-mail', cleanEmail, [
  ['Ada@Example.COM', 'ada@example.com'],
  ["o'brien+news@mail.example.co.uk", "o'brien+news@mail.example.co.uk"],
  ['müller@bücher.de', 'müller@bücher.de'],
  ['a@xn--bcher-kva.xn--p1ai', 'a@xn--bcher-kva.xn--p1ai'],
  ['a@b', '!email.invalid'],
  ['a b@c.de', '!email.invalid'],
  ['a@@c.de', '!email.invalid'],
  ['a..b@c.de', '!email.invalid'],
  ['.a@c.de', '!email.invalid'],
  ['a.@c.de', '!email.invalid'],
  ['a@-c.de', '!email.invalid'],
  ['a@c.de.', '!email.invalid'],
  ['a@c.d', '!email.invalid'],
  ['a@1.2.3.4', '!email.invalid'],
  ['Ada <a@c.de>', '!email.invalid'],
  ['a@c.de, b@c.de', '!email.invalid'],
  [`${'a'.repeat(64)}@c.de`, `${'a'.repeat(64)}@c.de`],
  [`${'a'.repeat(65)}@c.de`, '!email.invalid'],
  [`a@${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(63)}.${'e'.repeat(60)}.de`, '!email.invalid'],
  [`${'ü'.repeat(33)}@c.de`, '!email.invalid'],
])

table('phone, no country', phoneCleaner(), [
  ['+49 (0)30 901820', '+4930901820'],
  ['+1 (212) 555-0123', '+12125550123'],
  ['+44 20 7946 0958 ext. 5', '+442079460958'],
  ['030 901820', '!phone.no_country'],
  ['+49 1', '!phone.invalid'],
  ['+999 1234567', '!phone.invalid'],
  ['call me', '!phone.invalid'],
])

table('phone in Germany', phoneCleaner('DE'), [
  ['030 901820', '+4930901820'],
  ['0049 30 901820', '+4930901820'],
  ['0170/1234567', '+491701234567'],
  ['+33 1 23 45 67 89', '+33123456789'],
  ['12', '!phone.invalid'],
  ['012345678901234567', '!phone.invalid'],
])

table('country', cleanCountry, [
  ['DE', 'DE'],
  ['de', 'DE'],
  ['DEU', 'DE'],
  ['Deutschland', 'DE'],
  ['GERMANY', 'DE'],
  ['Allemagne', 'DE'],
  ['Côte d’Ivoire', 'CI'],
  ['Österreich', 'AT'],
  ['USA', 'US'],
  ['United States of America', 'US'],
  ['UK', 'GB'],
  ['Holland', 'NL'],
  ['Türkiye', 'TR'],
  ['Turkey', 'TR'],
  ['Česko', 'CZ'],
  ['España', 'ES'],
  ['Atlantis', '!country.unknown'],
  ['XX', '!country.unknown'],
])

test.each([
  ['DE', true],
  ['de', false],
  ['DEU', false],
  ['ZZ', false],
])('%s is a country code: %s', (code, expected) => expect(isCountryCode(code)).toBe(expected))

table('list', listCleaner(), [
  ['vip', '{vip}'],
  ['a, b ,,c', '{a,b,c}'],
  ['a b,c"d,e\\f', '{"a b","c\\"d","e\\\\f"}'],
  ['null,NULL,nul', '{"null","NULL",nul}'],
  ['{x}', '{"{x}"}'],
  [',', '{}'],
  ['["a, b", 1, 1e2, true, null, ""]', '{"a, b",1,100,true}'],
  ['[]', '{}'],
  ['[{"a":1}]', '!list.objects'],
  ['[oops]', '!list.invalid'],
  ['a\0', '!text.nul'],
  ['["\\u0000"]', '!text.nul'],
])

test('a list by another sign keeps commas', () => expect(listCleaner(';')('a,b; c')).toBe('{"a,b",c}'))
test('an empty text in a list is quoted', () => expect(arrayText([''])).toBe('{""}'))

table('json', cleanJson, [
  ['{"b":1,"a":2}', '{"a": 2, "b": 1}'],
  ['{"bb":1,"a":2,"é":3}', '{"a": 2, "bb": 1, "é": 3}'],
  ['{"a":1,"a":2}', '{"a": 2}'],
  ['{"__proto__":1}', '{"__proto__": 1}'],
  ['{"10":1,"9":2}', '{"9": 2, "10": 1}'],
  ['[1.50, -0, 1e2, 12345678901234567890.10]', '[1.5, 0, 100, 12345678901234567890.1]'],
  [' "a\\/\\u00e9\\n\\u0001" ', '"a/é\\n\\u0001"'],
  ['[]', '[]'],
  ['{}', '{}'],
  ['true', 'true'],
  ['null', 'null'],
  ['{a:1}', '!json.invalid'],
  ['{"a":1', '!json.invalid'],
  ['NaN', '!json.invalid'],
  ['"\\u0000"', '!text.nul'],
  ['{"\\u0000":1}', '!text.nul'],
  ['"\\ud800"', '!text.broken'],
  ['1e2000', '!value.too_large'],
  [`${'['.repeat(64)}${']'.repeat(64)}`, `${'['.repeat(64)}${']'.repeat(64)}`],
  [`${'['.repeat(65)}${']'.repeat(65)}`, '!json.invalid'],
  ['['.repeat(500_000), '!json.invalid'],
  [`"${'[{'.repeat(100)}"`, `"${'[{'.repeat(100)}"`],
])
