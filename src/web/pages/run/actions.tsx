// What can be done with a run now: only what is legal, and what the viewer may.
import { Button, Popover, Stack, Text } from '@mantine/core'
import { IconArrowBackUp, IconPlayerPlay, IconPlayerStop, IconTerminal2 } from '@tabler/icons-react'
import type { RunView } from '../../../client/index.ts'
import { useMay } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { CopyCommand } from '../../parts/copyCommand.tsx'
import { commandsOf } from './commands.ts'
import { useUndo, type useMove } from './moves.ts'

interface ActionsProps {
  readonly view: RunView
  readonly move: ReturnType<typeof useMove>
}

/** Release and drop stand with what they are decided on (decision.tsx). */
export function Actions({ view, move }: ActionsProps) {
  const { moves } = view.run
  const mayRun = useMay('run')
  return (
    <>
      <Commands view={view} />
      <Undo view={view} />
      {mayRun && moves.includes('stop') && <Stop view={view} move={move} />}
      {mayRun && moves.includes('retry-now') && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={move.isPending}
          onClick={() => move.mutate({ move: 'retry-now' })}
        >
          Retry now
        </Button>
      )}
      {mayRun && moves.includes('resume') && view.run.revertedBy === null && (
        <Button
          leftSection={<IconPlayerPlay size={16} aria-hidden />}
          loading={move.isPending}
          onClick={() => move.mutate({ move: 'resume' })}
        >
          Resume
        </Button>
      )}
    </>
  )
}

function Stop({ view: { run }, move }: ActionsProps) {
  const ask = useAsk()
  const stop = (): void =>
    ask({
      title: `Stop ${run.id}?`,
      body: 'What it has in hand is finished first. What was written stays and is counted; you can resume it later, or undo it.',
      yes: 'Stop the run',
      danger: true,
      act: () => move.mutateAsync({ move: 'stop' }),
    })
  return (
    <Button variant="default" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={stop}>
      Stop
    </Button>
  )
}

/** An undo is previewed on a page of its own: nothing changes before somebody releases it there. */
function Undo({ view: { run, counters } }: Pick<ActionsProps, 'view'>) {
  const ask = useAsk()
  const undo = useUndo(run.namespace)
  const may = useMay('undo')
  const target = run.revertedBy ?? (run.undoableUntil === null ? null : run.id)
  const { created, updated, merged, deleted = 0, restored = 0 } = counters.finished
  const changed = created + updated + merged + deleted + restored > 0
  if (!may || target === null || !changed) return null
  const back = run.reverts ?? (run.revertedBy === null ? null : run.id)
  const open = (): void =>
    ask({
      title: back === null ? `Undo ${run.id}?` : `Have ${back} back?`,
      body:
        back !== null
          ? `Sluice works out what it takes to undo ${target}, which took ${back} back, and shows it. Nothing changes before you say so.`
          : 'Sluice works out which profiles would get their values back, and which must stay as they are and why, and shows it. Nothing changes before you say so.',
      yes: 'Show what would happen',
      act: () => undo(target),
    })
  return (
    <Button variant="default" leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={open}>
      {back === null ? 'Undo…' : `Have ${back} back…`}
    </Button>
  )
}

function Commands({ view }: Pick<ActionsProps, 'view'>) {
  return (
    <Popover position="bottom-end" width={380} withinPortal trapFocus shadow="md">
      <Popover.Target>
        <Button variant="subtle" color="gray" leftSection={<IconTerminal2 size={16} aria-hidden />}>
          Commands
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          {commandsOf(view).map(({ does, command }) => (
            <div key={command}>
              <Text size="xs" c="dimmed">
                {does}
              </Text>
              <CopyCommand command={command} />
            </div>
          ))}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}
