// The forecast: of every kind what there is, when the first of it goes, and what goes in the next days.
import { Table, Text } from '@mantine/core'
import type { RetentionForecast } from '../../../client/index.ts'
import { retentionWords } from '../../../core/retention.ts'
import { bytes, count } from '../../lib/numbers.ts'
import { When } from '../../parts/when.tsx'

type Kind = RetentionForecast['kinds'][number]

export function Forecast({ forecast: { kinds } }: { readonly forecast: RetentionForecast }) {
  const most = Math.max(1, ...kinds.map(({ kept }) => kept.bytes))
  return (
    <Table.ScrollContainer minWidth={760} scrollAreaProps={{ viewportProps: { tabIndex: 0 } }}>
      <Table verticalSpacing="sm">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>What</Table.Th>
            <Table.Th w={210}>Kept now</Table.Th>
            <Table.Th>The oldest goes</Table.Th>
            <Table.Th ta="right">Tonight</Table.Th>
            <Table.Th ta="right">In 7 days</Table.Th>
            <Table.Th ta="right">In 30 days</Table.Th>
            <Table.Th ta="right" title="If as much goes on coming as in the last 30 days">
              Settles at
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {kinds.map((kind) => (
            <Row key={kind.kind} kind={kind} most={most} />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

function Row({
  kind: { kind, kept, days, firstGoes, due, settlesAtBytes },
  most,
}: {
  readonly kind: Kind
  readonly most: number
}) {
  return (
    <Table.Tr>
      <Table.Td>{sentence(retentionWords[kind])}</Table.Td>
      <Table.Td>
        <div className="forecast-bar" aria-hidden>
          {kept.bytes > 0 && <span style={{ width: `${(kept.bytes / most) * 100}%` }} />}
        </div>
        <Text span className="numbers" size="sm">
          {bytes(kept.bytes)}
        </Text>{' '}
        <Text span className="numbers" size="sm" c="dimmed">
          · {count(kept.count)}
        </Text>
      </Table.Td>
      <Table.Td>
        {days === null ? (
          <Text span c="dimmed" size="sm">
            never
          </Text>
        ) : (
          <When at={firstGoes} />
        )}
      </Table.Td>
      <Amount amount={due.now} />
      <Amount amount={due.in7Days} />
      <Amount amount={due.in30Days} />
      <Table.Td ta="right" className="numbers">
        {settlesAtBytes === null ? 'grows' : bytes(settlesAtBytes)}
      </Table.Td>
    </Table.Tr>
  )
}

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1)
}

function Amount({ amount }: { readonly amount: Kind['due']['now'] }) {
  if (amount.count === 0)
    return (
      <Table.Td ta="right" c="dimmed">
        –
      </Table.Td>
    )
  return (
    <Table.Td ta="right" className="numbers">
      {bytes(amount.bytes)}
      <Text size="xs" c="dimmed">
        {count(amount.count)}
      </Text>
    </Table.Td>
  )
}
