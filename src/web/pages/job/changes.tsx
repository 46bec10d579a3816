// What differs between two setups of a job: what of it, what it was, what it becomes.
import { Badge, Table, Text } from '@mantine/core'
import { wordsOf, type DefinitionChange } from '../../../core/definitionDiff.ts'

const signs = {
  '+': { label: 'added', color: 'green' },
  '-': { label: 'removed', color: 'red' },
  '~': { label: 'changed', color: 'blue' },
} as const

interface ChangesProps {
  readonly changes: readonly DefinitionChange[]
  /** Over the two sides. */
  readonly before: string
  readonly after: string
}

export function Changes({ changes, before, after }: ChangesProps) {
  return (
    <Table.ScrollContainer minWidth={600}>
      <Table verticalSpacing="xs" aria-label={`Differences between ${before} and ${after}`}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th scope="col" w={100}>
              Change
            </Table.Th>
            <Table.Th scope="col">What</Table.Th>
            <Table.Th scope="col" w="32%">
              {before}
            </Table.Th>
            <Table.Th scope="col" w="32%">
              {after}
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {changes.map((change, at) => (
            <Row key={`${change.part} ${change.name} ${change.field} ${at}`} change={change} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({ change: { sign, part, name, field, before, after } }: { readonly change: DefinitionChange }) {
  const { label, color } = signs[sign]
  return (
    <Table.Tr>
      <Table.Td>
        <Badge color={color} variant="light" tt="none">
          {label}
        </Badge>
      </Table.Td>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {part === 'column' ? name : titled(wordsOf(name))}
        <Text size="sm" c="dimmed" span>
          {part === 'column' && ' column'}
          {field !== null && ` ${field}`}
        </Text>
      </Table.Td>
      <Side text={before} lighter />
      <Side text={after} />
    </Table.Tr>
  )
}

function titled(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}

function Side({ text, lighter = false }: { readonly text: string | null; readonly lighter?: boolean }) {
  return (
    <Table.Td c={lighter || text === null ? 'dimmed' : undefined} style={{ overflowWrap: 'anywhere' }}>
      {text ?? '–'}
    </Table.Td>
  )
}
