// The choices for a column always have what it is now, however its values are cleaned.
import { expect, test } from 'vitest'
import { columnMappingSchema, type ColumnMapping } from '../../../core/mapping.ts'
import { targetFlag } from '../../../core/mappingFlags.ts'
import { targetChoices, type KnownAttribute } from './targets.ts'

const phone: KnownAttribute = { key: 'phone', type: 'text', label: 'Phone' }

function column(target: object): ColumnMapping {
  return columnMappingSchema.parse({ column: 'Phone', target })
}

test.each([
  [
    'cleaned, and the attribute exists',
    { to: 'attribute', key: 'phone', type: 'text', clean: 'phone' },
    [phone],
  ],
  ['cleaned, and it is new', { to: 'attribute', key: 'phone', type: 'text', clean: 'phone' }, []],
  ['plain text', { to: 'attribute', key: 'phone', type: 'text' }, [phone]],
  ['an identifier', { to: 'identifier', kind: 'phone' }, [phone]],
  ['left out', { to: 'ignore' }, []],
] as const)('BS-10 %s', (_, target, attributes) => {
  const choices = targetChoices(column(target), column(target), 0, attributes).flatMap(
    (group) => group.choices,
  )
  const values = choices.map(({ value }) => value)
  expect(values).toContain(targetFlag(column(target)))
  expect(new Set(values).size).toBe(values.length)
  expect(new Set(choices.map(({ label }) => label)).size).toBe(values.length)
})
