// The box at the top left of the list: all on the page, or all that match the filters (AL-21).
import { ActionIcon, Checkbox, Group, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { nothing, type TableProps } from './selection.ts'

export function SelectMenu({ records, selection, select, selectAll }: TableProps) {
  if (select === undefined) return null
  const ids = records.map(({ id }) => id)
  const on = selection.kind === 'all' || (ids.length > 0 && ids.every((id) => selection.ids.has(id)))
  const some = selection.kind === 'some' && selection.ids.size > 0 && !on
  const page = (): void => select({ kind: 'some', ids: new Set(ids) })
  return (
    <Group gap={4} wrap="nowrap">
      <Checkbox
        size="sm"
        aria-label="Select all on this page"
        checked={on}
        indeterminate={some}
        onChange={() => (on ? select(nothing) : page())}
      />
      <Menu position="bottom-start" shadow="md" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="md" aria-label="What to select">
            <IconChevronDown size={16} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={page}>All on this page</Menu.Item>
          <Menu.Item onClick={selectAll}>All that match the filters</Menu.Item>
          <Menu.Item onClick={() => select(nothing)}>Nothing</Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </Group>
  )
}
