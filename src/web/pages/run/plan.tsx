// What a run would do: the counts, the first differences with old and new values, and who would be deleted.
import { Alert, Group, Stack, Table, Text } from '@mantine/core'
import { IconArrowRight } from '@tabler/icons-react'
import { notesOf, toCounters } from '../../../core/law.ts'
import type { StoredAbsent, StoredPlan } from '../../../core/storedReports.ts'
import { count, noun } from '../../lib/numbers.ts'
import { Go } from '../../parts/go.tsx'
import { plain, titleOf } from './stored.ts'

interface PlanProps {
  readonly namespace: string
  readonly plan: StoredPlan
  readonly absent: StoredAbsent | null
  readonly total: number
}

export function Plan({ namespace, plan, absent, total }: PlanProps) {
  const { newAttributes, repeats, differences, deleted = [] } = plan
  return (
    <Stack gap="md">
      <Counts plan={plan} total={total} />
      {newAttributes.length > 0 && <Text>New attributes: {newAttributes.join(', ')}</Text>}
      {repeats > 0 && (
        <Text c="dimmed" size="sm">
          {noun(repeats, 'record')} of people who are new in this file and come again count as updated.
        </Text>
      )}
      <Gone what="Would be deleted" people={plan.counters['finished.deleted'] ?? 0} names={deleted} />
      {absent !== null && <Missing absent={absent} />}
      {differences.length > 0 && <Differences namespace={namespace} differences={differences} />}
    </Stack>
  )
}

function Counts({ plan, total }: Pick<PlanProps, 'plan' | 'total'>) {
  const { finished, skipped, failed } = toCounters(plan.counters, total)
  const notes = notesOf(plan.counters)
  const lines = [
    ...wouldBe(finished, plain, 'would be'),
    ...wouldBe(skipped, (reason) => plain(reason), 'would be skipped:'),
    ...wouldBe(failed, titleOf, 'would fail:'),
  ]
  const noteText = (key: string): string =>
    Object.entries(notes[key] ?? {})
      .map(([name, records]) => `${name}: ${count(records)}`)
      .join(', ')
  return (
    <table className="run-sum">
      <tbody>
        {lines.map(({ key, label, records }) => (
          <tr key={label} data-level="1">
            <th scope="row">
              {label}
              {notes[key] !== undefined && (
                <Text size="sm" c="dimmed">
                  {noteText(key)}
                </Text>
              )}
            </th>
            <td className="numbers">{count(records)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        <tr>
          <th>Records</th>
          <td className="numbers">{count(total)}</td>
        </tr>
      </tfoot>
    </table>
  )
}

function wouldBe(of: Readonly<Record<string, number>>, name: (key: string) => string, would: string) {
  return Object.entries(of)
    .filter(([key, records]) => key !== 'total' && records > 0)
    .map(([key, records]) => ({ key, label: `${would} ${name(key)}`, records }))
}

interface GoneProps {
  readonly what: string
  readonly people: number
  readonly names: readonly string[]
}

function Gone({ what, people, names }: GoneProps) {
  if (people === 0) return null
  return (
    <Alert color="orange" title={`${what}: ${noun(people, 'person', 'people')}`}>
      <Text style={{ overflowWrap: 'anywhere' }}>
        {names.join(', ')}
        {people > names.length && ' …'}
      </Text>
    </Alert>
  )
}

function Missing({
  absent: { people, names, unreadable, firstUnreadable },
}: {
  readonly absent: StoredAbsent
}) {
  if (unreadable > 0)
    return (
      <Alert color="orange" title="Nobody would be deleted">
        The identifiers of {noun(unreadable, 'line')} cannot be read (first: line{' '}
        {count(firstUnreadable ?? 0)}), so it is not known who is missing.
      </Alert>
    )
  if (people === 0) return <Text>Nobody this job delivered before is missing from the file.</Text>
  return <Gone what="Missing from the file, and would be deleted" people={people} names={names} />
}

type Differences = Pick<StoredPlan, 'differences'> & Pick<PlanProps, 'namespace'>

function Differences({ differences, namespace }: Differences) {
  return (
    <Stack gap={4}>
      <Text fw={650}>First differences</Text>
      <Table.ScrollContainer minWidth={420}>
        <Table fz="sm" verticalSpacing={4}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Who</Table.Th>
              <Table.Th>Attribute</Table.Th>
              <Table.Th>Now → then</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {differences.map(({ ordinal, identifier, profileId, attribute, before, after }) => (
              <Table.Tr key={`${ordinal} ${profileId} ${attribute}`}>
                <Table.Td className="run-value">
                  <Go to={`/n/${namespace}/profiles/${profileId}`} size="sm">
                    {identifier ?? `profile ${profileId}`}
                  </Go>
                </Table.Td>
                <Table.Td className="run-value">{attribute}</Table.Td>
                <Table.Td className="run-value">
                  <Group gap={6} wrap="nowrap" align="baseline">
                    <Value text={before} />
                    <IconArrowRight size={12} style={{ flex: 'none' }} aria-label="becomes" />
                    <Value text={after} />
                  </Group>
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Stack>
  )
}

function Value({ text }: { readonly text: string | null }) {
  return text === null ? (
    <Text span c="dimmed" size="sm">
      (empty)
    </Text>
  ) : (
    <span>{text}</span>
  )
}
