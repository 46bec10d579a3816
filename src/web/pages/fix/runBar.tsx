// What is mended so far, a check of it, and the button that imports just those rows.
import { Button, Group, Paper, Stack, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { postRunFixes } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { DryRun } from '../import/dryRun.tsx'
import type { FixesState } from './useFixes.ts'

interface RunBarProps {
  readonly run: string
  readonly state: FixesState
}

export function RunBar({ run, state }: RunBarProps) {
  const { fixes, canUndo, undo } = state
  const { order, tried } = useOrder(run, state)
  const nothing = fixes.rules.length + fixes.edits.length === 0
  return (
    <Stack>
      {order.error !== null && <ProblemAlert error={order.error} />}
      {tried !== null && <DryRun run={tried} />}
      <Paper withBorder shadow="sm" p="md" radius="lg" style={{ position: 'sticky', bottom: 12, zIndex: 5 }}>
        <Group justify="space-between">
          <Text c={nothing ? 'dimmed' : undefined} role="status">
            {summary(state)}
          </Text>
          <Group gap="sm">
            <Button variant="subtle" color="gray" disabled={!canUndo} onClick={undo}>
              Undo
            </Button>
            <Button
              variant="default"
              disabled={nothing}
              loading={order.isPending && order.variables}
              onClick={() => order.mutate(true)}
            >
              Check
            </Button>
            <Button
              disabled={nothing}
              loading={order.isPending && !order.variables}
              onClick={() => order.mutate(false)}
            >
              Import the mended rows
            </Button>
          </Group>
        </Group>
      </Paper>
    </Stack>
  )
}

function summary({ fixes: { rules, edits, exclude } }: FixesState): string {
  if (rules.length + edits.length + exclude.length === 0) return 'Nothing is mended yet.'
  const parts = [
    rules.length > 0 ? noun(rules.length, 'fix for many rows', 'fixes for many rows') : '',
    edits.length > 0 ? `${noun(edits.length, 'cell')} by hand` : '',
    exclude.length > 0 ? `${noun(exclude.length, 'row')} left out` : '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

function useOrder(run: string, state: FixesState) {
  const namespace = useNamespace()
  const go = useNavigate()
  const [tried, setTried] = useState<string | null>(null)
  const order = useMutation({
    mutationFn: async (dryRun: boolean) => {
      return (await postRunFixes({ path: { namespace, run }, body: { ...state.fixes, dryRun } })).data
    },
    onSuccess: (answer, dryRun) => {
      if (dryRun) return setTried(answer.run)
      state.clear()
      void go({ to: `/n/${namespace}/runs/${answer.run}` })
    },
  })
  return { order, tried }
}
