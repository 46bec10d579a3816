// The attribute catalogue: what profiles have, how full it is, since when, and which jobs write it.
import './profiles.css'
import { Badge, Group, Paper, Progress, Stack, Table, Text, TextInput, Title } from '@mantine/core'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Fragment } from 'react'
import { getAttributesOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { AttributesView } from '../../../client/index.ts'
import { addressOf, useAddressPart } from '../../lib/address.ts'
import { count, noun, percent } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Go, GoButton } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { Page } from '../../parts/page.tsx'
import { typeWords } from '../../parts/reading/targets.ts'
import { When } from '../../parts/when.tsx'

type Attribute = AttributesView['attributes'][number]

export function AttributesPage() {
  const namespace = useNamespace()
  const catalogue = useQuery(getAttributesOptions({ path: { namespace } }))
  return (
    <Page
      title="Attributes"
      about="What profiles can have. Attributes are made when a file with a new column is imported; their type stays."
    >
      <Loaded query={catalogue} lines={8}>
        {(found) => (found.attributes.length === 0 ? <None /> : <Catalogue catalogue={found} />)}
      </Loaded>
    </Page>
  )
}

function None() {
  const namespace = useNamespace()
  const mayImport = useMay('import')
  return (
    <Empty
      title="No attributes yet"
      action={mayImport && <GoButton to={`/n/${namespace}/import`}>Import a file</GoButton>}
    >
      Import a file, and its columns become attributes of the people in it.
    </Empty>
  )
}

/** At most five hundred: the catalogue is one page. */
function Catalogue({ catalogue: { attributes, identifiers } }: { readonly catalogue: AttributesView }) {
  const [text, setText] = useAddressPart('q')
  const part = (text ?? '').toLowerCase()
  const shown = attributes.filter(({ key, label }) => `${key} ${label}`.toLowerCase().includes(part))
  return (
    <Stack>
      <Group justify="space-between">
        <TextInput
          aria-label="Find an attribute"
          placeholder="Find an attribute"
          leftSection={<IconSearch size={16} aria-hidden />}
          value={text ?? ''}
          onChange={({ currentTarget }) =>
            setText(currentTarget.value === '' ? undefined : currentTarget.value, { replace: true })
          }
          w={300}
        />
        <Text c="dimmed" aria-live="polite">
          {noun(shown.length, 'attribute')}
        </Text>
      </Group>
      {shown.length === 0 ? (
        <Text c="dimmed">No attribute is called that.</Text>
      ) : (
        <AttributeTable attributes={shown} />
      )}
      <Paper withBorder p="md">
        <Title order={2} mb={4}>
          Identifiers
        </Title>
        <Text size="sm" c="dimmed" mb="xs" maw={760}>
          What finds a person, the strongest first. Of a single one a profile has only the latest; of the
          others it may have many.
        </Text>
        <Kinds kinds={identifiers} />
      </Paper>
    </Stack>
  )
}

function AttributeTable({ attributes }: { readonly attributes: readonly Attribute[] }) {
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table verticalSpacing="xs" fz="sm" highlightOnHover aria-label="Attributes" className="catalogue">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Attribute</Table.Th>
            <Table.Th w={110}>Type</Table.Th>
            <Table.Th w={170} title="Share of the profiles that have a value, as PostgreSQL estimated last">
              Filled
            </Table.Th>
            <Table.Th w={190}>Since</Table.Th>
            <Table.Th w="30%">Written by</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {attributes.map((attribute) => (
            <Row key={attribute.key} attribute={attribute} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({
  attribute: { key, label, type, pii, filled, since, run, jobs },
}: {
  readonly attribute: Attribute
}) {
  const namespace = useNamespace()
  return (
    <Table.Tr>
      <Table.Td>
        <Group gap={6}>
          <Go to={addressOf(`/n/${namespace}/profiles`, { where: `${key}!=` })} size="sm" fw={600}>
            {label}
          </Go>
          {pii && (
            <Badge size="xs" color="orange" variant="light" tt="none">
              personal
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed" className="code">
          {key}
        </Text>
      </Table.Td>
      <Table.Td data-label="Type">{typeWords[type]}</Table.Td>
      <Table.Td data-label="Filled">
        {filled === null ? <Text c="dimmed">not counted yet</Text> : <Filled share={filled} />}
      </Table.Td>
      <Table.Td data-label="Since">
        <When at={since} />
        {run !== null && (
          <Text size="xs" c="dimmed">
            by <Go to={`/n/${namespace}/runs/${run}`}>{run}</Go>
          </Text>
        )}
      </Table.Td>
      <Table.Td data-label="Written by">
        <Writers jobs={jobs} />
      </Table.Td>
    </Table.Tr>
  )
}

function Filled({ share }: { readonly share: number }) {
  return (
    <Group gap={8} wrap="nowrap">
      <Progress value={share * 100} w={72} size="sm" aria-hidden />
      <span className="numbers">{percent(share)}</span>
    </Group>
  )
}

function Writers({ jobs: { count: many, names } }: { readonly jobs: Attribute['jobs'] }) {
  const namespace = useNamespace()
  const shown = names.slice(0, many > 3 ? 2 : 3)
  if (many === 0) return <Text c="dimmed">no job any more</Text>
  return (
    <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
      {shown.map((name, at) => (
        <Fragment key={name}>
          {at > 0 && ', '}
          <Go to={`/n/${namespace}/jobs/${encodeURIComponent(name)}`} size="sm">
            {name}
          </Go>
        </Fragment>
      ))}
      {many > shown.length && ` and ${count(many - shown.length)} more`}
    </Text>
  )
}

function Kinds({ kinds }: { readonly kinds: AttributesView['identifiers'] }) {
  return (
    <Table fz="sm" verticalSpacing={6} aria-label="Kinds of identifiers">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Kind</Table.Th>
          <Table.Th>Name in files and the API</Table.Th>
          <Table.Th>A profile has</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {kinds.map(({ kind, label, single }) => (
          <Table.Tr key={kind}>
            <Table.Td>{label}</Table.Td>
            <Table.Td className="code">{kind}</Table.Td>
            <Table.Td>{single ? 'one' : 'many'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
