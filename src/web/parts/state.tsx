// States as badges: words, colours and explanations come from the machines in core.
import { Badge, Tooltip } from '@mantine/core'
import { jobMachine } from '../../core/jobState.ts'
import type { StateDefinition, Tone } from '../../core/machine.ts'
import { recordMachine } from '../../core/record.ts'
import { runMachine } from '../../core/run.ts'
import { withoutCommands } from '../lib/advice.ts'

/** Colours by tone; each has a word beside it, so that nothing is said by colour alone. */
export const toneColours: Readonly<Record<Tone, string>> = {
  waiting: 'gray',
  active: 'blue',
  good: 'green',
  warn: 'orange',
  bad: 'red',
  stopped: 'gray',
}

const machines = { job: jobMachine, run: runMachine, record: recordMachine } as const

interface StateBadgeProps {
  readonly of: keyof typeof machines
  readonly state: string
  /** What the vendor's dialect calls it, where the namespace picked one. */
  readonly word?: string | undefined
}

/** A state with its label; hovering tells what it means and what a person does next (BC-10). */
export function StateBadge({ of, state, word }: StateBadgeProps) {
  const definition = (machines[of].states as Readonly<Record<string, StateDefinition>>)[state]
  const tone = definition?.tone ?? 'waiting'
  return (
    <Tooltip
      multiline
      maw={320}
      label={definition === undefined ? state : `${definition.doc} ${withoutCommands(definition.next)}`}
    >
      <Badge
        color={toneColours[tone]}
        variant={tone === 'waiting' || tone === 'stopped' ? 'outline' : 'light'}
        tt="none"
        fw={600}
        style={{ cursor: 'help' }}
      >
        {word ?? definition?.label ?? state}
      </Badge>
    </Tooltip>
  )
}
