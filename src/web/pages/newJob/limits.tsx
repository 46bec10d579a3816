// Numbers of a job: failed attempts, limits that hold a run before it writes, processing in portions, retried records.
import { NumberInput, SimpleGrid, Switch, TagsInput, Text } from '@mantine/core'
import { breakerSchema, type BreakerLimits } from '../../../core/job.ts'
import {
  failurePolicySchema,
  recordRetrySchema,
  stagedSchema,
  type FailurePolicy,
  type RecordRetry,
} from '../../../core/setup/policies.ts'
import { Fold } from './choice.tsx'
import type { Faults } from './faults.ts'
import type { OfDraft } from './stepProps.ts'

interface CountProps {
  readonly label: string
  readonly help?: string
  readonly value: number | null
  /** An empty field switches it off. */
  readonly off?: string
  readonly min?: number
  readonly suffix?: string
  readonly fault: string | undefined
  readonly onChange: (value: number | null) => void
}

/** A number; where it may be switched off, the empty field says what that means. */
export function Count({ label, help, value, off, min = 0, suffix, fault, onChange }: CountProps) {
  return (
    <NumberInput
      label={label}
      description={help}
      placeholder={off}
      min={min}
      suffix={suffix}
      thousandSeparator=" "
      value={value ?? ''}
      error={fault}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      onChange={(next) => onChange(typeof next === 'number' ? next : off === undefined ? Number.NaN : null)}
    />
  )
}

/** Whether something within a part of the form is wrong. */
export function isFaulty(faults: Faults, within: string): boolean {
  return Object.keys(faults).some((name) => name.startsWith(`${within}.`))
}

export function FailureFold({ draft: { setup, edit }, faults }: OfDraft) {
  const { failure } = setup
  const set = (more: Partial<FailurePolicy>): void => edit({ setup: { failure: { ...failure, ...more } } })
  const { reruns, rerunMinutes, errorWindowHours } = failure
  const usual = JSON.stringify(failure) === JSON.stringify(failurePolicySchema.parse({}))
  return (
    <Fold
      value="failure"
      title="When a run fails"
      said={usual ? `tried again ${reruns} times, every ${rerunMinutes} minutes` : 'changed'}
      faulty={isFaulty(faults, 'failure')}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Count
          label="Tried again so many times"
          value={reruns}
          fault={faults['failure.reruns']}
          onChange={(next) => set({ reruns: next ?? 0 })}
        />
        <Count
          label="Minutes between attempts"
          min={1}
          value={rerunMinutes}
          fault={faults['failure.rerunMinutes']}
          onChange={(next) => set({ rerunMinutes: next ?? 0 })}
        />
        <Count
          label="Halt the job after so many hours of failures"
          off="never"
          value={errorWindowHours}
          fault={faults['failure.errorWindowHours']}
          onChange={(next) => set({ errorWindowHours: next })}
        />
        {errorWindowHours !== null && (
          <Count
            label="With at least so many failed attempts"
            min={1}
            value={failure.errorWindowAttempts}
            fault={faults['failure.errorWindowAttempts']}
            onChange={(next) => set({ errorWindowAttempts: next ?? 0 })}
          />
        )}
      </SimpleGrid>
    </Fold>
  )
}

type NumberLimit =
  | 'rejectsPercent'
  | 'rejectsMin'
  | 'deletesMax'
  | 'deletesPercent'
  | 'rowsMinPercent'
  | 'rowsMaxPercent'

const limits: readonly (readonly [NumberLimit, string, string | undefined])[] = [
  ['rejectsPercent', 'More rejected records than, in percent', 'no limit'],
  ['rejectsMin', 'And more than, in number', undefined],
  ['deletesMax', 'More profiles deleted than', 'no limit'],
  ['deletesPercent', 'Or more of all profiles than, in percent', 'no limit'],
  ['rowsMinPercent', 'Fewer rows than, in percent of the last runs', 'no limit'],
  ['rowsMaxPercent', 'More rows than, in percent of the last runs', 'no limit'],
]

export function BreakerFold({ draft: { definition, edit }, faults }: OfDraft) {
  const { breaker } = definition
  const usual = JSON.stringify(breaker) === JSON.stringify(breakerSchema.parse({}))
  const set = (more: Partial<BreakerLimits>): void =>
    edit({ definition: { breaker: { ...(breaker ?? breakerSchema.parse({})), ...more } } })
  return (
    <Fold
      value="breaker"
      title="Limits that hold a run before it writes"
      said={breaker === null ? 'off' : usual ? 'on' : 'changed'}
      faulty={isFaulty(faults, 'breaker')}
    >
      <Text size="sm" c="dimmed">
        A run that passes one of them waits until somebody has looked at it; nothing is written before.
      </Text>
      <Switch
        label="Hold runs that look wrong"
        checked={breaker !== null}
        onChange={({ currentTarget }) =>
          edit({ definition: { breaker: currentTarget.checked ? breakerSchema.parse({}) : null } })
        }
      />
      {breaker !== null && (
        <>
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            {limits.map(([name, label, off]) => (
              <Count
                key={name}
                label={label}
                off={off}
                value={breaker[name]}
                fault={faults[`breaker.${name}`]}
                onChange={(next) => set({ [name]: next })}
              />
            ))}
          </SimpleGrid>
          <Switch
            label="A file without records"
            checked={breaker.empty}
            onChange={({ currentTarget }) => set({ empty: currentTarget.checked })}
          />
          <Switch
            label="A column that is missing or has other values than before"
            checked={breaker.columns}
            onChange={({ currentTarget }) => set({ columns: currentTarget.checked })}
          />
        </>
      )}
    </Fold>
  )
}

export function StagedFold({ draft: { setup, edit }, faults }: OfDraft) {
  const { staged } = setup
  return (
    <Fold
      value="staged"
      title="Read now, process later"
      said={staged === null ? 'off' : `every ${staged.everyMinutes} minutes`}
      faulty={isFaulty(faults, 'staged')}
    >
      <Switch
        label="Records wait after they are read, and are processed in portions"
        description="While they wait they can be looked at and skipped."
        checked={staged !== null}
        onChange={({ currentTarget }) =>
          edit({ setup: { staged: currentTarget.checked ? stagedSchema.parse({}) : null } })
        }
      />
      {staged !== null && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <Count
            label="Minutes between portions"
            min={1}
            value={staged.everyMinutes}
            fault={faults['staged.everyMinutes']}
            onChange={(next) => edit({ setup: { staged: { ...staged, everyMinutes: next ?? 0 } } })}
          />
          <Count
            label="Records in a portion"
            off="all that wait"
            min={1}
            value={staged.perRun}
            fault={faults['staged.perRun']}
            onChange={(next) => edit({ setup: { staged: { ...staged, perRun: next } } })}
          />
        </SimpleGrid>
      )}
    </Fold>
  )
}

export function RetryFold({ draft: { setup, edit }, faults }: OfDraft) {
  const { recordRetry } = setup
  const set = (more: Partial<RecordRetry>): void => {
    if (recordRetry !== null) edit({ setup: { recordRetry: { ...recordRetry, ...more } } })
  }
  return (
    <Fold
      value="recordRetry"
      title="Retry failed records by themselves"
      said={recordRetry === null ? 'off' : `${recordRetry.attempts} times`}
      faulty={isFaulty(faults, 'recordRetry')}
    >
      <Switch
        label="Try records again that failed for these problems"
        checked={recordRetry !== null}
        onChange={({ currentTarget }) =>
          edit({
            setup: { recordRetry: currentTarget.checked ? recordRetrySchema.parse({ codes: ['*'] }) : null },
          })
        }
      />
      {recordRetry !== null && (
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TagsInput
            label="Codes of problems"
            description="A * at the end stands for any ending."
            value={recordRetry.codes}
            error={faults['recordRetry.codes']}
            onChange={(codes) => set({ codes })}
          />
          <Count
            label="So many times"
            min={1}
            value={recordRetry.attempts}
            fault={faults['recordRetry.attempts']}
            onChange={(next) => set({ attempts: next ?? 0 })}
          />
          <Count
            label="Minutes between attempts"
            min={1}
            value={recordRetry.everyMinutes}
            fault={faults['recordRetry.everyMinutes']}
            onChange={(next) => set({ everyMinutes: next ?? 0 })}
          />
        </SimpleGrid>
      )}
    </Fold>
  )
}
