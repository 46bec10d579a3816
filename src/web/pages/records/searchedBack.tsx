// How far back a long search got, and going on from there.
import { Button, Group, Loader, Paper, Text } from '@mantine/core'
import { count } from '../../lib/numbers.ts'
import { When } from '../../parts/when.tsx'
import type { RecordsShown } from './useRecords.ts'

/** Nothing where everything was searched, or the page is full. */
export function SearchedBack({
  shown: { records, searching, pausedAt, searchedTo, goOn },
}: {
  readonly shown: RecordsShown
}) {
  if (!searching && pausedAt === null) return null
  return (
    <Paper withBorder p="sm" role="status">
      <Group justify="space-between" gap="sm">
        <Group gap="xs">
          {searching && <Loader size="xs" />}
          <Text size="sm">
            {searching ? 'Searching' : 'Searched'} back to <When at={searchedTo} />:{' '}
            {records.length === 0 ? 'nothing found yet.' : `${count(records.length)} found so far.`}
          </Text>
        </Group>
        {!searching && (
          <Button size="xs" variant="default" onClick={goOn}>
            Continue
          </Button>
        )}
      </Group>
    </Paper>
  )
}
