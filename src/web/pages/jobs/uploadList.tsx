// Files that were imported once: a table, and cards where there is no room for one.
import { Group, Paper, Stack, Table, Text } from '@mantine/core'
import type { RunView } from '../../../client/index.ts'
import { isOrdinary } from '../../../core/triggers.ts'
import { count, noun, percent } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'

interface ListProps {
  readonly runs: readonly RunView[]
}

interface OfRun {
  readonly view: RunView
}

export function UploadTable({ runs }: ListProps) {
  return (
    <Table.ScrollContainer minWidth={820} visibleFrom="sm">
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
            <Table.Th ta="right">Created</Table.Th>
            <Table.Th ta="right">Updated</Table.Th>
            <Table.Th ta="right">Failed</Table.Th>
            <Table.Th>Imported</Table.Th>
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

function Row({ view }: OfRun) {
  const { run, counters, words } = view
  const { total, finished } = counters
  return (
    <Table.Tr>
      <Table.Td maw={340}>
        <Name view={view} />
      </Table.Td>
      <Table.Td miw={200}>
        <StateBadge of="run" state={run.state} word={words?.state} label={run.label} dryRun={run.dryRun} />
      </Table.Td>
      <Number value={total} />
      <Number value={finished.created} />
      <Number value={finished.updated} />
      <Table.Td ta="right">
        <Failed view={view} />
      </Table.Td>
      <Table.Td>
        <When at={run.createdAt} ago />
        <Text size="sm" c="dimmed" truncate maw={180} title={run.by ?? undefined}>
          {run.by ?? ''}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}

function Number({ value }: { readonly value: number | null | undefined }) {
  return (
    <Table.Td ta="right" className="numbers" c={value === 0 ? 'dimmed' : undefined}>
      {value === null || value === undefined ? '–' : count(value)}
    </Table.Td>
  )
}

function Name({ view: { run } }: OfRun) {
  const namespace = useNamespace()
  const name = run.file?.name ?? run.job
  return (
    <>
      <div title={name} style={{ overflowWrap: 'anywhere' }}>
        <Go to={`/n/${namespace}/runs/${run.id}`} fw={600} lineClamp={2}>
          {name}
        </Go>
      </div>
      <Text size="sm" c="dimmed">
        {what(run)}
      </Text>
    </>
  )
}

/** Its name, and what kind of run it is where it is not simply an import. */
function what({ id, dryRun, trigger, reverts, parent }: RunView['run']): string {
  if (reverts !== null) return `${id}, undo of ${reverts}`
  if (dryRun) return `${id}, dry run`
  if (trigger === 'retry' && parent !== null) return `${id}, retry of ${parent}`
  return isOrdinary(trigger) ? id : `${id}, ${trigger}`
}

/** How many rows failed; leads to mending them, or to what is known of them. */
function Failed({ view: { run, counters } }: OfRun) {
  const namespace = useNamespace()
  const mayFix = useMay('import')
  const { total, failed } = counters
  if (failed.total === 0)
    return (
      <Text span size="sm" c="dimmed" className="numbers">
        0
      </Text>
    )
  const page = `/n/${namespace}/runs/${run.id}`
  return (
    <>
      <Go to={mayFix && run.settled && !run.dryRun ? `${page}/fix` : page} className="numbers">
        {count(failed.total)}
      </Go>
      {total !== null && (
        <Text size="xs" c="dimmed" className="numbers">
          {percent(failed.total / total)}
        </Text>
      )}
    </>
  )
}

export function UploadCards({ runs }: ListProps) {
  return (
    <Stack gap="sm" hiddenFrom="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
      {runs.map((view) => (
        <Card key={view.run.id} view={view} />
      ))}
    </Stack>
  )
}

function Card({ view }: OfRun) {
  const { run, counters, words } = view
  const { total, finished, failed } = counters
  const numbers = [
    ...(total === null ? [] : [noun(total, 'row')]),
    ...(finished.created > 0 ? [`${count(finished.created)} created`] : []),
    ...(finished.updated > 0 ? [`${count(finished.updated)} updated`] : []),
    ...(failed.total > 0 ? [`${count(failed.total)} failed`] : []),
  ]
  return (
    <Paper withBorder p="md" radius="lg" component="li">
      <Stack gap={8} align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Name view={view} />
        </div>
        <StateBadge of="run" state={run.state} word={words?.state} label={run.label} dryRun={run.dryRun} />
        <Text size="sm">{numbers.join(' · ')}</Text>
        <Group gap={6} fz="sm" c="dimmed">
          <When at={run.createdAt} ago />
          {run.by !== null && ` · ${run.by}`}
        </Group>
      </Stack>
    </Paper>
  )
}
