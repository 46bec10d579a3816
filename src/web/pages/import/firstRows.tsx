// The first rows as the file has them: values as text, the line at which each begins.
import { ScrollArea, Stack, Table, Text } from '@mantine/core'
import type { Inspection } from '../../../client/index.ts'
import { count } from '../../lib/numbers.ts'

/** Wider tables help nobody. */
const columnsMax = 50

const cut = { maxWidth: 280, overflow: 'hidden', textOverflow: 'ellipsis' } as const

export function FirstRows({ inspection: { columns, firstRows } }: { readonly inspection: Inspection }) {
  const shown = columns.slice(0, columnsMax)
  return (
    <Stack gap="xs">
      {shown.length < columns.length && (
        <Text size="sm" c="dimmed">
          The first {columnsMax} of {count(columns.length)} columns.
        </Text>
      )}
      <ScrollArea viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'First rows' }}>
        <Table withTableBorder striped style={{ whiteSpace: 'nowrap' }}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Line</Table.Th>
              {shown.map(({ column }) => (
                <Table.Th key={column} style={cut} title={column} dir="auto">
                  {column}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {firstRows.map(({ line, cells }) => (
              <Table.Tr key={line}>
                <Table.Td c="dimmed" className="numbers">
                  {line}
                </Table.Td>
                {shown.map(({ column }, i) => (
                  <Cell key={column} text={cells[i] ?? null} />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Stack>
  )
}

function Cell({ text }: { readonly text: string | null }) {
  if (text === null || text === '')
    return (
      <Table.Td c="dimmed" fz="sm">
        empty
      </Table.Td>
    )
  return (
    <Table.Td style={cut} title={text} dir="auto">
      {text}
    </Table.Td>
  )
}
