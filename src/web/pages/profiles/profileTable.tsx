// People in a list: who they are, and the attributes that say most; on narrow screens cards.
import { Paper, Stack, Table, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import type { AttributesView, ProfileView } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'
import { valueText } from '../../lib/values.ts'
import { Go } from '../../parts/go.tsx'
import { When } from '../../parts/when.tsx'

interface ProfileTableProps {
  readonly profiles: readonly ProfileView[]
  readonly catalogue: AttributesView | undefined
  readonly stale: boolean
}

type Attribute = AttributesView['attributes'][number]

const columnsMax = 5

/** The first that many people have; what hardly anybody has says little in a list. */
function mainAttributes(catalogue: AttributesView | undefined): readonly Attribute[] {
  const shown = (catalogue?.attributes ?? []).filter(({ type }) => type !== 'json')
  const full = shown.filter(({ filled }) => filled === null || filled >= 0.3)
  return (full.length >= columnsMax ? full : shown).slice(0, columnsMax)
}

export function ProfileTable({ profiles, catalogue, stale }: ProfileTableProps) {
  const narrow = useMediaQuery('(max-width: 48em)', false, { getInitialValueInEffect: false })
  const attributes = mainAttributes(catalogue)
  return (
    <div style={stale ? { opacity: 0.55 } : undefined} aria-busy={stale}>
      {narrow ? (
        <Stack gap="xs">
          {profiles.map((profile) => (
            <Card key={profile.id} profile={profile} attributes={attributes} />
          ))}
        </Stack>
      ) : (
        <Table.ScrollContainer minWidth={860}>
          <Table verticalSpacing="xs" fz="sm" highlightOnHover aria-label="Profiles">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Person</Table.Th>
                {attributes.map(({ key, label, type }) => (
                  <Table.Th key={key} ta={isNumber(type) ? 'right' : undefined}>
                    {label}
                  </Table.Th>
                ))}
                <Table.Th>Updated</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {profiles.map((profile) => (
                <Row key={profile.id} profile={profile} attributes={attributes} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </div>
  )
}

function isNumber(type: Attribute['type']): boolean {
  return type === 'integer' || type === 'number'
}

interface RowProps {
  readonly profile: ProfileView
  readonly attributes: readonly Attribute[]
}

function Row({ profile, attributes }: RowProps) {
  return (
    <Table.Tr>
      <Table.Td>
        <Person profile={profile} />
      </Table.Td>
      {attributes.map(({ key, type }) => (
        <Table.Td
          key={key}
          ta={isNumber(type) ? 'right' : undefined}
          className={isNumber(type) ? 'numbers' : undefined}
          style={{ maxWidth: 220, overflowWrap: 'anywhere' }}
        >
          <Text span size="sm" lineClamp={2}>
            {valueText(profile.attributes[key])}
          </Text>
        </Table.Td>
      ))}
      <Table.Td>
        <When at={profile.updatedAt} />
      </Table.Td>
    </Table.Tr>
  )
}

/** The strongest identifiers; the first leads to the profile. */
function Person({ profile: { id, identifiers } }: { readonly profile: ProfileView }) {
  const namespace = useNamespace()
  const [first, ...others] = identifiers
  return (
    <Stack gap={0}>
      <Go to={`/n/${namespace}/profiles/${id}`} size="sm" fw={600} style={{ overflowWrap: 'anywhere' }}>
        {first?.value ?? `Profile ${id}`}
      </Go>
      {others.slice(0, 2).map(({ kind, value }) => (
        <Text key={`${kind} ${value}`} size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {value}
        </Text>
      ))}
    </Stack>
  )
}

function Card({ profile, attributes }: RowProps) {
  const values = attributes.filter(({ key }) => (profile.attributes[key] ?? null) !== null)
  return (
    <Paper withBorder p="sm" component="article" aria-label={`Profile ${profile.id}`}>
      <Person profile={profile} />
      <Text size="sm" mt={6} component="div">
        {values.map(({ key, label }) => (
          <div key={key} style={{ overflowWrap: 'anywhere' }}>
            <Text span size="sm" c="dimmed">
              {label}
            </Text>{' '}
            {valueText(profile.attributes[key])}
          </div>
        ))}
      </Text>
    </Paper>
  )
}
