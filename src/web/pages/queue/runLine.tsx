// A run of the queue in one line, and what can be done with it: only what is legal, and theirs to do who look.
import { Button, Group, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { postRunRetryNow, postRunStop, type QueuePage } from '../../../client/index.ts'
import { movesFrom } from '../../../core/machine.ts'
import { runMachine } from '../../../core/run.ts'
import { triggers, type Trigger } from '../../../core/triggers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { refusalOf } from '../../lib/queries.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Go, GoButton } from '../../parts/go.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'

export type QueuedRun = NonNullable<QueuePage['lanes'][number]['running']>

interface RunLineProps {
  readonly run: QueuedRun
  /** Why it is where it is. */
  readonly says?: string | undefined
  readonly more?: ReactNode
  readonly actions: ReactNode
}

export function RunLine({ run, says, more, actions }: RunLineProps) {
  const namespace = useNamespace()
  const { job, file, trigger, state, since } = run
  return (
    <Group justify="space-between" gap="sm" align="flex-start">
      <div style={{ flex: '1 1 240px', minWidth: 0 }}>
        <Group gap={8}>
          <div title={file ?? job} style={{ minWidth: 0, overflowWrap: 'anywhere' }}>
            <Go to={`/n/${namespace}/runs/${run.run}`} fw={600} lineClamp={1}>
              {file ?? job}
            </Go>
          </div>
          <Text span size="sm" c="dimmed" className="numbers">
            {run.run}
          </Text>
          <StateBadge of="run" state={state} />
        </Group>
        {says !== undefined && (
          <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
            {says}
          </Text>
        )}
        <Text size="sm" c="dimmed" component="div" style={{ overflowWrap: 'anywhere' }}>
          {file !== null && file !== job && `${job} · `}
          {triggers[trigger as Trigger] ?? trigger}
          {' · '}
          since <When at={since} ago />
          {more}
        </Text>
      </div>
      <Group gap="xs" style={{ flexShrink: 0 }}>
        {actions}
      </Group>
    </Group>
  )
}

const calls = { stop: postRunStop, 'retry-now': postRunRetryNow } as const

function useMove(run: string) {
  const namespace = useNamespace()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: (move: keyof typeof calls) => calls[move]({ path: { namespace, run } }),
    // Where it was refused, somebody was first: what is shown is asked for anew in any case.
    onSettled: () => queries.invalidateQueries(),
  })
}

export function Moves({ run: { run, state } }: { readonly run: QueuedRun }) {
  const namespace = useNamespace()
  const ask = useAsk()
  const mayRun = useMay('run')
  const move = useMove(run)
  const moves = movesFrom(runMachine, state)
  const stop = (): void =>
    ask({
      title: `Stop ${run}?`,
      body: stopText(state),
      yes: 'Stop the run',
      danger: true,
      act: () => move.mutateAsync('stop'),
    })
  const retry = (): void =>
    move.mutate('retry-now', {
      onError: (error) => {
        const { title, detail } = refusalOf(error).problem
        notifications.show({ color: 'red', title, message: detail })
      },
    })
  return (
    <>
      {state === 'held' && (
        <GoButton to={`/n/${namespace}/runs/${run}`} size="xs" variant="default">
          Decide
        </GoButton>
      )}
      {mayRun && moves.includes('retry-now') && (
        <Button size="xs" variant="default" loading={move.isPending} onClick={retry}>
          Try again now
        </Button>
      )}
      {mayRun && moves.includes('stop') && (
        <Button size="xs" variant="subtle" color="gray" onClick={stop} aria-label={`Stop ${run}`}>
          Stop
        </Button>
      )}
    </>
  )
}

function stopText(state: QueuedRun['state']): string {
  return state === 'queued'
    ? 'It leaves the queue. What it may have written before stays and is counted. You can resume it later.'
    : 'What it has in hand is finished first. What was written stays and is counted; you can resume it later, or undo it.'
}
