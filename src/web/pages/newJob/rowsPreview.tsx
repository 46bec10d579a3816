// What the first rows become with the mapping as it is now: worked out in the browser by the code of the import.
import { Alert, Badge, ScrollArea, Stack, Table, Text, Title } from '@mantine/core'
import { useDeferredValue, useMemo } from 'react'
import type { OfRows } from './mappingState.ts'

/** Wider tables help nobody. */
const columnsMax = 30

export function RowsPreview({ state, rows, tools }: OfRows) {
  const mapping = useDeferredValue(state.mapping)
  const found = useMemo(
    () => (tools === null ? null : tools.mapRows(mapping, state.columns, rows)),
    [tools, mapping, state.columns, rows],
  )
  if (found === null || rows.length === 0) return null
  if (typeof found === 'string')
    return (
      <Alert color="red" title="The mapping does not work yet" role="alert">
        {found}
      </Alert>
    )
  const names = found[0]?.values.slice(0, columnsMax).map(({ name }) => name) ?? []
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        The first rows become
      </Title>
      <ScrollArea
        type="auto"
        viewportProps={{ tabIndex: 0, role: 'region', 'aria-label': 'The first rows after mapping' }}
      >
        <Table fz="sm" withTableBorder verticalSpacing={6} style={{ whiteSpace: 'nowrap' }}>
          <Table.Thead>
            <Table.Tr>
              {names.map((name) => (
                <Table.Th key={name}>{name.replace(/^@/, '')}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {found.map(({ values, failed, skipped }, i) => (
              <Table.Tr key={i}>
                {failed === null && skipped === null ? (
                  values.slice(0, columnsMax).map(({ name, value }) => (
                    <Table.Td key={name} maw={260} style={{ overflow: 'hidden', textOverflow: 'ellipsis' }}>
                      {value ?? (
                        <Text span c="dimmed" size="sm">
                          –
                        </Text>
                      )}
                    </Table.Td>
                  ))
                ) : (
                  <Table.Td colSpan={names.length}>
                    <Badge color={failed === null ? 'gray' : 'red'} variant="light" tt="none" mr="xs">
                      {failed === null ? 'Skipped' : 'Fails'}
                    </Badge>
                    {failed ?? skipped}
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </ScrollArea>
    </Stack>
  )
}
