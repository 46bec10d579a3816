// What is mended so far, a check of it, and the button that imports just those rows.
import { Button, Group, Paper, Text } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { Fixes } from '../../../core/fixes.ts'
import { postRunFixes } from '../../../client/index.ts'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { DryRun } from '../import/dryRun.tsx'
import type { FixesState } from './useFixes.ts'
import { useFixesCount } from './useFixesCount.ts'

interface RunBarProps {
  readonly run: string
  readonly state: FixesState
}

export function RunBar({ run, state }: RunBarProps) {
  const { fixes, canUndo, undo } = state
  const { order, tried } = useOrder(run, state)
  const rows = useRows(run, fixes)
  const nothing = rows === 0
  const waits = order.isPending
  return (
    <>
      {order.error !== null && <ProblemAlert error={order.error} />}
      {tried !== null && <Checked key={tried} run={tried} />}
      <Paper withBorder shadow="sm" px="md" py="sm" radius="lg" className="fixBar">
        <Group justify="space-between" gap="sm">
          <Text c={nothing ? 'dimmed' : undefined} role="status">
            {summary(fixes, rows)}
          </Text>
          <Group gap="sm">
            <Button variant="subtle" color="gray" disabled={!canUndo || waits} onClick={undo}>
              Undo
            </Button>
            <Button
              variant="default"
              disabled={nothing || (waits && !order.variables)}
              loading={waits && order.variables}
              onClick={() => order.mutate(true)}
            >
              Check
            </Button>
            <Button
              disabled={nothing || (waits && order.variables)}
              loading={waits && !order.variables}
              onClick={() => order.mutate(false)}
            >
              {rows === null || rows === 0 ? 'Import the mended rows' : `Import ${noun(rows, 'mended row')}`}
            </Button>
          </Group>
        </Group>
      </Paper>
    </>
  )
}

/** What the check found, brought into sight when it is there. */
function Checked({ run }: { readonly run: string }) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const shown = box.current
    if (shown === null) return
    const grown = new ResizeObserver(() => shown.scrollIntoView({ block: 'nearest' }))
    grown.observe(shown)
    return () => grown.disconnect()
  }, [])
  return (
    <div ref={box} className="fixChecked">
      <DryRun run={run} />
    </div>
  )
}

/** Rows that the fixes change; null while it is not known. Cells alone need nobody to count them. */
function useRows(run: string, fixes: Fixes): number | null {
  const { rules, edits, exclude } = fixes
  const { found } = useFixesCount(run, rules.length === 0 ? null : fixes)
  if (rules.length > 0) return found === null || !found.complete ? null : found.rows
  const left = new Set(exclude)
  return new Set(edits.map(({ record }) => record).filter((record) => !left.has(record))).size
}

function summary({ rules, edits, exclude }: Fixes, rows: number | null): string {
  if (rules.length + edits.length + exclude.length === 0)
    return 'Nothing is mended yet. Type into a cell, or apply a fix to many rows.'
  const parts = [
    rows === null ? '' : `${noun(rows, 'row')} mended`,
    rules.length > 0 ? noun(rules.length, 'fix for many rows', 'fixes for many rows') : '',
    edits.length > 0 ? `${noun(edits.length, 'cell')} by hand` : '',
    exclude.length > 0 ? `${noun(exclude.length, 'row')} left out` : '',
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

interface Tried {
  readonly run: string
  /** What was tried: an answer about other fixes says nothing any more. */
  readonly fixes: Fixes
}

function useOrder(run: string, state: FixesState) {
  const namespace = useNamespace()
  const go = useNavigate()
  const [tried, setTried] = useState<Tried | null>(null)
  const order = useMutation({
    mutationFn: async (dryRun: boolean) => {
      return (await postRunFixes({ path: { namespace, run }, body: { ...state.fixes, dryRun } })).data
    },
    onSuccess: (answer, dryRun) => {
      if (dryRun) return setTried({ run: answer.run, fixes: state.fixes })
      state.clear()
      void go({ to: `/n/${namespace}/runs/${answer.run}` })
    },
  })
  return { order, tried: tried?.fixes === state.fixes ? tried.run : null }
}
