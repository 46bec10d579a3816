// Namespaces, for who looks after the installation: make one, see them all, drop one.
import { Badge, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState, type FormEvent } from 'react'
import { getNamespacesOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { deleteNamespace, postNamespaces, type NamespaceView } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { viewersZone, When } from '../../parts/when.tsx'

export function Namespaces() {
  const namespaces = useQuery(getNamespacesOptions())
  return (
    <Stack gap="lg">
      <Make />
      <Section title="Namespaces" about="Each has its own jobs, profiles, members and settings.">
        <Loaded query={namespaces}>
          {({ namespaces: all }) => (
            <ul className="lines">
              {all.map((view) => (
                <Line key={view.name} view={view} />
              ))}
            </ul>
          )}
        </Loaded>
      </Section>
    </Stack>
  )
}

function Make() {
  const queries = useQueryClient()
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: async () => (await postNamespaces({ body: { name, zone: viewersZone() } })).data,
    onSuccess: () => {
      setName('')
      return queries.invalidateQueries()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    make.mutate()
  }
  return (
    <Section
      title="Make a namespace"
      about={`For another team or brand. Its time zone is yours (${viewersZone()}) until it is changed.`}
    >
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="flex-end" gap="sm">
            <TextInput
              label="Name"
              description="Small letters, digits and _. It stays in addresses and commands."
              placeholder="shop_at"
              required
              flex="1 1 240px"
              maw={460}
              value={name}
              onChange={({ currentTarget }) => setName(currentTarget.value)}
            />
            <Button type="submit" loading={make.isPending}>
              Make it
            </Button>
          </Group>
          {make.error !== null && <ProblemAlert error={make.error} />}
          <Text size="sm" role="status">
            {make.data !== undefined && (
              <>
                Made: <Go to={`/n/${make.data.name}/settings/members`}>invite people to {make.data.name}</Go>.
              </>
            )}
          </Text>
        </Stack>
      </form>
    </Section>
  )
}

function Line({ view }: { readonly view: NamespaceView }) {
  const { name, label, zone, runs, createdAt, expiresAt } = view
  const here = useNamespace()
  const [dropping, setDropping] = useState(false)
  return (
    <li>
      <div className="line-about">
        <Group gap="xs">
          <Go to={`/n/${name}`} fw={600}>
            {label}
          </Go>
          {label !== name && <span className="code">{name}</span>}
          {name === here && (
            <Badge variant="outline" color="gray" tt="none">
              here
            </Badge>
          )}
        </Group>
        <Text size="sm" c="dimmed">
          {noun(runs, 'run')} · {zone} · since <When at={createdAt} />
          {expiresAt !== null && ' · dropped by itself '}
          {expiresAt !== null && <When at={expiresAt} ago />}
        </Text>
      </div>
      {name !== here && (
        <Button
          size="xs"
          variant="subtle"
          color="red"
          onClick={() => setDropping(true)}
          aria-label={`Drop ${name}`}
        >
          Drop
        </Button>
      )}
      <Modal opened={dropping} onClose={() => setDropping(false)} title={`Drop ${name}?`} centered size="lg">
        <Drop name={name} close={() => setDropping(false)} />
      </Modal>
    </li>
  )
}

interface DropProps {
  readonly name: string
  readonly close: () => void
}

/** Nothing brings it back, so its name is typed. */
function Drop({ name, close }: DropProps) {
  const queries = useQueryClient()
  const [typed, setTyped] = useState('')
  const drop = useMutation({
    mutationFn: () => deleteNamespace({ path: { namespace: name }, query: { confirm: typed } }),
    onSuccess: async () => {
      close()
      await queries.invalidateQueries()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    drop.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text>
          Its profiles, jobs, runs, files, members and tokens are removed for good. Only the audit stays.
          Nobody can bring it back.
        </Text>
        <TextInput
          label={`Type ${name} to confirm`}
          autoComplete="off"
          data-autofocus
          value={typed}
          onChange={({ currentTarget }) => setTyped(currentTarget.value)}
        />
        {drop.error !== null && <ProblemAlert error={drop.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" color="red" disabled={typed !== name} loading={drop.isPending}>
            Drop {name}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
