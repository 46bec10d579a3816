// What a run was told to do: how the file was read, and what became of each column.
import { Button, Group, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRunDefinitionOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { postRunForgetMapping, type RunDefinitionView, type RunView } from '../../../client/index.ts'
import { targetText } from '../../../core/mappingText.ts'
import { useMay } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { jobPage } from './links.ts'

export function Definition({ view: { run } }: { readonly view: RunView }) {
  const query = useQuery(getRunDefinitionOptions({ path: { namespace: run.namespace, run: run.id } }))
  return (
    <Loaded query={query}>
      {(found) => (
        <Stack>
          <Group justify="space-between">
            <Text>
              Version {found.version} of <Go to={jobPage(run.namespace, run.job)}>{run.job}</Go>
              {found.definition.columns.length > 0 && <>, {readingText(found)}</>}
            </Text>
            <Forget run={run} />
          </Group>
          <Columns found={found} />
        </Stack>
      )}
    </Loaded>
  )
}

function readingText({ definition: { dialect, policy } }: RunDefinitionView): string {
  const reading =
    dialect.format === 'csv'
      ? `CSV, ${dialect.encoding}, fields divided by ${delimiter(dialect.delimiter)}`
      : dialect.format.toUpperCase()
  return `read as ${reading}; mode ${policy.mode}`
}

function delimiter(sign: string): string {
  return sign === '\t' ? 'tabs' : sign === ' ' ? 'spaces' : sign
}

function Columns({ found }: { readonly found: RunDefinitionView }) {
  const { columns } = found.definition.mapping
  if (columns.length === 0) return <Text c="dimmed">It maps no column.</Text>
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table verticalSpacing={4} fz="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Column</Table.Th>
            <Table.Th>Becomes</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {columns.map((column) => (
            <Table.Tr key={column.column}>
              <Table.Td className="run-value">{column.column}</Table.Td>
              <Table.Td className="run-value">
                <Text span size="sm" c={column.target.to === 'ignore' ? 'dimmed' : undefined}>
                  {targetText(column)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Forget({ run }: Pick<RunView, 'run'>) {
  const ask = useAsk()
  const may = useMay('edit_jobs')
  if (!may || run.file === null) return null
  const forget = (): void =>
    ask({
      title: 'Forget this mapping?',
      body: 'The next file with such a header is proposed afresh instead of with the mapping of this run. Nothing that was imported changes.',
      yes: 'Forget it',
      act: () => postRunForgetMapping({ path: { namespace: run.namespace, run: run.id } }),
    })
  return (
    <Button variant="default" size="xs" onClick={forget}>
      Forget this mapping…
    </Button>
  )
}
