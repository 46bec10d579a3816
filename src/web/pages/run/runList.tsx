// Runs as a table, and as cards where there is no room for one.
import { Group, Paper, Stack, Table, Text } from '@mantine/core'
import type { RunView } from '../../../client/index.ts'
import { count, duration, noun, percent } from '../../lib/numbers.ts'
import { Go } from '../../parts/go.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { jobPage, recordsOf, runPage } from './links.ts'

interface ListProps {
  readonly runs: readonly RunView[]
}

export function RunTable({ runs }: ListProps) {
  return (
    <Table.ScrollContainer minWidth={820} visibleFrom="sm">
      <Table verticalSpacing="sm" highlightOnHover>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Run</Table.Th>
            <Table.Th>Job</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th>Started</Table.Th>
            <Table.Th ta="right">Took</Table.Th>
            <Table.Th ta="right">Records</Table.Th>
            <Table.Th ta="right">Finished</Table.Th>
            <Table.Th ta="right">Skipped</Table.Th>
            <Table.Th ta="right">Failed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((view) => (
            <Row key={view.run.id} view={view} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ view }: { readonly view: RunView }) {
  const { run, counters, seconds, words } = view
  return (
    <Table.Tr>
      <Table.Td className="numbers">
        <Go to={runPage(run.namespace, run.id)} fw={600}>
          {run.id}
        </Go>
      </Table.Td>
      <Table.Td maw={260} style={{ overflowWrap: 'anywhere' }}>
        <Go to={jobPage(run.namespace, run.job)}>{run.job}</Go>{' '}
        <Text span c="dimmed" size="sm">
          {what(run)}
        </Text>
      </Table.Td>
      <Table.Td miw={200}>
        <StateBadge of="run" state={run.state} word={words?.state} label={run.label} dryRun={run.dryRun} />
      </Table.Td>
      <Table.Td>
        <When at={run.startedAt ?? run.createdAt} zone={run.zone} tight />
      </Table.Td>
      <Table.Td ta="right" className="numbers">
        {run.startedAt === null ? '–' : duration(seconds.all)}
      </Table.Td>
      <Number value={counters.total} />
      <Number value={counters.finished.total} />
      <Number value={counters.skipped.total} />
      <Failed view={view} />
    </Table.Tr>
  )
}

/** `#3`, and what kind of run it is where it is not simply an import. */
function what({ number, trigger, dryRun, reverts, parent }: RunView['run']): string {
  if (reverts !== null) return `undo of ${reverts}`
  if (dryRun) return `#${number}, dry run`
  if (trigger === 'retry' && parent !== null) return `#${number}, retry of ${parent}`
  return `#${number}`
}

function Number({ value }: { readonly value: number | null }) {
  return (
    <Table.Td ta="right" className="numbers" c={value === 0 || value === null ? 'dimmed' : undefined}>
      {value === null ? '–' : count(value)}
    </Table.Td>
  )
}

function Failed({ view: { run, counters, rates } }: { readonly view: RunView }) {
  const failed = counters.failed.total
  if (failed === 0) return <Number value={0} />
  return (
    <Table.Td ta="right" className="numbers">
      <Go to={recordsOf(run.namespace, run.id, { state: 'failed' })}>{count(failed)}</Go>
      {rates.failedPercent !== null && (
        <Text size="xs" c="dimmed">
          {percent(rates.failedPercent / 100)}
        </Text>
      )}
    </Table.Td>
  )
}

export function RunCards({ runs }: ListProps) {
  return (
    <Stack gap="sm" hiddenFrom="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {runs.map((view) => (
        <Card key={view.run.id} view={view} />
      ))}
    </Stack>
  )
}

function Card({ view: { run, counters, seconds, words } }: { readonly view: RunView }) {
  const failed = counters.failed.total
  return (
    <Paper withBorder p="md" radius="lg" component="li">
      <Stack gap={6}>
        <Group justify="space-between" gap="xs">
          <Go to={runPage(run.namespace, run.id)} fw={600}>
            {run.id}
          </Go>
          <StateBadge of="run" state={run.state} word={words?.state} label={run.label} dryRun={run.dryRun} />
        </Group>
        <Text style={{ overflowWrap: 'anywhere' }}>
          {run.job}{' '}
          <Text span c="dimmed" size="sm">
            {what(run)}
          </Text>
        </Text>
        <Text size="sm" c="dimmed">
          <When at={run.startedAt ?? run.createdAt} zone={run.zone} tight />
          {run.startedAt !== null && ` · ${duration(seconds.all)}`}
          {counters.total !== null && ` · ${noun(counters.total, 'record')}`}
          {failed > 0 && ` · ${count(failed)} failed`}
        </Text>
      </Stack>
    </Paper>
  )
}
