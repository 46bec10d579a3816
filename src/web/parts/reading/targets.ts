// What a column can become, as choices in a list: `@email`, `city:text`, `as_of`, `-`; the same texts --map takes.
import { keyChooser, keyFromHeader } from '../../../core/attributeKeys.ts'
import { attributeTypes, identifierKinds, type AttributeType } from '../../../core/attribute.ts'
import type { ColumnMapping } from '../../../core/mapping.ts'
import { targetFlag } from '../../../core/mappingFlags.ts'

export interface KnownAttribute {
  readonly key: string
  readonly type: AttributeType
  readonly label: string
}

interface Choice {
  readonly value: string
  readonly label: string
}

interface TargetGroup {
  readonly group: string
  readonly choices: readonly Choice[]
}

/**
 * The choices for one column: what it is now, identifiers, attributes there are, and new ones by type. `fresh` is what was
 * proposed for it, `position` its place in the file, from 0.
 */
export function targetChoices(
  column: ColumnMapping,
  fresh: ColumnMapping,
  position: number,
  attributes: readonly KnownAttribute[],
): TargetGroup[] {
  const key = keyOf(fresh) ?? keyOf(column) ?? keyChooser()(keyFromHeader(column.column), position)
  const known = new Set(attributes.map((attribute) => attribute.key))
  const own = [column, fresh]
    .filter(({ target }) => target.to === 'attribute')
    .map((one) => ({ key: keyOf(one)!, value: targetFlag(one), label: targetLabel(one, attributes) }))
  const made = attributeTypes.map((type) => ({
    value: `${key}:${type}`,
    label: `new: ${key} (${typeWords[type]})`,
  }))
  const isKnown = ({ key: of }: { readonly key: string }): boolean => known.has(of)
  const others = attributes.map(({ key: of, type, label }) => ({
    key: of,
    value: `${of}:${type}`,
    label: `${label} (${typeWords[type]})`,
  }))
  return [
    {
      group: 'New attribute',
      choices: unique([...own.filter((one) => !isKnown(one)), ...(known.has(key) ? [] : made)]),
    },
    {
      group: 'Identifier: says who it is',
      choices: identifierKinds.map(({ kind, label }) => ({ value: `@${kind}`, label })),
    },
    // What is cleaned, such as a phone number, is another choice than its attribute as plain text.
    { group: 'Attributes there are', choices: unique([...own.filter(isKnown), ...others]) },
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

const cleanWords = { email: 'e-mail address', phone: 'phone number', country: 'country' } as const

function targetLabel(column: ColumnMapping, attributes: readonly KnownAttribute[]): string {
  const { target } = column
  if (target.to === 'identifier')
    return identifierKinds.find(({ kind }) => kind === target.kind)?.label ?? target.kind
  if (target.to !== 'attribute') return target.to === 'as_of' ? 'When the row was true' : 'Left out'
  const known = attributes.find(({ key }) => key === target.key)
  const kind = target.clean === 'none' ? typeWords[target.type] : cleanWords[target.clean]
  return known === undefined ? `new: ${target.key} (${kind})` : `${known.label} (${kind})`
}

function unique(choices: readonly Choice[]): Choice[] {
  return [...new Map(choices.map(({ value, label }) => [value, { value, label }])).values()]
}

function keyOf({ target }: ColumnMapping): string | undefined {
  return target.to === 'attribute' ? target.key : undefined
}
