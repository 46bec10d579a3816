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
  /** Of a run: what its state is called where it differs from others in it. */
  readonly label?: string
  /** Of a run: it was only tried, so nothing of it is missing where it was skipped. */
  readonly dryRun?: boolean
}

const tried = 'Everything was decided as in an import, and nothing was written.'

/** A state with its label; hovering tells what it means and what a person does next (BC-10). */
export function StateBadge({ of, state, word, label, dryRun = false }: StateBadgeProps) {
  const definition = (machines[of].states as Readonly<Record<string, StateDefinition>>)[state]
  const tone = definition?.tone ?? 'waiting'
  const says = dryRun && state === 'skipped' ? tried : (saysOf(definition) ?? state)
  return (
    <Tooltip multiline maw={320} label={says}>
      <Badge
        color={toneColours[tone]}
        variant={tone === 'waiting' || tone === 'stopped' ? 'outline' : 'light'}
        tt="none"
        fw={600}
        style={{ cursor: 'help' }}
      >
        {word ?? label ?? definition?.label ?? state}
      </Badge>
    </Tooltip>
  )
}

function saysOf(definition: StateDefinition | undefined): string | undefined {
  return definition && `${definition.doc} ${withoutCommands(definition.next)}`
}
