// The log of a run, line by line: all of it, or only what went wrong.
import { Badge, Group, SegmentedControl, Stack, Text, Timeline } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRunLogQueryKey } from '../../../client/@tanstack/react-query.gen.ts'
import { getRunLog, type LogLineView, type RunView } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { useAddressPart } from '../../lib/address.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { When } from '../../parts/when.tsx'
import { pace } from './useRun.ts'

const pageSize = 50
const levels = [
  { value: 'info', label: 'All lines' },
  { value: 'warn', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
] as const
type Level = (typeof levels)[number]['value']

export function Log({ view }: { readonly view: RunView }) {
  const [asked, filter] = useAddressPart('level')
  const level: Level = levels.find(({ value }) => value === asked)?.value ?? 'info'
  const path = { namespace: view.run.namespace, run: view.run.id }
  const query = useInfiniteQuery({
    queryKey: ['log', ...getRunLogQueryKey({ path, query: { level } }), view.run.settled],
    queryFn: async ({ pageParam, signal }) => {
      const asks = { level, limit: pageSize, cursor: pageParam, dialect: 'namespace' } as const
      return (await getRunLog({ path, query: asks, signal })).data
    },
    initialPageParam: undefined as number | undefined,
    getNextPageParam: ({ next }) => (next === null ? undefined : Number(next)),
    refetchInterval: pace(view) === false ? false : 3_000,
  })
  return (
    <Stack>
      <SegmentedControl
        data={[...levels]}
        value={level}
        onChange={(next) => filter(next === 'info' ? undefined : next)}
        aria-label="Which lines"
        style={{ alignSelf: 'flex-start' }}
      />
      <Loaded query={query}>
        {({ pages }) => (
          <Stack>
            <Lines lines={pages.flatMap(({ lines }) => lines)} level={level} zone={view.run.zone} />
            <MoreButton of={query}>Show more</MoreButton>
          </Stack>
        )}
      </Loaded>
    </Stack>
  )
}

const colours = { info: 'gray', warn: 'orange', error: 'red' } as const
const words = { info: null, warn: 'Warning', error: 'Error' } as const

interface LinesProps {
  readonly lines: readonly LogLineView[]
  readonly level: Level
  readonly zone: string | null
}

function Lines({ lines, level, zone }: LinesProps) {
  if (lines.length === 0)
    return (
      <Text c="dimmed">
        {level === 'info' ? 'Nothing has happened yet.' : 'No such line: all went well.'}
      </Text>
    )
  return (
    <Timeline bulletSize={12} lineWidth={2} active={-1} className="run-log">
      {lines.map((line, i) => (
        <Timeline.Item
          key={`${line.at} ${line.kind} ${i}`}
          color={colours[line.level]}
          bullet={<i aria-hidden />}
        >
          <Line line={line} zone={zone} />
        </Timeline.Item>
      ))}
    </Timeline>
  )
}

interface LineProps {
  readonly line: LogLineView
  readonly zone: string | null
}

/** Lines follow each other within seconds. */
function Line({ line: { at, level, label, message, by, problem }, zone }: LineProps) {
  return (
    <>
      <Group gap="xs">
        <Text fw={650} size="sm">
          {label}
        </Text>
        {words[level] !== null && (
          <Badge size="xs" color={colours[level]} variant="light" tt="none">
            {words[level]}
          </Badge>
        )}
        <Text size="xs" c="dimmed">
          <When at={at} zone={zone} seconds tight />
          {by !== null && `, ${by}`}
        </Text>
      </Group>
      <Text size="sm" className="run-value">
        {message}
      </Text>
      {problem !== null && (
        <Text size="sm" c="dimmed">
          {adviceHere(problem)}
        </Text>
      )}
    </>
  )
}
