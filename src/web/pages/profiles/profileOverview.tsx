// A profile as it is: attributes and identifiers, each with the record, file and line that said so.
import './profiles.css'
import { Badge, Group, Paper, Stack, Table, Text, Title } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getProfileHistoryOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { ProfileDetailView, ValueSource } from '../../../client/index.ts'
import { addressOf } from '../../lib/address.ts'
import { count } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { valueText } from '../../lib/values.ts'
import { Go } from '../../parts/go.tsx'
import { When } from '../../parts/when.tsx'

interface OverviewProps {
  readonly detail: ProfileDetailView
}

export function ProfileOverview({ detail }: OverviewProps) {
  return (
    <Stack>
      <Paper withBorder p="md">
        <Title order={2} mb="xs">
          Identifiers
        </Title>
        <Identifiers detail={detail} />
      </Paper>
      <Paper withBorder p="md">
        <Title order={2} mb="xs">
          Attributes
        </Title>
        {detail.attributes.length === 0 ? (
          <Text c="dimmed">No record said anything about this person but who they are.</Text>
        ) : (
          <Attributes detail={detail} />
        )}
      </Paper>
      <Merges id={detail.id} />
    </Stack>
  )
}

function Heads({ first }: { readonly first: string }) {
  return (
    <Table.Thead>
      <Table.Tr>
        <Table.Th w="22%">{first}</Table.Th>
        <Table.Th>Value</Table.Th>
        <Table.Th w="36%">Where it came from</Table.Th>
      </Table.Tr>
    </Table.Thead>
  )
}

function Identifiers({ detail: { identifiers } }: OverviewProps) {
  if (identifiers.length === 0) return <Text c="dimmed">None: nothing links to this profile any more.</Text>
  return (
    <Table verticalSpacing={7} fz="sm" layout="fixed" className="stacks" aria-label="Identifiers">
      <Heads first="Kind" />
      <Table.Tbody>
        {identifiers.map(({ kind, label, value, given, source }) => (
          <Table.Tr key={`${kind} ${value}`}>
            <Table.Td>{label}</Table.Td>
            <Table.Td className="code">
              {given ?? value}
              {given !== null && given !== value && (
                <Text size="xs" c="dimmed">
                  matches as {value}
                </Text>
              )}
            </Table.Td>
            <Table.Td>{source === null ? <Text c="dimmed">–</Text> : <Source source={source} />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Attributes({ detail: { id, attributes } }: OverviewProps) {
  const namespace = useNamespace()
  return (
    <Table verticalSpacing={7} fz="sm" layout="fixed" className="stacks" aria-label="Attributes">
      <Heads first="Attribute" />
      <Table.Tbody>
        {attributes.map(({ key, label, value, source }) => (
          <Table.Tr key={key}>
            <Table.Td title={key}>{label}</Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Go
                to={addressOf(`/n/${namespace}/profiles/${id}`, { tab: 'history', attribute: key })}
                c="inherit"
                size="sm"
                underline="hover"
                aria-label={`${label}: ${valueText(value)}, history`}
              >
                {value === null ? <i>cleared</i> : valueText(value)}
              </Go>
            </Table.Td>
            <Table.Td>{source === null ? <Text c="dimmed">–</Text> : <Source source={source} />}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** The record, its file and line, and as of when. */
export function Source({ source: { record, file, line, asOf } }: { readonly source: ValueSource }) {
  const namespace = useNamespace()
  return (
    <Stack gap={0}>
      <Group gap={6} wrap="nowrap">
        <Go to={`/n/${namespace}/records/${record}`} size="sm" className="numbers">
          {record}
        </Go>
        <Text size="sm" c="dimmed">
          <When at={asOf} />
        </Text>
      </Group>
      {file !== null && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {file}
          {line !== null && `, line ${count(line)}`}
        </Text>
      )}
    </Stack>
  )
}

function Merges({ id }: { readonly id: number }) {
  const namespace = useNamespace()
  const { data } = useQuery(
    getProfileHistoryOptions({ path: { namespace, profile: id }, query: { limit: 1 } }),
  )
  if (data === undefined || data.merged.length === 0) return null
  return (
    <Paper withBorder p="md">
      <Group gap="xs" mb="xs">
        <Title order={2}>Merged into this profile</Title>
        <Badge variant="light">{count(data.merged.length)}</Badge>
      </Group>
      <Stack gap={4}>
        {data.merged.map(({ profile, by, at }) => (
          <Text key={profile} size="sm" component="div">
            <Go to={`/n/${namespace}/profiles/${profile}`} size="sm">
              Profile {profile}
            </Go>
            , <When at={at} />, by{' '}
            <Go to={`/n/${namespace}/records/${by}`} size="sm">
              {by}
            </Go>
          </Text>
        ))}
      </Stack>
    </Paper>
  )
}
