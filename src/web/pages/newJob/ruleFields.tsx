// The fields of each kind of schedule.
import { Chip, Group, Input, NumberInput, Select, SimpleGrid, TextInput } from '@mantine/core'
import { weekdays, type ScheduleRule } from '../../../core/setup/schedule.ts'
import type { Faults } from './faults.ts'

interface RuleProps<K extends ScheduleRule['kind'] = ScheduleRule['kind']> {
  readonly rule: Extract<ScheduleRule, { kind: K }>
  readonly faults: Faults
  readonly onChange: (rule: ScheduleRule) => void
}

const fault = (faults: Faults, name: string): string | undefined =>
  faults[`schedule.rule.${name}`] ?? (name === 'at' || name === 'from' ? undefined : faults['schedule.rule'])

export function RuleFields({ rule, ...rest }: RuleProps) {
  switch (rule.kind) {
    case 'times_per_day':
      return <TimesPerDay rule={rule} {...rest} />
    case 'weekdays':
      return <Weekdays rule={rule} {...rest} />
    case 'day_of_month':
      return <DayOfMonth rule={rule} {...rest} />
    case 'weekday_of_month':
      return <WeekdayOfMonth rule={rule} {...rest} />
    case 'every':
      return (
        <NumberInput
          label="Minutes between runs"
          maw={240}
          min={1}
          max={525_600}
          value={rule.minutes}
          error={fault(rest.faults, 'minutes')}
          onChange={(minutes) => rest.onChange({ ...rule, minutes: numberOf(minutes) })}
        />
      )
    case 'cron':
      return (
        <TextInput
          label="Cron expression"
          description="Minute, hour, day of the month, month, day of the week: 0 6 * * 1-5 is Mondays to Fridays at 06:00."
          classNames={{ input: 'code' }}
          value={rule.expression}
          error={fault(rest.faults, 'expression')}
          onChange={({ currentTarget }) => rest.onChange({ ...rule, expression: currentTarget.value })}
        />
      )
  }
}

/** An empty field is no number; the rules say so. */
function numberOf(value: string | number): number {
  return typeof value === 'number' ? value : 0
}

interface TimeProps {
  readonly label: string
  readonly value: string
  readonly fault: string | undefined
  readonly onChange: (value: string) => void
}

function Time({ label, value, fault: wrong, onChange }: TimeProps) {
  return (
    <TextInput
      type="time"
      label={label}
      value={value}
      error={wrong}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}

function TimesPerDay({ rule, faults, onChange }: RuleProps<'times_per_day'>) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <NumberInput
        label="Times a day"
        description={rule.times > 1 ? 'Evenly spaced.' : undefined}
        min={1}
        max={1440}
        value={rule.times}
        error={fault(faults, 'times')}
        onChange={(times) => onChange({ ...rule, times: numberOf(times) })}
        inputWrapperOrder={['label', 'input', 'description', 'error']}
      />
      <Time
        label={rule.times > 1 ? 'The first at' : 'At'}
        value={rule.from}
        fault={fault(faults, 'from')}
        onChange={(from) => onChange({ ...rule, from })}
      />
    </SimpleGrid>
  )
}

function Weekdays({ rule, faults, onChange }: RuleProps<'weekdays'>) {
  const wrong = fault(faults, 'days')
  return (
    <>
      <Input.Wrapper label="Days" error={wrong} labelElement="div">
        <Chip.Group
          multiple
          value={rule.days}
          onChange={(days) =>
            onChange({ ...rule, days: weekdays.filter((day) => (days as string[]).includes(day)) })
          }
        >
          <Group gap={6} mt={4} role="group" aria-label="Days">
            {weekdays.map((day) => (
              <Chip key={day} value={day} size="sm">
                {titled(day).slice(0, 3)}
              </Chip>
            ))}
          </Group>
        </Chip.Group>
      </Input.Wrapper>
      <At rule={rule} faults={faults} onChange={onChange} />
    </>
  )
}

function At({ rule, faults, onChange }: RuleProps<'weekdays' | 'day_of_month' | 'weekday_of_month'>) {
  return (
    <Time
      label="At"
      value={rule.at}
      fault={fault(faults, 'at')}
      onChange={(at) => onChange({ ...rule, at })}
    />
  )
}

function DayOfMonth({ rule, faults, onChange }: RuleProps<'day_of_month'>) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <NumberInput
        label="Day of the month"
        min={1}
        max={31}
        value={rule.day}
        error={fault(faults, 'day')}
        onChange={(day) => onChange({ ...rule, day: numberOf(day) })}
      />
      <At rule={rule} faults={faults} onChange={onChange} />
      {rule.day > 28 && (
        <Select
          label="In months without that day"
          data={[
            { value: 'skip', label: 'It does not run' },
            { value: 'last_day', label: 'It runs on the last day' },
          ]}
          allowDeselect={false}
          value={rule.missing}
          onChange={(missing) => onChange({ ...rule, missing: missing as typeof rule.missing })}
        />
      )}
    </SimpleGrid>
  )
}

const which = ['first', 'second', 'third', 'fourth', 'last'] as const

function WeekdayOfMonth({ rule, faults, onChange }: RuleProps<'weekday_of_month'>) {
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }}>
      <Select
        label="Which"
        data={which.map((value) => ({ value, label: titled(value) }))}
        allowDeselect={false}
        value={rule.which}
        onChange={(next) => onChange({ ...rule, which: next as typeof rule.which })}
      />
      <Select
        label="Weekday"
        data={weekdays.map((value) => ({ value, label: titled(value) }))}
        allowDeselect={false}
        value={rule.day}
        onChange={(day) => onChange({ ...rule, day: day as typeof rule.day })}
      />
      <At rule={rule} faults={faults} onChange={onChange} />
    </SimpleGrid>
  )
}

function titled(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1)
}
