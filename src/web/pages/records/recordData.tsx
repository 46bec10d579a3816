// The data of a record (AL-17): as it stands in the file, and beside it what each cell became.
import './records.css'
import { Badge, Paper, Stack, Table, Text, Title } from '@mantine/core'
import type { RecordDetailView } from '../../../client/index.ts'
import { count } from '../../lib/numbers.ts'
import { valueText } from '../../lib/values.ts'

interface DataProps {
  readonly detail: RecordDetailView
}

export function RecordData({ detail: { data } }: DataProps) {
  if (data === null)
    return (
      <Text c="dimmed" maw={640}>
        What was landed is not kept any more, so the data cannot be shown. Retention decides how long it is:
        see the settings.
      </Text>
    )
  const { raw, cut, file, line, mapped } = data
  return (
    <Stack>
      <Paper withBorder p="md">
        <Title order={2}>As it stands in the file</Title>
        <Text size="sm" c="dimmed" mb="xs">
          {file ?? 'The landing'}
          {line !== null && `, line ${count(line)}`}
        </Text>
        <pre className="raw" tabIndex={0} aria-label="The record as it stands in the file">
          {raw}
        </pre>
        {cut && (
          <Text size="sm" c="dimmed">
            It is longer than this: the rest is not shown.
          </Text>
        )}
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} mb="xs">
          Raw and mapped
        </Title>
        {mapped.length === 0 ? (
          <Text c="dimmed">It could not be read as columns.</Text>
        ) : (
          <Mapped mapped={mapped} />
        )}
      </Paper>
    </Stack>
  )
}

type MappedCell = NonNullable<RecordDetailView['data']>['mapped'][number]

const targets: Readonly<Record<MappedCell['target'], string>> = {
  attribute: 'attribute',
  identifier: 'identifier',
  as_of: 'as of',
  ignored: 'not imported',
}

function Mapped({ mapped }: { readonly mapped: readonly MappedCell[] }) {
  return (
    <Table.ScrollContainer minWidth={640}>
      <Table verticalSpacing={6} fz="sm" aria-label="Each cell and what it became">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th>In the file</Table.Th>
            <Table.Th>Goes to</Table.Th>
            <Table.Th>Value</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {mapped.map(({ column, cell, target, key, value }) => (
            <Table.Tr key={column} c={target === 'ignored' ? 'dimmed' : undefined}>
              <Table.Td>{column}</Table.Td>
              <Table.Td className="code">{cell === null || cell === '' ? <Blank /> : cell}</Table.Td>
              <Table.Td>
                {key ?? targets[target]}{' '}
                {key !== null && target !== 'attribute' && (
                  <Badge variant="default" size="xs" tt="none">
                    {targets[target]}
                  </Badge>
                )}
              </Table.Td>
              <Table.Td className="code">
                {target === 'ignored' ? (
                  ''
                ) : value === null || value === undefined ? (
                  <Blank />
                ) : (
                  valueText(value)
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Blank() {
  return (
    <Text span size="sm" c="dimmed" fs="italic">
      empty
    </Text>
  )
}
