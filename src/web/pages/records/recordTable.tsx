// The records of a page: a table, on narrow screens cards.
import './records.css'
import { Checkbox, Group, Paper, Stack, Table, Text, VisuallyHidden } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { RecordView } from '../../../client/index.ts'
import { count } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { When } from '../../parts/when.tsx'
import { placeOf } from './places.ts'
import { RowMenu } from './rowMenu.tsx'
import { Fate, TypeAndJob, Who } from './recordRow.tsx'
import { SelectMenu } from './selectMenu.tsx'
import { toggled, type Selection, type TableProps } from './selection.ts'

export function RecordTable(props: TableProps) {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  return (
    <div style={props.stale ? { opacity: 0.55 } : undefined} aria-busy={props.stale}>
      {narrow ? <Cards {...props} /> : <Rows {...props} />}
    </div>
  )
}

const attemptsDoc = 'How often it was tried again by itself'

function Rows(props: TableProps) {
  const { records, select } = props
  return (
    <Table.ScrollContainer minWidth={900}>
      <Table
        verticalSpacing="xs"
        highlightOnHover
        layout="fixed"
        fz="sm"
        className="ledger"
        aria-label="Records"
      >
        <Table.Thead>
          <Table.Tr>
            {select !== undefined && (
              <Table.Th w={70}>
                <SelectMenu {...props} />
              </Table.Th>
            )}
            <Table.Th w={100}>Record</Table.Th>
            <Table.Th w="13%">Type and job</Table.Th>
            <Table.Th w="15%">Identifier</Table.Th>
            <Table.Th>What became of it</Table.Th>
            <Table.Th w={88} ta="right" title={attemptsDoc}>
              Attempts
            </Table.Th>
            <Table.Th w={120}>Created</Table.Th>
            <Table.Th w={120}>Updated</Table.Th>
            <Table.Th w={44}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {records.map((record) => (
            <Row key={record.id} record={record} {...props} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

interface RowProps extends TableProps {
  readonly record: RecordView
}

function Row({ record, select, selection, move }: RowProps) {
  const namespace = useNamespace()
  const { id, attempts, createdAt, at } = record
  return (
    <Table.Tr bg={isSelected(selection, id) ? 'var(--mantine-primary-color-light)' : undefined}>
      {select !== undefined && (
        <Table.Td>
          <SelectBox id={id} selection={selection} select={select} />
        </Table.Td>
      )}
      <Table.Td>
        <Go to={placeOf(namespace, id)} className="numbers" size="sm">
          {id}
        </Go>
      </Table.Td>
      <Table.Td>
        <TypeAndJob record={record} />
      </Table.Td>
      <Table.Td>
        <Who record={record} />
      </Table.Td>
      <Table.Td>
        <Fate record={record} />
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {attempts === 0 ? '–' : count(attempts)}
      </Table.Td>
      <Table.Td fz="sm">
        <When at={createdAt} />
      </Table.Td>
      <Table.Td fz="sm">
        <When at={at} />
      </Table.Td>
      <Table.Td>
        <RowMenu record={record} move={select === undefined ? undefined : move} />
      </Table.Td>
    </Table.Tr>
  )
}

function isSelected(selection: Selection, id: string): boolean {
  return selection.kind === 'all' || selection.ids.has(id)
}

interface SelectBoxProps {
  readonly id: string
  readonly selection: Selection
  readonly select: (selection: Selection) => void
}

function SelectBox({ id, selection, select }: SelectBoxProps) {
  return (
    <Checkbox
      size="sm"
      aria-label={`Select ${id}`}
      checked={isSelected(selection, id)}
      disabled={selection.kind === 'all'}
      onChange={() => select(toggled(selection, id))}
    />
  )
}

function Cards(props: TableProps) {
  const { records, select, selection, move } = props
  const namespace = useNamespace()
  return (
    <Stack gap="xs">
      {select !== undefined && (
        <Group gap="xs">
          <SelectMenu {...props} />
          <Text size="sm">Select</Text>
        </Group>
      )}
      {records.map((record) => (
        <Paper key={record.id} withBorder p="sm" component="article" aria-label={`Record ${record.id}`}>
          <Stack gap={8}>
            <Group justify="space-between" wrap="nowrap">
              <Group gap="xs" wrap="nowrap">
                {select !== undefined && <SelectBox id={record.id} selection={selection} select={select} />}
                <Go to={placeOf(namespace, record.id)} className="numbers" fw={600}>
                  {record.id}
                </Go>
              </Group>
              <RowMenu record={record} move={select === undefined ? undefined : move} />
            </Group>
            <Fate record={record} />
            <Who record={record} />
            <TypeAndJob record={record} />
            <Text size="xs" c="dimmed" component="div">
              Created <When at={record.createdAt} /> · updated <When at={record.at} />
              {record.attempts > 0 && ` · ${record.attempts} attempts`}
            </Text>
          </Stack>
        </Paper>
      ))}
    </Stack>
  )
}
