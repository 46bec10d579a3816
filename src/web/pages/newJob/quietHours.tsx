// Hours in which the job begins nothing by itself (LY-D05).
import { SimpleGrid, Switch, TextInput } from '@mantine/core'
import type { JobSetup } from '../../../core/jobSetup.ts'
import type { StepProps } from './stepProps.ts'

const usual: NonNullable<JobSetup['quiet']> = { from: '22:00', to: '06:00', zone: null }

interface QuietProps extends Pick<StepProps, 'faults'> {
  readonly setup: JobSetup
  readonly edit: (edits: { setup: Partial<JobSetup> }) => void
}

export function QuietHours({ setup: { quiet }, faults, edit }: QuietProps) {
  const field = (name: 'from' | 'to', label: string) => (
    <TextInput
      type="time"
      label={label}
      value={quiet?.[name] ?? ''}
      error={faults[`quiet.${name}`]}
      onChange={({ currentTarget: { value } }) =>
        edit({ setup: { quiet: { ...(quiet ?? usual), [name]: value } } })
      }
    />
  )
  return (
    <>
      <Switch
        label="Quiet hours"
        description="What is due in them waits until they are over. What somebody starts runs at any time."
        checked={quiet !== null}
        onChange={({ currentTarget: { checked } }) => edit({ setup: { quiet: checked ? usual : null } })}
      />
      {quiet !== null && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {field('from', 'Quiet from')}
          {field('to', 'Quiet until')}
        </SimpleGrid>
      )}
    </>
  )
}
