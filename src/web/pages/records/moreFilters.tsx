// The filters that are set less often: which record, type and time, and what became of it in detail.
import { Autocomplete, Checkbox, Group, NativeSelect, Stack, TextInput } from '@mantine/core'
import { problems } from '../../../core/problems.ts'
import { outcomes, skipReasons } from '../../../core/record.ts'
import { one } from '../../lib/address.ts'
import { MatchInput } from '../../parts/matchInput.tsx'
import { spoken, type FilterProps } from './filters.ts'

export function MoreFilters({ asked, ask }: FilterProps) {
  return (
    <Stack gap="sm">
      <Matching
        label="Record"
        equals="id"
        part="id_contains"
        placeholder="r1042/17"
        asked={asked}
        ask={ask}
      />
      <Matching
        label="Type"
        equals="type"
        part="type_contains"
        placeholder="customers.csv"
        asked={asked}
        ask={ask}
      />
      <Range label="Created" since="created_since" until="created_until" asked={asked} ask={ask} />
      <Range label="Updated" since="since" until="until" asked={asked} ask={ask} />
      <Group grow gap="sm">
        <Choice label="Outcome" name="outcome" options={outcomes} asked={asked} ask={ask} />
        <Choice label="Skip reason" name="reason" options={skipReasons} asked={asked} ask={ask} />
      </Group>
      <Group grow gap="sm">
        <Code asked={asked} ask={ask} />
        <RunInput asked={asked} ask={ask} />
      </Group>
      <Checkbox
        label="Also rows that were retried since"
        checked={one(asked, 'all_attempts') !== undefined}
        onChange={({ currentTarget }) => ask({ all_attempts: currentTarget.checked ? 'true' : null })}
      />
    </Stack>
  )
}

interface MatchingProps extends FilterProps {
  readonly label: string
  readonly equals: string
  readonly part: string
  readonly placeholder: string
}

function Matching({ label, equals, part, placeholder, asked, ask }: MatchingProps) {
  const exact = one(asked, equals)
  return (
    <MatchInput
      label={label}
      placeholder={placeholder}
      match={exact === undefined ? 'contains' : 'is'}
      value={exact ?? one(asked, part) ?? ''}
      onAsk={(match, value) =>
        ask({ [equals]: match === 'is' ? value : null, [part]: match === 'contains' ? value : null })
      }
    />
  )
}

interface RangeProps extends FilterProps {
  readonly label: string
  readonly since: string
  readonly until: string
}

/** In the viewer's zone; the address has it in UTC. */
function Range({ label, since, until, asked, ask }: RangeProps) {
  return (
    <Group grow gap="sm" align="flex-end">
      {[
        { name: since, text: `${label} since` },
        { name: until, text: `${label} until` },
      ].map(({ name, text }) => (
        <TextInput
          key={`${name} ${one(asked, name)}`}
          label={text}
          type="datetime-local"
          defaultValue={localText(one(asked, name))}
          onBlur={({ currentTarget }) => ask({ [name]: utcText(currentTarget.value) })}
          onKeyDown={({ key, currentTarget }) => {
            if (key === 'Enter') ask({ [name]: utcText(currentTarget.value) })
          }}
          styles={{ input: { paddingInline: 8 } }}
        />
      ))}
    </Group>
  )
}

function localText(iso: string | undefined): string {
  const date = iso === undefined ? null : new Date(iso)
  if (date === null || Number.isNaN(date.getTime())) return ''
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}T${two(date.getHours())}:${two(date.getMinutes())}`
}

function utcText(local: string): string | null {
  const date = new Date(local)
  return Number.isNaN(date.getTime()) ? null : date.toISOString().replace('.000Z', 'Z')
}

interface ChoiceProps extends FilterProps {
  readonly label: string
  readonly name: string
  readonly options: readonly string[]
}

function Choice({ label, name, options, asked, ask }: ChoiceProps) {
  return (
    <NativeSelect
      label={label}
      data={[{ value: '', label: 'Any' }, ...options.map((value) => ({ value, label: spoken(value) }))]}
      value={one(asked, name) ?? ''}
      onChange={({ currentTarget }) => ask({ [name]: currentTarget.value })}
    />
  )
}

const recordCodes = Object.entries(problems)
  .filter(([, { class: kind }]) => kind === 'record')
  .map(([code]) => code)

function Code({ asked, ask }: FilterProps) {
  const value = one(asked, 'code') ?? ''
  return (
    <Autocomplete
      key={value}
      label="Problem"
      placeholder="email.invalid"
      data={recordCodes}
      defaultValue={value}
      maxDropdownHeight={240}
      comboboxProps={{ withinPortal: false }}
      onOptionSubmit={(code) => ask({ code })}
      onBlur={({ currentTarget }) => ask({ code: currentTarget.value.trim() })}
    />
  )
}

function RunInput({ asked, ask }: FilterProps) {
  const value = one(asked, 'run') ?? ''
  const put = (text: string): void => ask({ run: text.trim().replace(/^(?=\d)/, 'r') })
  return (
    <TextInput
      key={value}
      label="Run"
      placeholder="r1042"
      defaultValue={value}
      onBlur={({ currentTarget }) => put(currentTarget.value)}
      onKeyDown={({ key, currentTarget }) => {
        if (key === 'Enter') put(currentTarget.value)
      }}
    />
  )
}
