// What an import would do, tried without writing: how many of each, and the first differences.
import { Alert, Group, Paper, Progress, Stack, Table, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRunOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunView } from '../../../client/index.ts'
import { toCounters } from '../../../core/law.ts'
import { definitionOf } from '../../../core/problems.ts'
import { count } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'

interface Difference {
  readonly ordinal: number
  readonly identifier: string | null
  readonly profileId: number
  readonly attribute: string
  readonly before: string | null
  readonly after: string | null
}

interface Plan {
  readonly counters: Readonly<Record<string, number>>
  readonly differences: readonly Difference[]
  readonly newAttributes: readonly string[]
}

/** Follows the dry run `run` until it is done. */
export function DryRun({ run }: { readonly run: string }) {
  const namespace = useNamespace()
  const query = useQuery({
    ...getRunOptions({ path: { namespace, run } }),
    refetchInterval: ({ state }) => (state.data?.run.settled === true ? false : 500),
  })
  return (
    <Paper withBorder p="md" radius="lg" aria-live="polite">
      <Loaded query={query}>
        {(view) => (view.run.settled ? <Result view={view} /> : <Working view={view} />)}
      </Loaded>
    </Paper>
  )
}

function Working({ view: { run, counters } }: { readonly view: RunView }) {
  const share = counters.total === null || counters.total === 0 ? 0 : (100 * counters.read) / counters.total
  return (
    <Stack gap="xs">
      <Text fw={600}>Trying it: nothing is written</Text>
      <Progress value={share} animated aria-label="Dry run" />
      <Text size="sm" c="dimmed">
        {run.label}
      </Text>
    </Stack>
  )
}

function Result({ view }: { readonly view: RunView }) {
  const { run } = view
  const plan = run.validation?.['dryRun'] as Plan | undefined
  const counters = toCounters(plan?.counters ?? {}, view.counters.total ?? 0)
  const parts = [
    ...wouldBe('would be', counters.finished),
    ...wouldBe('would be skipped:', counters.skipped),
    ...wouldBe('would fail:', counters.failed, (code) => definitionOf(code).title.toLowerCase()),
  ]
  return (
    <Stack>
      <Text fw={600}>Dry run: nothing was written</Text>
      {run.problem !== null && (
        <Alert color="red" title={run.problem.message}>
          {run.problem.advice}
        </Alert>
      )}
      <Group gap="xl">
        {parts.map(([label, value]) => (
          <div key={label}>
            <Text fz={26} fw={650} className="numbers">
              {count(value)}
            </Text>
            <Text size="sm" c="dimmed">
              {label}
            </Text>
          </div>
        ))}
      </Group>
      {(plan?.newAttributes.length ?? 0) > 0 && <Text>New attributes: {plan!.newAttributes.join(', ')}</Text>}
      {(plan?.differences.length ?? 0) > 0 && <Differences list={plan!.differences} />}
    </Stack>
  )
}

function wouldBe(
  verb: string,
  of: Readonly<Record<string, number>>,
  name: (key: string) => string = (key) => key.replaceAll('_', ' '),
): [string, number][] {
  return Object.entries(of)
    .filter(([key, value]) => key !== 'total' && value > 0)
    .map(([key, value]) => [`${verb} ${name(key)}`, value])
}

function Differences({ list }: { readonly list: readonly Difference[] }) {
  return (
    <Table.ScrollContainer minWidth={520}>
      <Table>
        <Table.Caption>The first differences</Table.Caption>
        <Table.Thead>
          <Table.Tr>
            {['Who', 'Attribute', 'Now', 'Then'].map((head) => (
              <Table.Th key={head}>{head}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {list.map(({ ordinal, identifier, profileId, attribute, before, after }) => (
            <Table.Tr key={`${ordinal} ${attribute}`}>
              <Table.Td>{identifier ?? `profile ${profileId}`}</Table.Td>
              <Table.Td>{attribute}</Table.Td>
              <Table.Td c="dimmed" td={before === null ? undefined : 'line-through'}>
                {before ?? 'empty'}
              </Table.Td>
              <Table.Td fw={600}>{after ?? 'empty'}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
