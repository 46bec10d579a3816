// Every run of the job, newest first, with the next one of its schedule on top.
import { Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRuns, type JobDetail, type RunPage } from '../../../client/index.ts'
import { paced } from '../../lib/live.ts'
import { useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { When } from '../../parts/when.tsx'
import { RunRow } from './runRow.tsx'
import './job.css'
import { isMoving } from './useJob.ts'

const pageLength = 20

function useRuns(job: JobDetail) {
  const namespace = useNamespace()
  return useInfiniteQuery({
    // The name by which news of runs find it (lib/live.ts).
    queryKey: ['getRuns', namespace, job.id],
    queryFn: async ({ pageParam }) => {
      const query = { job: job.id, limit: pageLength, dialect: 'namespace' as const }
      const { data } = await getRuns({
        path: { namespace },
        query: pageParam === null ? query : { ...query, cursor: pageParam },
      })
      return data
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: RunPage) => next,
    refetchInterval: isMoving(job) ? paced(2_000) : false,
  })
}

const columns = [
  { label: 'Run' },
  { label: 'Started' },
  { label: 'Run time', right: true },
  { label: 'State' },
  { label: 'Records', right: true },
  { label: 'Failed', right: true },
  { label: 'Files' },
] as const

export function Runs({ job }: { readonly job: JobDetail }) {
  const runs = useRuns(job)
  return (
    <Loaded query={runs} lines={8}>
      {({ pages }) => {
        const all = pages.flatMap((page) => page.runs)
        const planned = pages[0]?.planned ?? []
        if (all.length === 0 && planned.length === 0)
          return (
            <Empty title="It has not run yet">
              {job.moves.includes('activate')
                ? 'Activate it: its first run starts at once.'
                : 'Its runs stand here, with what became of every record.'}
            </Empty>
          )
        return (
          <Stack>
            <Table.ScrollContainer minWidth={300}>
              <Table verticalSpacing="sm" highlightOnHover className="job-runs">
                <Head />
                <Table.Tbody>
                  {planned.map(({ dueAt }) => (
                    <Planned key={dueAt} dueAt={dueAt} zone={job.zone} />
                  ))}
                  {all.map((view) => (
                    <RunRow key={view.run.id} view={view} zone={job.zone} />
                  ))}
                </Table.Tbody>
              </Table>
            </Table.ScrollContainer>
            <MoreButton of={runs}>Older runs</MoreButton>
          </Stack>
        )
      }}
    </Loaded>
  )
}

function Head() {
  return (
    <Table.Thead>
      <Table.Tr>
        {columns.map((column) => (
          <Table.Th
            key={column.label}
            scope="col"
            ta={'right' in column ? 'right' : undefined}
            style={{ whiteSpace: 'nowrap' }}
          >
            {column.label}
          </Table.Th>
        ))}
      </Table.Tr>
    </Table.Thead>
  )
}

function Planned({ dueAt, zone }: { readonly dueAt: string; readonly zone: string }) {
  return (
    <Table.Tr>
      <Table.Td fw={600}>Next</Table.Td>
      <Table.Td data-wide colSpan={columns.length - 1}>
        <When at={dueAt} zone={zone} />{' '}
        <Text span c="dimmed">
          by its schedule
        </Text>
      </Table.Td>
    </Table.Tr>
  )
}
