// What was sent about the job, what waits and why, and sending once more what was given up.
import { Badge, Button, Stack, Table, Text, Title } from '@mantine/core'
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import {
  getMessages,
  postMessageResend,
  type JobDetail,
  type MessagePage,
  type MessageView,
} from '../../../client/index.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { When } from '../../parts/when.tsx'
import { useAnew } from './useJob.ts'

function useMessages(job: JobDetail) {
  const namespace = useNamespace()
  return useInfiniteQuery({
    queryKey: ['messages about a job', namespace, job.id],
    queryFn: async ({ pageParam }) => {
      const query = { job: job.id, limit: 20 }
      const { data } = await getMessages({
        path: { namespace },
        query: pageParam === null ? query : { ...query, cursor: Number(pageParam) },
      })
      return data
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }: MessagePage) => next,
    refetchInterval: ({ state: { data } }) =>
      data?.pages[0]?.messages.some(({ state }) => state === 'waiting') === true ? 5_000 : false,
  })
}

export function Messages({ job }: { readonly job: JobDetail }) {
  const messages = useMessages(job)
  return (
    <Stack gap="sm" component="section" aria-labelledby="messages">
      <Title order={2} id="messages">
        Messages
      </Title>
      <Loaded query={messages}>
        {({ pages }) => {
          const all = pages.flatMap((page) => page.messages)
          if (all.length === 0) return <Text c="dimmed">Nobody was told of anything yet.</Text>
          return (
            <>
              <Table.ScrollContainer minWidth={620}>
                <Table verticalSpacing="xs" aria-label="Messages">
                  <Table.Thead>
                    <Table.Tr>
                      {['Message', 'To', 'When', 'State'].map((label) => (
                        <Table.Th key={label} scope="col">
                          {label}
                        </Table.Th>
                      ))}
                    </Table.Tr>
                  </Table.Thead>
                  <Table.Tbody>
                    {all.map((message) => (
                      <Row key={message.id} message={message} />
                    ))}
                  </Table.Tbody>
                </Table>
              </Table.ScrollContainer>
              <MoreButton of={messages}>Older messages</MoreButton>
            </>
          )
        }}
      </Loaded>
    </Stack>
  )
}

const states = {
  waiting: { label: 'waiting', color: 'gray' },
  sent: { label: 'sent', color: 'green' },
  failed: { label: 'given up', color: 'red' },
} as const

function Row({ message }: { readonly message: MessageView }) {
  const namespace = useNamespace()
  const mayResend = useMay('settings')
  const anew = useAnew()
  const { id, subject, recipient, channel, createdAt, sentAt, state, lastError, run } = message
  const resend = useMutation({
    mutationFn: () => postMessageResend({ path: { namespace, message: id } }),
    onSuccess: () => anew(),
  })
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {run === null ? subject : <Go to={`/n/${namespace}/runs/${run}`}>{subject}</Go>}
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {recipient}
        {channel === 'webhook' && (
          <Text size="sm" c="dimmed">
            webhook
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <When at={sentAt ?? createdAt} />
      </Table.Td>
      <Table.Td>
        <Badge color={states[state].color} variant="light" tt="none">
          {states[state].label}
        </Badge>
        {lastError !== null && state !== 'sent' && (
          <Text size="sm" c="dimmed" maw={320} style={{ overflowWrap: 'anywhere' }}>
            {lastError}
          </Text>
        )}
        {mayResend && state === 'failed' && (
          <Button
            mt={6}
            size="compact-sm"
            variant="default"
            loading={resend.isPending}
            onClick={() => resend.mutate()}
          >
            Send again
          </Button>
        )}
        {resend.error !== null && <ProblemAlert error={resend.error} />}
      </Table.Td>
    </Table.Tr>
  )
}
