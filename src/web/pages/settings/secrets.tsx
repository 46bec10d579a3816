// Secrets: their names, never their values; set, replaced, removed, sealed anew.
import { Button, Group, PasswordInput, Stack, Text, TextInput } from '@mantine/core'
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { getSecretsInfiniteOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { deleteSecret, postSecretsRotate, putSecret, type SecretList } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { useMe, useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { When } from '../../parts/when.tsx'

type Secret = SecretList['secrets'][number]

export function Secrets() {
  const namespace = useNamespace()
  const [name, setName] = useState('')
  const secrets = useInfiniteQuery({
    ...getSecretsInfiniteOptions({ path: { namespace } }),
    initialPageParam: { path: { namespace } },
    getNextPageParam: ({ next }) => next ?? undefined,
  })
  return (
    <Stack gap="lg">
      <SetSecret name={name} setName={setName} />
      <Section title="Secrets" about="Jobs name them and only name them. Nobody can read one, not even here.">
        <Loaded query={secrets}>
          {({ pages }) => <List secrets={pages.flatMap((page) => page.secrets)} replace={setName} />}
        </Loaded>
        <MoreButton of={secrets}>More secrets</MoreButton>
      </Section>
      <Rotate />
    </Stack>
  )
}

interface SetProps {
  readonly name: string
  readonly setName: (name: string) => void
}

function SetSecret({ name, setName }: SetProps) {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const [value, setValue] = useState('')
  const set = useMutation({
    mutationFn: async () => (await putSecret({ path: { namespace, secret: name }, body: { value } })).data,
    onSuccess: () => {
      setName('')
      setValue('')
      return queries.invalidateQueries()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    set.mutate()
  }
  return (
    <Section
      title="Set a secret"
      about="A password or key that a job needs. A name that is there already gets the new value."
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label="Name"
              placeholder="crm-password"
              required
              flex="1 1 200px"
              autoComplete="off"
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <PasswordInput
              label="Value"
              required
              flex="2 1 240px"
              autoComplete="new-password"
              value={value}
              onChange={({ currentTarget }) => setValue(currentTarget.value)}
            />
            <Button type="submit" loading={set.isPending}>
              Store
            </Button>
          </Group>
          {set.error !== null && <ProblemAlert error={set.error} />}
          <Text size="sm" role="status" c="dimmed">
            {set.data !== undefined && `${set.data.secret} is ${set.data.new ? 'stored' : 'replaced'}.`}
          </Text>
        </Stack>
      </form>
    </Section>
  )
}

interface ListProps {
  readonly secrets: readonly Secret[]
  readonly replace: (name: string) => void
}

function List({ secrets, replace }: ListProps) {
  if (secrets.length === 0)
    return (
      <Text size="sm" c="dimmed">
        None yet. A job that signs in somewhere needs one.
      </Text>
    )
  return (
    <ul className="lines">
      {secrets.map((secret) => (
        <Line key={secret.name} secret={secret} replace={replace} />
      ))}
    </ul>
  )
}

function Line({
  secret: { name, createdBy, updatedAt },
  replace,
}: { readonly secret: Secret } & Pick<ListProps, 'replace'>) {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const ask = useAsk()
  const remove = (): void =>
    ask({
      title: `Remove the secret ${name}?`,
      body: 'Jobs that name it fail from their next run on. Nobody can bring its value back.',
      yes: 'Remove',
      danger: true,
      act: async () => {
        await deleteSecret({ path: { namespace, secret: name } })
        await queries.invalidateQueries()
      },
    })
  return (
    <li>
      <div className="line-about">
        <Text fw={600} className="code">
          {name}
        </Text>
        <Text size="sm" c="dimmed">
          Set <When at={updatedAt} />
          {createdBy !== null && ` · first by ${createdBy}`}
        </Text>
      </div>
      <Button size="xs" variant="default" onClick={() => replace(name)} aria-label={`Replace ${name}`}>
        Replace
      </Button>
      <Button size="xs" variant="subtle" color="red" onClick={remove} aria-label={`Remove ${name}`}>
        Remove
      </Button>
    </li>
  )
}

/** The master key is of the whole installation. */
function Rotate() {
  const { data: me } = useMe()
  const ask = useAsk()
  const [rotated, setRotated] = useState<number | null>(null)
  if (me?.admin !== true) return null
  const rotate = (): void =>
    ask({
      title: 'Make a fresh master key?',
      body: 'Every secret of every namespace is sealed under it. Jobs go on as before. Back up the new key with the data folder: backups made before need the old one.',
      yes: 'Make a fresh key',
      act: async () => setRotated((await postSecretsRotate()).data.rotated),
    })
  return (
    <Section
      title="Master key"
      about="Seals the secrets of the whole installation."
      action={
        <Button variant="default" onClick={rotate}>
          Make a fresh key
        </Button>
      }
    >
      {rotated !== null && (
        <Text size="sm" role="status">
          {noun(rotated, 'secret')} under the fresh key.
        </Text>
      )}
    </Section>
  )
}
