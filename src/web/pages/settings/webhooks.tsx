// Webhooks: programs that are told, with a signing secret that is shown once.
import { Badge, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { getWebhooksOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { deleteWebhook, postMessagesTest, postWebhooks, type WebhookView } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Once } from '../../parts/once.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { When } from '../../parts/when.tsx'

export function Webhooks() {
  const namespace = useNamespace()
  const hooks = useQuery(getWebhooksOptions({ path: { namespace } }))
  return (
    <Section title="Webhooks" about="Addresses of programs that get a signed message instead of a letter.">
      <Loaded query={hooks} lines={2}>
        {({ webhooks }) =>
          webhooks.length > 0 && (
            <ul className="lines">
              {webhooks.map((hook) => (
                <Line key={hook.name} hook={hook} />
              ))}
            </ul>
          )
        }
      </Loaded>
      <AddWebhook />
      <TestMail />
    </Section>
  )
}

/** Sends a test to an address or a webhook; whether it arrived is seen below. */
function useTest() {
  const namespace = useNamespace()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (body: { email: string } | { webhook: string }) =>
      postMessagesTest({ path: { namespace }, body }),
    onSettled: () => queries.invalidateQueries(),
  })
}

function Line({ hook: { name, url, createdAt, createdBy, goneAt } }: { readonly hook: WebhookView }) {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const ask = useAsk()
  const test = useTest()
  const remove = (): void =>
    ask({
      title: `Remove the webhook ${name}?`,
      body: 'Nothing is sent there any more, and its signing secret is forgotten. Jobs that name it tell nobody in its place.',
      yes: 'Remove',
      danger: true,
      act: async () => {
        await deleteWebhook({ path: { namespace, webhook: name } })
        await queries.invalidateQueries()
      },
    })
  return (
    <li>
      <div className="line-about">
        <Group gap="xs">
          <Text fw={600}>{name}</Text>
          {goneAt !== null && (
            <Badge color="orange" variant="light" tt="none">
              gone: nothing is sent
            </Badge>
          )}
        </Group>
        <div className="code">{url}</div>
        <Text size="sm" c="dimmed">
          Added <When at={createdAt} />
          {createdBy !== null && ` by ${createdBy}`}
        </Text>
        {test.error !== null && <ProblemAlert error={test.error} />}
      </div>
      <Button
        size="xs"
        variant="default"
        loading={test.isPending}
        onClick={() => test.mutate({ webhook: name })}
        aria-label={`Send a test to ${name}`}
      >
        {test.isSuccess ? 'Sent; test again' : 'Send a test'}
      </Button>
      <Button size="xs" variant="subtle" color="red" onClick={remove} aria-label={`Remove ${name}`}>
        Remove
      </Button>
    </li>
  )
}

function AddWebhook() {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const [order, setOrder] = useState({ name: '', url: '' })
  const add = useMutation({
    mutationFn: async () => (await postWebhooks({ path: { namespace }, body: order })).data,
    onSuccess: () => {
      setOrder({ name: '', url: '' })
      return queries.invalidateQueries()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    add.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {add.data !== undefined && (
          <Once title={`The webhook ${add.data.name} is added`} value={add.data.secret} done={add.reset}>
            Its signing secret: the program checks with it that messages are ours (standard webhooks). It is
            not shown again.
          </Once>
        )}
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Name"
            placeholder="ops"
            required
            flex="1 1 120px"
            value={order.name}
            onChange={({ currentTarget }) => setOrder({ ...order, name: currentTarget.value })}
          />
          <TextInput
            label="Address"
            type="url"
            placeholder="https://example.com/hooks/sluice"
            required
            flex="3 1 260px"
            value={order.url}
            onChange={({ currentTarget }) => setOrder({ ...order, url: currentTarget.value })}
          />
          <Button type="submit" variant="default" loading={add.isPending}>
            Add a webhook
          </Button>
        </Group>
        {add.error !== null && <ProblemAlert error={add.error} />}
      </Stack>
    </form>
  )
}

function TestMail() {
  const [email, setEmail] = useState('')
  const test = useTest()
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    test.mutate({ email })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Group align="flex-end" gap="sm">
          <TextInput
            label="Test by e-mail"
            type="email"
            placeholder="ada@example.com"
            required
            flex="1 1 260px"
            value={email}
            onChange={({ currentTarget }) => setEmail(currentTarget.value)}
          />
          <Button type="submit" variant="default" loading={test.isPending}>
            Send a test
          </Button>
        </Group>
        {test.isSuccess && (
          <Text size="sm" role="status">
            It is on its way; Messages below shows whether it was delivered.
          </Text>
        )}
        {test.error !== null && <ProblemAlert error={test.error} />}
      </Stack>
    </form>
  )
}
