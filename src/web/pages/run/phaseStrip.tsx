// The phases of a run as a strip: what is done, what goes on, what is ahead, each with its time.
import { Loader, Text, Tooltip } from '@mantine/core'
import { IconCheck, IconPlayerStopFilled } from '@tabler/icons-react'
import type { RunView } from '../../../client/index.ts'
import { duration } from '../../lib/numbers.ts'
import { phasesOf, type Phase } from './phases.ts'

const said = { done: 'done', active: 'under way', ahead: 'ahead', ended: 'ended here' } as const

export function PhaseStrip({ view }: { readonly view: RunView }) {
  return (
    <ol className="run-phases" aria-label="Phases">
      {phasesOf(view).map((phase) => (
        <li key={phase.name} data-is={phase.is} aria-current={phase.is === 'active' ? 'step' : undefined}>
          <span className="run-phase-mark">
            <Mark is={phase.is} />
          </span>
          <div>
            <Tooltip label={phase.doc} multiline maw={280}>
              <Text
                fw={phase.is === 'active' ? 700 : 500}
                size="sm"
                c={phase.is === 'ahead' ? 'dimmed' : undefined}
              >
                {phase.label}
                <span className="run-hidden">: {said[phase.is]}</span>
              </Text>
            </Tooltip>
            <Text size="xs" c="dimmed" className="numbers">
              {phase.seconds === null ? (phase.is === 'ahead' ? '' : '–') : duration(phase.seconds)}
            </Text>
          </div>
        </li>
      ))}
    </ol>
  )
}

function Mark({ is }: Pick<Phase, 'is'>) {
  if (is === 'done') return <IconCheck size={14} stroke={3} aria-hidden />
  if (is === 'active') return <Loader size={14} color="currentColor" aria-hidden />
  if (is === 'ended') return <IconPlayerStopFilled size={12} aria-hidden />
  return null
}
