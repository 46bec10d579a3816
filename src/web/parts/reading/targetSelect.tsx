// What one column becomes, to choose from a list that can be searched.
import { Select, Tooltip } from '@mantine/core'
import type { ColumnMapping } from '../../../core/mapping.ts'
import { targetFlag, type MappingFlags } from '../../../core/mappingFlags.ts'
import { targetChoices, type KnownAttribute } from './targets.ts'

interface TargetSelectProps {
  readonly column: ColumnMapping
  /** What was proposed for it. */
  readonly fresh: ColumnMapping
  /** Why; shown while it is as proposed. */
  readonly reason: string
  /** Its place in the file, from 0. */
  readonly position: number
  readonly attributes: readonly KnownAttribute[]
  readonly say: (flags: MappingFlags) => void
}

export function TargetSelect({ column, fresh, reason, position, attributes, say }: TargetSelectProps) {
  const value = targetFlag(column)
  const name = column.column
  const groups = targetChoices(column, fresh, position, attributes)
  const choose = (target: string): void =>
    say(target === 'as_of' ? { asOf: name } : { map: [`${name}=${target}`] })
  return (
    <Tooltip label={reason} disabled={reason === '' || value !== targetFlag(fresh)} multiline maw={320}>
      <Select
        aria-label={`${name} becomes`}
        searchable
        allowDeselect={false}
        data={groups.map(({ group, choices }) => ({ group, items: [...choices] }))}
        value={value}
        onChange={(next) => next !== null && choose(next)}
        nothingFoundMessage="Nothing like this"
        maxDropdownHeight={320}
      />
    </Tooltip>
  )
}
