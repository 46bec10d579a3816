// Messages: what was sent, what waits and why, and sending again.
import { Badge, Button, Group, SegmentedControl, Text } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { getMessagesInfiniteOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { postMessageResend, type MessageView } from '../../../client/index.ts'
import { useAddressPart } from '../../lib/address.ts'
import { noun } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { When } from '../../parts/when.tsx'

const states = {
  waiting: { label: 'waiting', color: 'gray' },
  sent: { label: 'delivered', color: 'green' },
  failed: { label: 'given up', color: 'red' },
} as const

export function Messages() {
  const namespace = useNamespace()
  const [asked, show] = useAddressPart('messages')
  const undelivered = asked !== 'all'
  const messages = useInfiniteQuery({
    ...getMessagesInfiniteOptions({ path: { namespace }, query: { undelivered: String(undelivered) } }),
    initialPageParam: { path: { namespace } },
    getNextPageParam: ({ next }) => (next === null ? undefined : Number(next)),
    // A message that is being sent is delivered or not within seconds.
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some((page) => page.messages.some(({ state }) => state === 'waiting')) === true
        ? 3_000
        : false,
  })
  return (
    <Section
      title="Messages"
      action={
        <SegmentedControl
          size="xs"
          aria-label="Which messages"
          value={undelivered ? 'undelivered' : 'all'}
          onChange={(next) => show(next === 'all' ? 'all' : undefined)}
          data={[
            { value: 'undelivered', label: 'Not delivered' },
            { value: 'all', label: 'All' },
          ]}
        />
      }
    >
      <Loaded query={messages} lines={3}>
        {({ pages }) => <List messages={pages.flatMap((page) => page.messages)} undelivered={undelivered} />}
      </Loaded>
      <MoreButton of={messages}>Older messages</MoreButton>
    </Section>
  )
}

interface ListProps {
  readonly messages: readonly MessageView[]
  readonly undelivered: boolean
}

function List({ messages, undelivered }: ListProps) {
  if (messages.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {undelivered ? 'Every message was delivered.' : 'Nobody was told anything yet.'}
      </Text>
    )
  return (
    <ul className="lines">
      {messages.map((message) => (
        <Line key={message.id} message={message} />
      ))}
    </ul>
  )
}

function Line({ message }: { readonly message: MessageView }) {
  const { id, subject, recipient, state, attempts, lastError, createdAt, sentAt } = message
  const namespace = useNamespace()
  const may = useMay('settings')
  const queries = useQueryClient()
  const resend = useMutation({
    mutationFn: () => postMessageResend({ path: { namespace, message: id } }),
    onSettled: () => queries.invalidateQueries(),
  })
  return (
    <li>
      <div className="line-about">
        <Group gap="xs">
          <Text fw={600}>{subject}</Text>
          <Badge color={states[state].color} variant={state === 'waiting' ? 'outline' : 'light'} tt="none">
            {states[state].label}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed">
          To {recipient} · <When at={sentAt ?? createdAt} />
          {state !== 'sent' && attempts > 0 && ` · ${noun(attempts, 'try', 'tries')}`}
        </Text>
        {state !== 'sent' && lastError !== null && <Text size="sm">{lastError}</Text>}
        {resend.error !== null && <ProblemAlert error={resend.error} />}
      </div>
      {may && state === 'failed' && (
        <Button size="xs" variant="default" loading={resend.isPending} onClick={() => resend.mutate()}>
          Send again
        </Button>
      )}
    </li>
  )
}
