// What needs a person: each line says what is wrong, since when, and has one thing to do about it.
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { postRunRetryNow, type Attention } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { adviceHere, withoutCommands } from '../../lib/advice.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { refusalOf } from '../../lib/queries.ts'
import { Go, GoButton } from '../../parts/go.tsx'
import { ToneIcon } from '../../parts/runSigns.tsx'
import { toneColours } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { jobPage } from '../job/useJob.ts'
import { Section } from './section.tsx'

const shownAtFirst = 4

export function AttentionList({ attention }: { readonly attention: readonly Attention[] }) {
  const [all, setAll] = useState(false)
  const shown = all ? attention : attention.slice(0, shownAtFirst)
  const rest = attention.length - shown.length
  return (
    <Section title="Needs a look">
      <Stack gap={0} component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
        {shown.map((one, at) => (
          <li
            key={`${one.kind} ${one.jobId} ${one.run}`}
            style={{
              padding: '12px 0',
              borderTop: at === 0 ? undefined : '1px solid var(--mantine-color-default-border)',
              ...(at === 0 ? { paddingTop: 0 } : {}),
            }}
          >
            <Line attention={one} />
          </li>
        ))}
      </Stack>
      {rest > 0 && (
        <Group>
          <Button variant="default" size="xs" onClick={() => setAll(true)}>
            Show {noun(rest, 'more', 'more')}
          </Button>
        </Group>
      )}
    </Section>
  )
}

function Line({ attention }: { readonly attention: Attention }) {
  const namespace = useNamespace()
  const { kind, tone, label, job, run, text, next, problem, since, until } = attention
  return (
    <Group wrap="nowrap" gap="sm" align="flex-start">
      <ToneIcon tone={tone} size={22} />
      <div style={{ flexGrow: 1, minWidth: 0 }}>
        <Group gap={8} align="center">
          <div title={job} style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
            <Go to={jobPage(namespace, job)} c="inherit" fw={600} lineClamp={2}>
              {job}
            </Go>
          </div>
          <Badge color={toneColours[tone]} variant="light" tt="none" fw={600}>
            {label}
          </Badge>
          <Text span size="sm" c="dimmed">
            {run !== null && (
              <>
                <Go to={`/n/${namespace}/runs/${run}`} className="numbers" size="sm">
                  {run}
                </Go>
                {', '}
              </>
            )}
            <When at={since} ago />
            {until !== null && (
              <>
                , goes on <When at={until} ago />
              </>
            )}
          </Text>
        </Group>
        <Text style={{ overflowWrap: 'anywhere' }} lineClamp={3}>
          {text}
        </Text>
        {/* What to do about rejected rows is on the button. */}
        {kind !== 'rejects' && (
          <Text size="sm" c="dimmed" lineClamp={3} style={{ overflowWrap: 'anywhere' }}>
            {problem === null ? withoutCommands(next) : adviceHere({ code: problem.code, advice: next })}
          </Text>
        )}
        <Group hiddenFrom="xs" mt="xs">
          <Act attention={attention} />
        </Group>
      </div>
      <Group visibleFrom="xs" style={{ flexShrink: 0 }}>
        <Act attention={attention} />
      </Group>
    </Group>
  )
}

/** The one thing that comes next. What changes something by itself is only offered to who may. */
function Act({ attention: { kind, job, run } }: { readonly attention: Attention }) {
  const namespace = useNamespace()
  const mayRun = useMay('run')
  const mayImport = useMay('import')
  const runPage = run === null ? null : `/n/${namespace}/runs/${run}`
  if (kind === 'retrying' && mayRun && run !== null) return <RetryNow run={run} />
  if (kind === 'rejects' && mayImport && runPage !== null) return <Way to={`${runPage}/fix`}>Fix rows</Way>
  if (kind === 'held' && runPage !== null) return <Way to={runPage}>Decide</Way>
  if (kind === 'approval') return <Way to={jobPage(namespace, job)}>Decide</Way>
  if (kind === 'late') return <Way to={`/n/${namespace}/queue`}>See the queue</Way>
  if (kind === 'halted' || kind === 'did_not_run' || runPage === null)
    return <Way to={jobPage(namespace, job)}>See the job</Way>
  return <Way to={runPage}>See the run</Way>
}

function Way({ to, children }: { readonly to: string; readonly children: string }) {
  return (
    <GoButton to={to} size="xs" variant="default">
      {children}
    </GoButton>
  )
}

function RetryNow({ run }: { readonly run: string }) {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const retry = useMutation({
    mutationFn: () => postRunRetryNow({ path: { namespace, run } }),
    onError: (error) => {
      const { title, detail } = refusalOf(error).problem
      notifications.show({ color: 'red', title, message: detail })
    },
    onSettled: () => queries.invalidateQueries(),
  })
  return (
    <Button size="xs" variant="default" loading={retry.isPending} onClick={() => retry.mutate()}>
      Try again now
    </Button>
  )
}
