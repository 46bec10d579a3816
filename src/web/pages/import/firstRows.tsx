// The first rows as the file has them: values as text, the line at which each begins.
import { ScrollArea, Table, Text } from '@mantine/core'
import type { Inspection } from '../../../client/index.ts'

export function FirstRows({ inspection: { columns, firstRows } }: { readonly inspection: Inspection }) {
  return (
    <ScrollArea viewportProps={{ tabIndex: 0, 'aria-label': 'First rows' }}>
      <Table withTableBorder striped style={{ whiteSpace: 'nowrap' }}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Line</Table.Th>
            {columns.map(({ column }) => (
              <Table.Th key={column}>{column}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {firstRows.map(({ line, cells }) => (
            <Table.Tr key={line}>
              <Table.Td c="dimmed" className="numbers">
                {line}
              </Table.Td>
              {columns.map(({ column }, i) => (
                <Table.Td key={column} maw={280} style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
                  <Cell text={cells[i] ?? null} />
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  )
}

function Cell({ text }: { readonly text: string | null }) {
  if (text === null || text === '')
    return (
      <Text span c="dimmed" size="sm">
        empty
      </Text>
    )
  return <span title={text}>{text}</span>
}
