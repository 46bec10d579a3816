// What narrows the list of runs: state, job and kind; all of it stands in the address.
import { Group, Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getJobsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { statesOf } from '../../../core/machine.ts'
import { runMachine, type RunState } from '../../../core/run.ts'
import { one, type Asked, type Change } from '../../lib/address.ts'
import { useNamespace } from '../../lib/place.ts'

export interface RunFilter {
  readonly state: RunState | undefined
  readonly job: string | undefined
  readonly kind: 'one_time' | 'recurring' | undefined
}

const states = statesOf(runMachine)
const kinds = ['recurring', 'one_time'] as const

/** What the address says; anything it cannot mean is as if it were not there. */
export function runFilterIn(asked: Asked): RunFilter {
  return {
    state: states.find((name) => name === one(asked, 'state')),
    job: one(asked, 'job'),
    kind: kinds.find((name) => name === one(asked, 'kind')),
  }
}

export function isNarrowed(filter: RunFilter): boolean {
  return Object.values(filter).some((value) => value !== undefined)
}

interface FiltersProps {
  readonly filter: RunFilter
  readonly ask: (change: Change) => void
}

/** As wide as this; on a phone it shares its line with others. */
const room = (width: number) => ({ maw: width, style: { flex: '1 1 140px' } })

export function RunFilters({ filter, ask }: FiltersProps) {
  const { state, kind } = filter
  return (
    <Group gap="sm">
      <JobSelect filter={filter} ask={ask} />
      <Select
        aria-label="State"
        placeholder="Any state"
        {...room(220)}
        clearable
        data={states.map((value) => ({ value, label: runMachine.states[value].label }))}
        value={state ?? null}
        onChange={(value) => ask({ state: value })}
      />
      <Select
        aria-label="Type of job"
        placeholder="Any type"
        {...room(150)}
        clearable
        data={[
          { value: 'recurring', label: 'Recurring' },
          { value: 'one_time', label: 'One-time' },
        ]}
        value={kind ?? null}
        onChange={(value) => ask({ kind: value })}
      />
    </Group>
  )
}

/** Which jobs there are is asked of the server while one types. */
function JobSelect({ filter: { job }, ask }: FiltersProps) {
  const namespace = useNamespace()
  const [text, setText] = useState('')
  const [opened, setOpened] = useState(false)
  const [settled] = useDebouncedValue(text === job ? '' : text, 200)
  const jobs = useQuery({
    ...getJobsOptions({ path: { namespace }, query: { text: settled, limit: 30 } }),
    enabled: opened,
    placeholderData: keepPreviousData,
  })
  const names = new Set([
    ...(job === undefined ? [] : [job]),
    ...(jobs.data?.jobs.map((one) => one.job) ?? []),
  ])
  return (
    <Select
      aria-label="Job"
      placeholder="Any job"
      {...room(320)}
      clearable
      searchable
      data={[...names]}
      value={job ?? null}
      onChange={(value) => ask({ job: value })}
      onSearchChange={setText}
      onDropdownOpen={() => setOpened(true)}
      nothingFoundMessage={jobs.isFetching ? 'Looking…' : 'No job is called that.'}
      // The server has filtered them.
      filter={({ options }) => options}
    />
  )
}
