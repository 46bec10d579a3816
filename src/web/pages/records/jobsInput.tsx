// Chooses jobs by name; which there are is asked of the server while one types.
import { MultiSelect } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getJobsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { useNamespace } from '../../lib/place.ts'
import type { FilterProps } from './filters.ts'

export function JobsInput({ asked, ask }: FilterProps) {
  const namespace = useNamespace()
  const [text, setText] = useState('')
  const [settled] = useDebouncedValue(text, 200)
  const [opened, setOpened] = useState(false)
  const jobs = useQuery({
    ...getJobsOptions({ path: { namespace }, query: { text: settled, limit: 30 } }),
    enabled: opened,
    placeholderData: keepPreviousData,
  })
  const chosen = asked['job'] ?? []
  const names = new Set([...chosen, ...(jobs.data?.jobs.map(({ job }) => job) ?? [])])
  return (
    <MultiSelect
      aria-label="Jobs"
      placeholder={chosen.length === 0 ? 'Any job' : undefined}
      data={[...names]}
      value={[...chosen]}
      onChange={(job) => ask({ job })}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Any job' }}
      searchValue={text}
      onSearchChange={setText}
      onDropdownOpen={() => setOpened(true)}
      nothingFoundMessage={jobs.isFetching ? 'Looking…' : 'No job is called that.'}
      // The server has filtered them.
      filter={({ options }) => options}
      comboboxProps={{ shadow: 'md' }}
      hidePickedOptions
    />
  )
}
