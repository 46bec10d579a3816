// How long things are kept, what there is of each, and what a change would remove before it is made.
import { Alert, NumberInput, Skeleton, Stack, Switch, Table, Text } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useDebouncedValue } from '@mantine/hooks'
import { useState, type FormEvent } from 'react'
import { getRetentionForecastOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { RetentionForecast } from '../../../client/index.ts'
import { auditDaysLeast, type Retention } from '../../../core/namespaceSettings.ts'
import { retentionWords } from '../../../core/retention.ts'
import { bytes, count, noun } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { Section } from '../../parts/section.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { When } from '../../parts/when.tsx'
import { Forecast } from './forecast.tsx'
import { ReadOnly, SaveBar } from './saveBar.tsx'
import { useSave, useSettings, type Looked } from './useSettings.ts'

type Days = Omit<Retention, 'pausedDefinitions'>

const fields: readonly { readonly name: keyof Days; readonly label: string; readonly gone: string }[] = [
  { name: 'landings', label: 'Files as they came', gone: 'Then a run can no longer be read again.' },
  { name: 'ledger', label: 'Records', gone: 'By whole months. Then they are no longer listed; totals stay.' },
  { name: 'changes', label: 'What undo needs', gone: 'Then a run can no longer be undone.' },
  { name: 'artifacts', label: 'Error files', gone: 'Then they can no longer be downloaded.' },
  { name: 'logs', label: 'Logs and messages', gone: 'Delivered messages only.' },
  {
    name: 'jobs',
    label: 'Jobs that are over',
    gone: 'Completed, halted or paused; they go with their runs.',
  },
  {
    name: 'audit',
    label: 'Audit and run history',
    gone: `Who did what, and the list of runs; ${auditDaysLeast} days at least.`,
  },
]

export function RetentionSettings() {
  const settings = useSettings()
  return (
    <Loaded query={settings} lines={8}>
      {(looked) => <Kept looked={looked} />}
    </Loaded>
  )
}

/** What a forecast is asked with; null: for ever. */
function asIf(retention: Retention) {
  const { pausedDefinitions, ...days } = retention
  const named = Object.entries(days).map(([name, value]) => [name, value ?? 'never'] as const)
  return { ...Object.fromEntries(named), pausedDefinitions: String(pausedDefinitions) } as never
}

function Kept({ looked: { view, tag } }: { readonly looked: Looked }) {
  const namespace = useNamespace()
  const may = useMay('settings')
  const kept = view.settings.retention
  const [typed, setTyped] = useState<Partial<Retention>>({})
  const now = { ...kept, ...typed }
  const changed = JSON.stringify(now) !== JSON.stringify(kept)
  const [asked] = useDebouncedValue(now, 400)
  const forecast = useQuery({
    ...getRetentionForecastOptions({ path: { namespace }, query: asIf(asked) }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  })
  const save = useSave(tag)
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    save.mutate({ retention: typed }, { onSuccess: () => setTyped({}) })
  }
  return (
    <Stack gap="lg">
      <Section
        title="How long things are kept"
        about="Every night what is older goes. Profiles are never touched."
      >
        <form onSubmit={submit}>
          <Stack>
            <Fields now={now} may={may} change={(more) => setTyped({ ...typed, ...more })} />
            {changed && forecast.data !== undefined && <Loss forecast={forecast.data} />}
            {may ? (
              <SaveBar
                changed={changed}
                saving={save}
                saved="Saved. The next night goes by it."
                discard={() => setTyped({})}
              />
            ) : (
              <ReadOnly />
            )}
          </Stack>
        </form>
      </Section>
      <Section
        title={changed ? 'What would be kept, and what would go' : 'What is kept, and what goes'}
        about="Counted by the rules that remove it. Records and what undo needs are estimated."
      >
        {forecast.error !== null && <ProblemAlert error={forecast.error} />}
        {forecast.isPending && <Skeleton height={260} />}
        {forecast.data !== undefined && <Forecast forecast={forecast.data} />}
      </Section>
      {forecast.data !== undefined && forecast.data.jobs.length > 0 && <JobsToGo jobs={forecast.data.jobs} />}
    </Stack>
  )
}

interface FieldsProps {
  readonly now: Retention
  readonly may: boolean
  readonly change: (more: Partial<Retention>) => void
}

function Fields({ now, may, change }: FieldsProps) {
  return (
    <>
      <div className="retention-fields">
        {fields.map(({ name, label, gone }) => (
          <NumberInput
            key={name}
            label={label}
            description={gone}
            placeholder="for ever"
            min={name === 'audit' ? auditDaysLeast : 1}
            max={3_650}
            clampBehavior="blur"
            allowDecimal={false}
            suffix={now[name] === 1 ? ' day' : ' days'}
            disabled={!may}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            value={now[name] ?? ''}
            onChange={(next) => change({ [name]: typeof next === 'number' ? next : null })}
          />
        ))}
      </div>
      <Text size="sm" c="dimmed">
        An empty field: for ever.
      </Text>
      <Switch
        label="Keep what a paused job is, and remove only its runs"
        disabled={!may}
        checked={now.pausedDefinitions}
        onChange={({ currentTarget }) => change({ pausedDefinitions: currentTarget.checked })}
      />
    </>
  )
}

/** What the next night takes if the change is saved. */
function Loss({ forecast: { kinds } }: { readonly forecast: RetentionForecast }) {
  const going = kinds.filter(({ due }) => due.now.count > 0)
  if (going.length === 0)
    return (
      <Alert color="gray" title="Nothing goes at once" role="status">
        With this change the next night removes nothing.
      </Alert>
    )
  const freed = going.reduce((all, { due }) => all + due.now.bytes, 0)
  return (
    <Alert color="orange" title={`The next night removes ${bytes(freed)} for good`} role="status">
      {going.map(({ kind, due }) => `${count(due.now.count)} ${retentionWords[kind]}`).join(', ')}. It cannot
      be taken back once it is done.
    </Alert>
  )
}

function JobsToGo({ jobs }: { readonly jobs: RetentionForecast['jobs'] }) {
  const namespace = useNamespace()
  return (
    <Section title={`${noun(jobs.length, 'job')} ${jobs.length === 1 ? 'goes' : 'go'} within 30 days`}>
      <Table>
        <Table.Tbody>
          {jobs.map(({ job, state, goes }) => (
            <Table.Tr key={job}>
              <Table.Td style={{ overflowWrap: 'anywhere' }}>
                <Go to={`/n/${namespace}/jobs/${encodeURIComponent(job)}`}>{job}</Go>
              </Table.Td>
              <Table.Td>
                <StateBadge of="job" state={state} />
              </Table.Td>
              <Table.Td ta="right">
                <When at={goes} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Section>
  )
}
