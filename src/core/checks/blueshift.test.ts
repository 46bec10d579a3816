// Blueshift's limits at their edges (BS-D09, BS-D10).
import { describe, expect, test } from 'vitest'
import { compileMapping } from '../compileMapping.ts'
import type { RawRecord } from '../dialect.ts'
import { mappingSchema } from '../mapping.ts'

const columns = [
  'id',
  'email',
  'device',
  'firstname',
  'gender',
  'unsubscribed',
  'joined_at',
  'phone',
  'last_name',
]

function mapper(checks: string[]): (cells: Readonly<Record<string, string>>) => string | undefined {
  const attribute = (key: string, type = 'text'): object => ({
    column: key,
    target: { to: 'attribute', key, type },
  })
  const mapping = mappingSchema.parse({
    checks,
    columns: [
      { column: 'id', target: { to: 'identifier', kind: 'customer_id' } },
      { column: 'email', target: { to: 'identifier', kind: 'email' } },
      { column: 'device', target: { to: 'identifier', kind: 'device_id' } },
      ...['firstname', 'gender', 'phone', 'last_name'].map((key) => attribute(key)),
      attribute('unsubscribed', 'boolean'),
      attribute('joined_at', 'timestamp'),
    ],
  })
  const compiled = compileMapping(mapping, columns)
  return (cells) => {
    const row = columns.map((column) => cells[column] ?? (column === 'id' ? 'c1' : ''))
    const record: RawRecord = { ordinal: 1, line: 2, offset: 0, length: 1, cells: row, bad: null, raw: null }
    return compiled.map(record).failed?.message
  }
}

describe('--checks blueshift (BS-D09, BS-D10)', () => {
  const checked = mapper(['blueshift'])
  test.each<[Record<string, string>]>([
    [{}],
    [{ id: 'x'.repeat(128) }],
    [{ device: 'x'.repeat(10) }],
    [{ firstname: 'é'.repeat(64), last_name: '\u{1f600}'.repeat(64) }],
    [{ gender: 'Female' }],
    [{ unsubscribed: '1', joined_at: '2024-01-02' }],
    [{ phone: '+491234567890' }],
  ])('%j passes', (cells) => expect(checked(cells)).toBe(undefined))

  test.each<[Record<string, string>, string]>([
    [{ id: 'x'.repeat(129) }, 'a customer id has at most 128 characters'],
    [{ device: 'x'.repeat(9) }, 'a device id has 10 to 100 characters'],
    [{ device: 'x'.repeat(101) }, 'a device id has 10 to 100 characters'],
    [{ firstname: 'x'.repeat(65) }, 'a first name has at most 64 characters'],
    [{ last_name: 'x'.repeat(65) }, 'a last name has at most 64 characters'],
    [{ gender: 'diverse' }, 'gender is male, female or unknown'],
    [{ phone: '030 123456' }, 'a phone number is + with country code and 6 to 14 digits'],
    [{ phone: '+12345' }, 'a phone number is + with country code and 6 to 14 digits'],
  ])('%j fails', (cells, rule) => expect(checked(cells)).toContain(`breaks a limit of Blueshift: ${rule}`))

  test('nothing of it is checked by default: real people have long names', () => {
    expect(mapper([])({ id: 'x'.repeat(129), firstname: 'x'.repeat(65), gender: 'diverse' })).toBe(undefined)
  })
})
