// What a column becomes, in a few words: for previews, and for what changed between two proposals.
import type { ColumnMapping, Mapping } from './mapping.ts'
import { stepsText } from './transform/stepText.ts'

/** Like the value of --map: `@email`, `birth_date:date`, `-`; with the way of writing after it. */
export function targetText(column: ColumnMapping): string {
  const { target, format, blank, onBad } = column
  const written = Object.entries(format).map(
    ([name, value]) => `${name} ${Array.isArray(value) ? value.join('/') : value}`,
  )
  if (target.to === 'attribute' && blank !== 'ignore') written.push(blankText[blank])
  if (target.to !== 'ignore' && onBad === 'blank') written.push('values that do not fit are left blank')
  const steps = stepsText(column)
  if (steps !== '' && target.to !== 'ignore') written.push(`after ${steps}`)
  const suffix = written.length === 0 ? '' : ` (${written.join(', ')})`
  return shortTarget(target) + suffix
}

const blankText = { clear: 'an empty cell clears', reject: 'an empty cell fails' } as const

function shortTarget(target: ColumnMapping['target']): string {
  switch (target.to) {
    case 'identifier':
      return `@${target.kind}`
    case 'as_of':
      return 'time of the record'
    case 'ignore':
      return target.why === undefined ? 'left out' : `left out: ${target.why}`
    case 'attribute': {
      const word = target.clean === 'none' ? target.type : target.clean
      return `${target.key}:${word}${target.write === 'set_if_empty' ? ', only if empty' : ''}`
    }
  }
}

export interface MappingChange {
  readonly column: string
  /** As `targetText`; null: the column was not there. */
  readonly before: string | null
  readonly after: string | null
}

/** The columns that two mappings treat differently. */
export function mappingChanges(before: Mapping, after: Mapping): MappingChange[] {
  const textOf = (mapping: Mapping): Map<string, string> =>
    new Map(mapping.columns.map((column) => [column.column, targetText(column)]))
  const [old, fresh] = [textOf(before), textOf(after)]
  return [...new Set([...old.keys(), ...fresh.keys()])]
    .map((column) => ({ column, before: old.get(column) ?? null, after: fresh.get(column) ?? null }))
    .filter((change) => change.before !== change.after)
}
