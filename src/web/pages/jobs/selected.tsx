// Several jobs at once: what can be done with those that are chosen, and what became of each.
import { Button, CloseButton, Group, List, Paper, Text } from '@mantine/core'
import { postJobArchive, postJobPause, postJobResume, type JobView } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { refusalOf } from '../../lib/queries.ts'
import { useAsk } from '../../parts/asking.tsx'
import { useAnew } from '../job/useJob.ts'
import type { Changed } from './changed.tsx'

const verbs = {
  pause: {
    label: 'Pause',
    does: 'Nothing of them starts by itself until they are resumed. Runs under way finish.',
    act: postJobPause,
  },
  resume: {
    label: 'Resume',
    does: 'They are switched on again. What was due in the meantime is made up only where a job says so.',
    act: postJobResume,
  },
  archive: {
    label: 'Archive',
    does: 'They leave the lists. Their runs, records and profiles stay, and they can be restored.',
    act: postJobArchive,
  },
} as const
type Verb = keyof typeof verbs

interface BarProps {
  readonly jobs: readonly JobView[]
  readonly clear: () => void
  /** Told what became of each, when all were tried. */
  readonly done: (changed: Changed) => void
}

/** One after the other, all of them: what is refused for one says nothing about the next. */
async function changeAll(namespace: string, verb: Verb, jobs: readonly JobView[]): Promise<Changed> {
  let changed = 0
  const left: Changed['left'][number][] = []
  for (const job of jobs)
    try {
      await verbs[verb].act({ path: { namespace, job: job.id }, body: {} })
      changed++
    } catch (error) {
      left.push({ job: job.job, why: refusalOf(error).problem.detail })
    }
  return { verb, changed, left }
}

/** Nothing where none is chosen. */
export function SelectedBar({ jobs, clear, done }: BarProps) {
  const namespace = useNamespace()
  const ask = useAsk()
  const anew = useAnew()
  if (jobs.length === 0) return null
  const start = (verb: Verb): void => {
    const able = jobs.filter(({ moves }) => moves.includes(verb))
    const { label, does } = verbs[verb]
    ask({
      title: `${label} ${noun(able.length, 'job')}?`,
      body: <Consequences does={does} able={able} left={jobs.length - able.length} />,
      yes: label,
      act: async () => {
        const changed = await changeAll(namespace, verb, able)
        clear()
        done(changed)
        await anew()
      },
    })
  }
  return (
    <Paper
      withBorder
      shadow="md"
      p="sm"
      radius="lg"
      pos="sticky"
      bottom={16}
      role="region"
      aria-label="Chosen jobs"
    >
      <Group justify="space-between">
        <Group gap="xs">
          <CloseButton aria-label="Choose none" onClick={clear} />
          <Text fw={600}>{noun(jobs.length, 'job')} chosen</Text>
        </Group>
        <Group gap="xs">
          {(Object.keys(verbs) as Verb[]).map((verb) => {
            const able = jobs.filter(({ moves }) => moves.includes(verb)).length
            return able === 0 ? null : (
              <Button key={verb} size="sm" variant="default" onClick={() => start(verb)}>
                {verbs[verb].label} {able < jobs.length ? able : ''}
              </Button>
            )
          })}
        </Group>
      </Group>
    </Paper>
  )
}

const listed = 8

function Consequences({
  does,
  able,
  left,
}: {
  readonly does: string
  readonly able: readonly JobView[]
  readonly left: number
}) {
  return (
    <>
      <Text>{does}</Text>
      <List my="sm">
        {able.slice(0, listed).map(({ id, job }) => (
          <List.Item key={id} style={{ overflowWrap: 'anywhere' }}>
            {job}
          </List.Item>
        ))}
        {able.length > listed && <List.Item>and {able.length - listed} more</List.Item>}
      </List>
      {left > 0 && (
        <Text c="dimmed">
          {noun(left, 'chosen job')} cannot be changed this way now, and {left === 1 ? 'stays' : 'stay'} as{' '}
          {left === 1 ? 'it is' : 'they are'}.
        </Text>
      )}
    </>
  )
}
