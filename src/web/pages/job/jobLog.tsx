// What happened to the job and its runs, line by line.
import { ActionIcon, Anchor, Badge, Button, Group, Stack, Table, Text, Tooltip } from '@mantine/core'
import { IconDownload, IconSortAscending, IconSortDescending } from '@tabler/icons-react'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getJobLog, type JobDetail, type LogLineView, type LogPage } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { useAddressPart } from '../../lib/address.ts'
import { paced } from '../../lib/live.ts'
import { useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { When } from '../../parts/when.tsx'
import './job.css'
import { isMoving } from './useJob.ts'

type Order = 'newest' | 'oldest'

function useLog(job: JobDetail, order: Order) {
  const namespace = useNamespace()
  return useInfiniteQuery({
    // The name by which news of runs find it (lib/live.ts).
    queryKey: ['getJobLog', namespace, job.id, order],
    queryFn: async ({ pageParam }) => {
      const query = { order, limit: 50, dialect: 'namespace' as const }
      const { data } = await getJobLog({
        path: { namespace, job: job.id },
        query: pageParam === null ? query : { ...query, cursor: Number(pageParam) },
      })
      return data
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: LogPage) => next,
    refetchInterval: isMoving(job) ? paced(3_000) : false,
  })
}

export function JobLog({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const [asked, setOrder] = useAddressPart('order')
  const order: Order = asked === 'oldest' ? 'oldest' : 'newest'
  const log = useLog(job, order)
  const turn = order === 'newest' ? 'Oldest first' : 'Newest first'
  const file = `/v1/namespaces/${encodeURIComponent(namespace)}/jobs/${job.id}/log/file`
  return (
    <Loaded query={log} lines={8}>
      {({ pages }) => {
        const lines = pages.flatMap((page) => page.lines)
        if (lines.length === 0)
          return (
            <Empty title="Nothing happened yet">Whatever happens to the job and its runs stands here.</Empty>
          )
        return (
          <Stack>
            <Group justify="flex-end" gap="xs">
              <Tooltip label={turn}>
                <ActionIcon
                  variant="default"
                  size="lg"
                  aria-label={turn}
                  onClick={() => setOrder(order === 'newest' ? 'oldest' : undefined)}
                >
                  {order === 'newest' ? <IconSortDescending size={18} /> : <IconSortAscending size={18} />}
                </ActionIcon>
              </Tooltip>
              <Button
                variant="default"
                leftSection={<IconDownload size={16} aria-hidden />}
                renderRoot={(props) => <Anchor href={file} download underline="never" {...props} />}
              >
                Download the log
              </Button>
            </Group>
            <Table verticalSpacing="xs" aria-label="Log" className="job-log">
              <Table.Tbody>
                {lines.map((line, at) => (
                  <Line key={`${line.at} ${at}`} line={line} zone={job.zone} />
                ))}
              </Table.Tbody>
            </Table>
            <MoreButton of={log}>{order === 'newest' ? 'Older lines' : 'Newer lines'}</MoreButton>
          </Stack>
        )
      }}
    </Loaded>
  )
}

const levels = { info: 'gray', warn: 'orange', error: 'red' } as const

function Line({ line, zone }: { readonly line: LogLineView; readonly zone: string }) {
  const namespace = useNamespace()
  const { at, level, label, message, run, by, problem } = line
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" c="dimmed" component="span">
          <When at={at} zone={zone} tight />
        </Text>
      </Table.Td>
      <Table.Td>
        <Badge color={levels[level]} variant={level === 'info' ? 'default' : 'light'} tt="none" fw={600}>
          {label}
        </Badge>
      </Table.Td>
      <Table.Td>
        {run !== null && (
          <Go to={`/n/${namespace}/runs/${run}`} size="sm" className="numbers">
            {run}
          </Go>
        )}
      </Table.Td>
      <Table.Td data-wide w="100%" style={{ overflowWrap: 'anywhere' }}>
        {message}
        {by !== null && (
          <Text span c="dimmed">
            {' '}
            by {by}
          </Text>
        )}
        {problem !== null && (
          <Text size="sm" c="dimmed">
            {adviceHere(problem)}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  )
}
