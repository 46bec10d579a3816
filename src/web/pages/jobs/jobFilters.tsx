// What narrows the list of jobs: view, name, state, type and provider; all of it stands in the address.
import { CloseButton, Group, SegmentedControl, Select, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getConnectorsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { jobMachine } from '../../../core/jobState.ts'
import type { Change } from '../../lib/address.ts'
import { useNamespace } from '../../lib/place.ts'
import { views, type Listed } from './useJobs.ts'

/** As wide as this; on a phone it shares its line with others. */
const room = (width: number) => ({ maw: width, style: { flex: '1 1 104px' } })

export interface FilterProps {
  readonly listed: Listed
  readonly ask: (change: Change, how?: { readonly replace?: boolean }) => void
}

export function JobFilters({ listed, ask }: FilterProps) {
  const { view, state, kind } = listed
  return (
    <Group gap="sm">
      <SegmentedControl
        aria-label="Which jobs"
        value={view}
        onChange={(next) => ask({ view: next === 'active' ? null : next, state: null })}
        data={[
          { value: 'active', label: 'Active' },
          { value: 'all', label: 'All' },
          { value: 'archived', label: 'Archived' },
        ]}
      />
      <Search key={listed.text === '' ? 'empty' : 'asked'} listed={listed} ask={ask} />
      {view !== 'archived' && (
        <Select
          aria-label="State"
          placeholder="Any state"
          {...room(150)}
          clearable
          value={state}
          onChange={(next) => ask({ state: next })}
          data={views[view].map((value) => ({ value, label: jobMachine.states[value].label }))}
        />
      )}
      <Select
        aria-label="Type"
        placeholder="Any type"
        {...room(130)}
        clearable
        value={kind}
        onChange={(next) => ask({ kind: next })}
        data={[
          { value: 'recurring', label: 'Recurring' },
          { value: 'one_time', label: 'One-time' },
        ]}
      />
      <Providers listed={listed} ask={ask} />
    </Group>
  )
}

function Search({ listed, ask }: FilterProps) {
  const [text, setText] = useState(listed.text)
  const askSoon = useDebouncedCallback((next: string) => ask({ text: next }, { replace: true }), 250)
  const change = (next: string): void => {
    setText(next)
    askSoon(next)
  }
  return (
    <TextInput
      type="search"
      aria-label="Search by name"
      placeholder="Search by name"
      style={{ flexGrow: 1, minWidth: 180, maxWidth: 360 }}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === '' ? null : (
          <CloseButton size="sm" aria-label="Clear the search" onClick={() => change('')} />
        )
      }
      value={text}
      onChange={({ currentTarget }) => change(currentTarget.value)}
    />
  )
}

function Providers({ listed: { source }, ask }: FilterProps) {
  const namespace = useNamespace()
  const { data } = useQuery({ ...getConnectorsOptions({ path: { namespace } }), staleTime: 600_000 })
  const connectors = data?.connectors ?? []
  return (
    <Select
      aria-label="Provider"
      placeholder="Any provider"
      {...room(170)}
      clearable
      value={source}
      onChange={(next) => ask({ source: next })}
      data={connectors.map(({ kind, title }) => ({ value: kind, label: title }))}
    />
  )
}
