// Values people write, per type, for properties: many that fit, some that nearly do.
import fc from 'fast-check'
import type { AttributeType } from '../../src/core/attribute.ts'
import type { ColumnFormat } from '../../src/core/mapping.ts'

/** A cell as a file might hold it, and the format its column would have. */
export interface SampleValue {
  readonly text: string
  readonly format: ColumnFormat
}

const digits = (max: number): fc.Arbitrary<string> => fc.stringMatching(new RegExp(`^\\d{0,${max}}$`))
const sign = fc.constantFrom('', '-', '+', '\u2212')
const join = (...parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((p) => p.join(''))

/** Any text, with what databases stumble over more often than chance would bring it. */
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 30 }),
  fc.string({ unit: 'binary', maxLength: 10 }),
  fc
    .array(
      fc.constantFrom(
        '\0',
        '\ud800',
        '\udc00',
        '\\',
        '"',
        "'",
        '{',
        '}',
        ',',
        ';',
        '\n',
        '\r',
        '\t',
        '\v',
        '\u0085',
        '\u2028',
        'null',
        ' ',
        'é',
        '\u{1f600}',
        '\u007f',
        '\u0001',
      ),
      { maxLength: 8 },
    )
    .map((p) => p.join('')),
)

const integer = fc.oneof(
  join(sign, digits(22)),
  fc.bigInt({ min: -(2n ** 63n) - 3n, max: 2n ** 63n + 2n }).map(String),
  fc.constantFrom('9223372036854775807', '-9223372036854775808', '12.0', '1 234', '0', '-0', '007'),
)
const number = fc.oneof(
  join(sign, digits(25), fc.constantFrom('', '.', ','), digits(25)),
  join(sign, digits(5), fc.constantFrom('', '.'), digits(5), fc.constantFrom('', 'e', 'E-', 'e+'), digits(4)),
  fc.double().map(String),
  fc.constantFrom('1,234.50', '1.234,50', '€ 12', '.', '-', '0.000', '-0.0', `9${'0'.repeat(999)}`),
)

const two = (min: number, max: number): fc.Arbitrary<string> =>
  fc.integer({ min, max }).map((n) => String(n).padStart(2, '0'))
const year = fc.oneof(fc.integer({ min: 1800, max: 2100 }), fc.integer({ min: 0, max: 9999 }))
const year4 = year.map((n) => String(n).padStart(4, '0'))
const isoDay = join(year4, fc.constant('-'), two(1, 12), fc.constant('-'), two(1, 31))
const day = fc.oneof(
  isoDay,
  join(two(1, 31), fc.constant('/'), two(1, 12), fc.constant('/'), year4),
  join(two(1, 31), fc.constant('.'), two(1, 12), fc.constant('.'), two(0, 99)),
  join(two(1, 31), fc.constantFrom(' Jan ', '-feb-', ' March '), year4),
)
const time = join(two(0, 24), fc.constant(':'), two(0, 60), fc.constant(':'), two(0, 61))
const fraction = fc.oneof(
  fc.constant(''),
  digits(9).map((d) => (d === '' ? '' : `.${d}`)),
)
const zone = fc.constantFrom('', 'Z', '+00', '+01:00', '-0930', '+14:00', '-12', ' UTC', '+15:59')
const timestamp = fc.oneof(
  join(day, fc.constantFrom(' ', 'T'), time, fraction, zone),
  day,
  fc.integer({ min: 0, max: 9_999_999_999_999 }).map(String),
)

const json = fc.oneof(
  fc.json(),
  fc.json({ stringUnit: 'binary' }),
  fc
    .array(
      fc.tuple(
        fc.oneof(anyText, fc.constantFrom('a', 'aa', 'é', '10', '9', '')),
        fc.oneof(
          number,
          anyText.map((t) => JSON.stringify(t)),
        ),
      ),
    )
    .map((pairs) => `{${pairs.map(([k, v]) => `${JSON.stringify(k)}: ${v}`).join(', ')}}`),
)
const list = fc.oneof(
  fc.array(anyText).map((values) => values.join(',')),
  fc.array(anyText).map((values) => JSON.stringify(values)),
)

const dateFormat: fc.Arbitrary<ColumnFormat> = fc.record(
  {
    dateOrder: fc.constantFrom('dmy' as const, 'mdy' as const, 'ymd' as const),
    timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
  },
  { requiredKeys: [] },
)
const numberFormat: fc.Arbitrary<ColumnFormat> = fc.record(
  { decimal: fc.constantFrom('.' as const, ',' as const) },
  { requiredKeys: [] },
)
const plain: fc.Arbitrary<ColumnFormat> = fc.constant({})

const byType: Readonly<Record<AttributeType, readonly [fc.Arbitrary<string>, fc.Arbitrary<ColumnFormat>]>> = {
  text: [anyText, plain],
  integer: [integer, numberFormat],
  number: [number, numberFormat],
  boolean: [fc.constantFrom('true', 'NO', '1', '0', 'oui', 'nein', 'perhaps'), plain],
  date: [day, dateFormat],
  timestamp: [timestamp, dateFormat],
  text_list: [list, plain],
  json: [json, plain],
}

/** Cells for a column of the type; trimmed and not empty, as cleaners are given them. */
export function sampleValues(type: AttributeType): fc.Arbitrary<SampleValue> {
  const [texts, formats] = byType[type]
  return fc
    .record({ text: texts, format: formats })
    .map(({ text, format }) => ({ text: text.trim(), format }))
    .filter(({ text }) => text !== '')
}
