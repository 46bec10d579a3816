// Chooses another job by its name; the server searches.
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { getJobsOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { useNamespace } from '../../lib/place.ts'

interface OtherJobProps {
  readonly value: string
  /** The job that is set up: it cannot follow itself. */
  readonly self: string | undefined
  readonly fault: string | undefined
  readonly onChange: (job: string) => void
}

export function OtherJob({ value, self, fault, onChange }: OtherJobProps) {
  const namespace = useNamespace()
  const [text, setText] = useState('')
  const [searched] = useDebouncedValue(text === value ? '' : text, 200)
  const query = { sort: 'name' as const, limit: 50, ...(searched === '' ? {} : { text: searched }) }
  const { data } = useQuery({
    ...getJobsOptions({ path: { namespace }, query }),
    placeholderData: keepPreviousData,
  })
  const found = (data?.jobs ?? []).map(({ job }) => job).filter((job) => job !== self)
  return (
    <Select
      label="After which job"
      description="It begins when a run of that job has ended well."
      searchable
      placeholder="Choose a job"
      nothingFoundMessage="No job of this name"
      data={[...new Set([...found, ...(value === '' ? [] : [value])])]}
      value={value === '' ? null : value}
      error={fault === undefined ? undefined : 'Choose the job it runs after.'}
      onSearchChange={setText}
      onChange={(job) => onChange(job ?? '')}
    />
  )
}
