// What became of a record, in a badge and a few words; shared by the list, its cards and the page of one record.
import { Group, Stack, Text, Tooltip } from '@mantine/core'
import type { RecordView } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { spoken } from './filters.ts'
import { placeOf } from './places.ts'

interface FateProps {
  readonly record: RecordView
}

/** State, outcome or reason, and the sentence of the problem. */
export function Fate({ record }: FateProps) {
  const { state, word, outcome, reason, problem, warnings, retriedIn, retry } = record
  const said = problem?.message ?? warnings[0]?.message
  const detail = outcome ?? reason
  return (
    <Stack gap={3}>
      <Group gap={6} wrap="nowrap">
        <StateBadge of="record" state={state} word={word ?? undefined} />
        {detail !== null && (
          <Text size="sm" style={{ whiteSpace: 'nowrap' }}>
            {spoken(detail)}
          </Text>
        )}
      </Group>
      {said !== undefined && (
        <Tooltip label={said} multiline maw={420} openDelay={300}>
          <Text size="xs" c="dimmed" lineClamp={2}>
            {said}
          </Text>
        </Tooltip>
      )}
      {retriedIn !== null && <RetriedIn record={retriedIn} />}
      {retry !== null && (
        <Text size="xs" c="dimmed">
          attempt {retry.attempt} of {retry.of} comes next
        </Text>
      )}
    </Stack>
  )
}

function RetriedIn({ record }: { readonly record: string }) {
  const namespace = useNamespace()
  return (
    <Text size="xs" c="dimmed">
      retried since in <Go to={placeOf(namespace, record)}>{record}</Go>
    </Text>
  )
}

/** The file it came in, and the job where that is called otherwise. */
export function TypeAndJob({ record: { type, job } }: FateProps) {
  return (
    <Stack gap={0}>
      <Text size="sm" style={{ overflowWrap: 'anywhere' }} lineClamp={2}>
        {type ?? job}
      </Text>
      {type !== null && type !== job && (
        <Text size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }} lineClamp={1}>
          {job}
        </Text>
      )}
    </Stack>
  )
}

/** The identifier; leads to the person where there is one. */
export function Who({ record: { identifier, profile } }: FateProps) {
  const namespace = useNamespace()
  const text = (
    <Text span className="code" lineClamp={2}>
      {identifier ?? (profile === null ? '–' : `profile ${profile}`)}
    </Text>
  )
  return profile === null ? text : <Go to={`/n/${namespace}/profiles/${profile}`}>{text}</Go>
}
