// When the job runs: the kinds of schedules, what is done about missed and overlapping runs, and the next ten runs.
import {
  Accordion,
  Alert,
  Grid,
  Radio,
  Select,
  SimpleGrid,
  Stack,
  Switch,
  Text,
  TextInput,
} from '@mantine/core'
import type { JobSetup } from '../../../core/jobSetup.ts'
import type { Schedule } from '../../../core/setup/schedule.ts'
import { Fold } from './choice.tsx'
import { localInput, fromLocalInput } from './dates.ts'
import { NextRuns } from './nextRuns.tsx'
import { OtherJob } from './otherJob.tsx'
import { QuietHours } from './quietHours.tsx'
import { RuleFields } from './ruleFields.tsx'
import { changeTo, wayOf, ways, type Way } from './schedules.ts'
import type { StepProps } from './stepProps.ts'

export function ScheduleStep(props: StepProps) {
  const { setup } = props.draft
  if (setup.source.kind === 'upload')
    return (
      <Alert color="gray" title="It runs once">
        Its file is given by hand, so there is nothing to wait for: it is imported when the job is switched
        on. A job that reads a folder can have a schedule.
      </Alert>
    )
  return (
    <Grid gap="xl">
      <Grid.Col span={{ base: 12, md: 7 }}>
        <ScheduleForm {...props} />
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 5 }}>
        <NextRuns job={props.draft.job?.id} setup={setup} />
      </Grid.Col>
    </Grid>
  )
}

function ScheduleForm({ draft, faults }: StepProps) {
  const { setup, edit } = draft
  const { schedule, source } = setup
  const way = wayOf(setup)
  const arrives = source.kind === 'folder'
  const offered = (Object.keys(ways) as Way[]).filter((one) => one !== 'arrival' || arrives)
  return (
    <Stack>
      <Select
        label="It runs"
        data={offered.map((value) => ({ value, label: ways[value] }))}
        value={way}
        allowDeselect={false}
        maxDropdownHeight={400}
        onChange={(next) => next !== null && edit({ setup: changeTo(next, setup) })}
      />
      {schedule !== null && (
        <RuleFields
          rule={schedule.rule}
          faults={faults}
          onChange={(rule) => edit({ setup: { schedule: { ...schedule, rule } } })}
        />
      )}
      {way === 'after' && (
        <OtherJob
          value={setup.after ?? ''}
          self={draft.job?.job}
          fault={faults['after']}
          onChange={(after) => edit({ setup: { after } })}
        />
      )}
      {arrives && way !== 'arrival' && way !== 'once' && (
        <Switch
          label="Also as soon as a file arrives"
          description="A file counts as arrived when it has stopped growing, or its marker is there."
          checked={source.onArrival}
          onChange={({ currentTarget: { checked } }) =>
            edit({ setup: { source: { ...source, onArrival: checked } } })
          }
        />
      )}
      {way !== 'once' && <QuietHours setup={setup} faults={faults} edit={edit} />}
      {schedule !== null && <Around schedule={schedule} faults={faults} edit={edit} />}
    </Stack>
  )
}

interface AroundProps extends Pick<StepProps, 'faults'> {
  readonly schedule: Schedule
  readonly edit: (edits: { setup: Partial<JobSetup> }) => void
}

const zones = Intl.supportedValuesOf('timeZone')

function Around({ schedule, faults, edit }: AroundProps) {
  const set = (more: Partial<Schedule>): void => edit({ setup: { schedule: { ...schedule, ...more } } })
  const { zone, start, end } = schedule
  const bounded = start !== null || end !== null
  return (
    <>
      <Select
        label="Time zone"
        data={zones}
        searchable
        clearable
        placeholder="That of the namespace"
        value={zone}
        error={faults['schedule.zone']}
        onChange={(next) => set({ zone: next })}
      />
      <Accordion variant="separated" multiple>
        <Fold value="bounds" title="From and until" said={bounded ? 'set' : 'from now on, without end'}>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <Moment label="First run not before" value={start} onChange={(next) => set({ start: next })} />
            <Moment label="Last run not after" value={end} onChange={(next) => set({ end: next })} />
          </SimpleGrid>
          <Text size="sm" c="dimmed">
            In your own time zone. At its end the job is completed.
          </Text>
        </Fold>
        <Misses schedule={schedule} set={set} />
      </Accordion>
    </>
  )
}

interface MissesProps {
  readonly schedule: Schedule
  readonly set: (more: Partial<Schedule>) => void
}

function Misses({ schedule: { missed, overlap }, set }: MissesProps) {
  const usual = missed === 'run_once' && overlap === 'queue'
  return (
    <Fold value="misses" title="Missed and overlapping runs" said={usual ? '' : 'changed'}>
      <Radio.Group
        label="If nobody was there when it was due"
        value={missed}
        onChange={(next) => set({ missed: next })}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="run_once" label="Run once for all that was missed" />
          <Radio value="skip" label="Leave it out, and wait for the next time" />
        </Stack>
      </Radio.Group>
      <Radio.Group
        label="If the last run has not ended when it is due"
        value={overlap}
        onChange={(next) => set({ overlap: next })}
      >
        <Stack gap="xs" mt={6}>
          <Radio value="queue" label="Wait behind it; one run at most waits" />
          <Radio value="skip" label="Leave this one out" />
        </Stack>
      </Radio.Group>
    </Fold>
  )
}

interface MomentProps {
  readonly label: string
  readonly value: string | null
  readonly onChange: (value: string | null) => void
}

function Moment({ label, value, onChange }: MomentProps) {
  return (
    <TextInput
      type="datetime-local"
      label={label}
      value={localInput(value)}
      onChange={({ currentTarget }) => onChange(fromLocalInput(currentTarget.value))}
    />
  )
}
