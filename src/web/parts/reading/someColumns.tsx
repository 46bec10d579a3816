// The columns of a file, which may be thousands: some at once, and a field that finds one.
import { Button, Group, Text, TextInput } from '@mantine/core'
import { useState, type ReactNode } from 'react'
import type { ColumnMapping } from '../../../core/mapping.ts'
import { count } from '../../lib/numbers.ts'

const atOnce = 40
const more = 200
/** From so many on they are looked for by name. */
const many = 12

interface SomeColumnsProps {
  readonly columns: readonly ColumnMapping[]
  /** One line; `position` is the place of the column in the file, from 0. */
  readonly line: (column: ColumnMapping, position: number) => ReactNode
}

export function SomeColumns({ columns, line }: SomeColumnsProps) {
  const [text, setText] = useState('')
  const [shown, setShown] = useState(atOnce)
  const wanted = text.trim().toLowerCase()
  const found = columns
    .map((column, position) => ({ column, position }))
    .filter(({ column }) => column.column.toLowerCase().includes(wanted))
  const left = found.length - shown
  const used = columns.filter(({ target }) => target.to !== 'ignore').length
  return (
    <>
      <Group justify="space-between" align="flex-end" mb="sm">
        <Text fw={600}>
          {count(used)} of {count(columns.length)} columns are used
        </Text>
        {columns.length > many && (
          <TextInput
            aria-label="Find a column"
            placeholder="Find a column"
            size="xs"
            value={text}
            onChange={({ currentTarget }) => setText(currentTarget.value)}
          />
        )}
      </Group>
      <div role="list" aria-label="Columns">
        {found.slice(0, shown).map(({ column, position }) => line(column, position))}
      </div>
      {found.length === 0 && <Text c="dimmed">No column has “{text.trim()}” in its name.</Text>}
      {left > 0 && (
        <Button variant="default" onClick={() => setShown(shown + more)} mt="sm" fullWidth>
          Show {count(Math.min(left, more))} more
        </Button>
      )}
    </>
  )
}
