// Files that were imported once, newest first.
import { Button, Group, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRuns, type RunView } from '../../../client/index.ts'
import { paced } from '../../lib/live.ts'
import { count, noun, percent } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Go } from '../../parts/go.tsx'
import { Page } from '../../parts/page.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { ImportButton } from '../import/importButton.tsx'

export function UploadsPage() {
  const namespace = useNamespace()
  const pages = useInfiniteQuery({
    queryKey: ['uploads', namespace],
    queryFn: async ({ pageParam }) => {
      const cursor = pageParam === null ? {} : { cursor: pageParam }
      return (await getRuns({ path: { namespace }, query: { kind: 'one_time', ...cursor } })).data
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (state.data?.pages.some(isWorking) === true ? paced(2_000) : false),
  })
  const runs = pages.data?.pages.flatMap((page) => page.runs) ?? []
  return (
    <Page title="Uploads" about="Files that were imported once, and what became of their rows.">
      {pages.error !== null && <ProblemAlert error={pages.error} again={() => void pages.refetch()} />}
      {runs.length === 0 && pages.isSuccess && (
        <Empty title="No file was imported yet" action={<ImportButton label="Choose a file" size="md" />}>
          Drop one anywhere on this page, or choose it. You see what is in it before anything is written.
        </Empty>
      )}
      {runs.length > 0 && <UploadTable runs={runs} />}
      {pages.hasNextPage && (
        <Group justify="center">
          <Button
            variant="default"
            loading={pages.isFetchingNextPage}
            onClick={() => void pages.fetchNextPage()}
          >
            Show more
          </Button>
        </Group>
      )}
    </Page>
  )
}

function isWorking({ runs }: { readonly runs: readonly RunView[] }): boolean {
  return runs.some(({ run }) => !run.settled)
}

function UploadTable({ runs }: { readonly runs: readonly RunView[] }) {
  return (
    <Table.ScrollContainer minWidth={760}>
      <Table highlightOnHover verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>File</Table.Th>
            <Table.Th>State</Table.Th>
            <Table.Th ta="right">Rows</Table.Th>
            <Table.Th ta="right">New</Table.Th>
            <Table.Th ta="right">Updated</Table.Th>
            <Table.Th ta="right">Failed</Table.Th>
            <Table.Th>Imported</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {runs.map((view) => (
            <UploadLine key={view.run.id} view={view} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function UploadLine({ view: { run, counters } }: { readonly view: RunView }) {
  const namespace = useNamespace()
  const { total, finished, failed } = counters
  return (
    <Table.Tr>
      <Table.Td maw={340}>
        <Text truncate title={run.file?.name ?? run.job}>
          <Go to={`/n/${namespace}/runs/${run.id}`} fw={600}>
            {run.file?.name ?? run.job}
          </Go>
        </Text>
        <Text size="sm" c="dimmed">
          {run.id}
          {run.dryRun && ' · dry run'}
          {run.trigger !== 'manual' && ` · ${run.trigger}`}
        </Text>
      </Table.Td>
      <Table.Td>
        <StateBadge of="run" state={run.state} />
      </Table.Td>
      <Number value={total} />
      <Number value={finished.created} />
      <Number value={finished.updated} />
      <Table.Td ta="right" className="numbers" c={failed.total > 0 ? 'red' : undefined}>
        {count(failed.total)}
        {failed.total > 0 && total !== null && (
          <Text span size="sm" c="dimmed" title={noun(failed.total, 'row')}>
            {' '}
            {percent(failed.total / total)}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <When at={run.createdAt} ago />
        <Text size="sm" c="dimmed" truncate maw={180}>
          {run.by ?? ''}
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}

function Number({ value }: { readonly value: number | null | undefined }) {
  return (
    <Table.Td ta="right" className="numbers">
      {value === null || value === undefined ? '–' : count(value)}
    </Table.Td>
  )
}
