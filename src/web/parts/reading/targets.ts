// What a column can become, as choices in a list: `@email`, `city:text`, `as_of`, `-`; the same texts --map takes.
import { attributeTypes, identifierKinds, type AttributeType } from '../../../core/attribute.ts'
import type { ColumnMapping } from '../../../core/mapping.ts'
import { targetFlag } from '../../../core/mappingFlags.ts'

export interface KnownAttribute {
  readonly key: string
  readonly type: AttributeType
  readonly label: string
}

export interface TargetGroup {
  readonly group: string
  readonly choices: readonly { readonly value: string; readonly label: string }[]
}

/** The choices for one column: what it is now, identifiers, attributes there are, and new ones by type. */
export function targetChoices(
  column: ColumnMapping,
  fresh: ColumnMapping,
  attributes: readonly KnownAttribute[],
): TargetGroup[] {
  const key = keyOf(fresh) ?? keyOf(column) ?? newKey(column.column)
  const known = new Set(attributes.map((attribute) => attribute.key))
  const own = [column, fresh]
    .filter(({ target }) => target.to === 'attribute' && !known.has(target.key))
    .map((one) => ({ value: targetFlag(one), label: targetLabel(one, attributes) }))
  const made = attributeTypes.map((type) => ({
    value: `${key}:${type}`,
    label: `new: ${key} (${typeWords[type]})`,
  }))
  return [
    { group: 'New attribute', choices: unique(known.has(key) ? own : [...own, ...made]) },
    {
      group: 'Identifier: says who it is',
      choices: identifierKinds.map(({ kind, label }) => ({ value: `@${kind}`, label })),
    },
    {
      group: 'Attributes there are',
      choices: attributes.map(({ key: value, type, label }) => ({
        value: `${value}:${type}`,
        label: `${label} (${typeWords[type]})`,
      })),
    },
    {
      group: 'Other',
      choices: [
        { value: 'as_of', label: 'When the row was true (timestamp field)' },
        { value: '-', label: 'Left out' },
      ],
    },
  ].filter(({ choices }) => choices.length > 0)
}

export const typeWords: Readonly<Record<AttributeType, string>> = {
  text: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'yes or no',
  date: 'date',
  timestamp: 'date and time',
  text_list: 'list',
  json: 'JSON',
}

function targetLabel(column: ColumnMapping, attributes: readonly KnownAttribute[]): string {
  const { target } = column
  if (target.to === 'identifier')
    return identifierKinds.find(({ kind }) => kind === target.kind)?.label ?? target.kind
  if (target.to !== 'attribute') return target.to === 'as_of' ? 'When the row was true' : 'Left out'
  const known = attributes.find(({ key }) => key === target.key)
  const kind = target.clean === 'none' ? typeWords[target.type] : target.clean
  return known === undefined ? `new: ${target.key} (${kind})` : `${known.label} (${kind})`
}

function unique<T extends { readonly value: string }>(choices: readonly T[]): T[] {
  return [...new Map(choices.map((one) => [one.value, one])).values()]
}

function keyOf({ target }: ColumnMapping): string | undefined {
  return target.to === 'attribute' ? target.key : undefined
}

/** A key from a header: `Date of birth` is `date_of_birth`. */
function newKey(header: string): string {
  const key = header
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^[^a-z]+|_+$/g, '')
  return key === '' ? 'column' : key.slice(0, 60)
}
