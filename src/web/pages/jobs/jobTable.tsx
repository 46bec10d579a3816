// The list of jobs as a table: sorted by its columns, several chosen at once.
import { Checkbox, Group, Table, Text, UnstyledButton, VisuallyHidden } from '@mantine/core'
import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { JobView } from '../../../client/index.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { RunSigns } from '../../parts/runSigns.tsx'
import { When } from '../../parts/when.tsx'
import { JobName, JobStanding } from './jobParts.tsx'
import type { FilterProps } from './jobFilters.tsx'
import { RowMenu } from './rowMenu.tsx'
import { usualOrder, type Sort } from './useJobs.ts'

interface TableProps extends FilterProps {
  readonly jobs: readonly JobView[]
  /** Ids. */
  readonly chosen: ReadonlySet<string>
  readonly choose: (chosen: ReadonlySet<string>) => void
}

const columns: readonly { readonly label: string; readonly sort?: Sort }[] = [
  { label: 'Name', sort: 'name' },
  { label: 'Type' },
  { label: 'Status' },
  { label: 'Last 5 runs', sort: 'ran' },
  { label: 'Next run', sort: 'next' },
  { label: 'Created', sort: 'created' },
]

export function JobTable({ jobs, chosen, choose, ...filter }: TableProps) {
  const mayEdit = useMay('edit_jobs')
  const all = jobs.every(({ id }) => chosen.has(id))
  return (
    <Table.ScrollContainer minWidth={880} type="native">
      <Table highlightOnHover verticalSpacing="xs" layout="fixed">
        <Table.Thead>
          <Table.Tr>
            {mayEdit && (
              <Table.Th w={40}>
                <Checkbox
                  aria-label="Choose all that are shown"
                  checked={all}
                  indeterminate={!all && jobs.some(({ id }) => chosen.has(id))}
                  onChange={() => choose(new Set(all ? [] : jobs.map(({ id }) => id)))}
                />
              </Table.Th>
            )}
            {columns.map((column) => (
              <Column key={column.label} {...column} {...filter} />
            ))}
            <Table.Th w={48}>
              <VisuallyHidden>Actions</VisuallyHidden>
            </Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {jobs.map((job) => (
            <JobRow
              key={job.id}
              job={job}
              chosen={mayEdit ? chosen.has(job.id) : null}
              choose={(on) => {
                const next = new Set(chosen)
                if (on) next.add(job.id)
                else next.delete(job.id)
                choose(next)
              }}
            />
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}

const widths: Readonly<Record<string, string | number>> = {
  Type: 98,
  Status: 184,
  'Last 5 runs': 146,
  'Next run': 112,
  Created: 124,
}

type ColumnProps = (typeof columns)[number] & FilterProps

function Column({ label, sort, listed, ask }: ColumnProps) {
  if (sort === undefined) return <Table.Th w={widths[label]}>{label}</Table.Th>
  const here = listed.sort === sort
  const Arrow = listed.order === 'asc' ? IconArrowUp : IconArrowDown
  const turned = listed.order === 'asc' ? 'desc' : 'asc'
  const order = here ? turned : usualOrder[sort]
  const change = {
    sort: sort === 'created' ? null : sort,
    order: order === usualOrder[sort] ? null : order,
  }
  return (
    <Table.Th
      w={widths[label]}
      aria-sort={here ? (listed.order === 'asc' ? 'ascending' : 'descending') : 'none'}
    >
      <UnstyledButton onClick={() => ask(change)} fz="sm" fw={700}>
        <Group gap={4} wrap="nowrap">
          {label}
          {here && <Arrow size={14} aria-hidden />}
        </Group>
      </UnstyledButton>
    </Table.Th>
  )
}

interface RowProps {
  readonly job: JobView
  /** Null: nothing can be chosen. */
  readonly chosen: boolean | null
  readonly choose: (on: boolean) => void
}

function JobRow({ job, chosen, choose }: RowProps) {
  const namespace = useNamespace()
  return (
    <Table.Tr bg={chosen === true ? 'var(--mantine-primary-color-light)' : undefined}>
      {chosen !== null && (
        <Table.Td>
          <Checkbox
            aria-label={`Choose ${job.job}`}
            checked={chosen}
            onChange={({ currentTarget }) => choose(currentTarget.checked)}
          />
        </Table.Td>
      )}
      <Table.Td>
        <JobName job={job} />
      </Table.Td>
      <Table.Td>{job.kind === 'recurring' ? 'Recurring' : 'One-time'}</Table.Td>
      <Table.Td>
        <JobStanding job={job} />
      </Table.Td>
      <Table.Td>
        <RunSigns namespace={namespace} runs={job.lastRuns} />
        {job.lastRuns[0] !== undefined && (
          <Text size="xs" c="dimmed" mt={2}>
            <When at={job.lastRuns[0].at} zone={job.zone} ago />
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <When at={job.nextRun} zone={job.zone} ago />
      </Table.Td>
      <Table.Td>
        <When at={job.createdAt} ago />
        {job.createdBy !== null && (
          <Text size="xs" c="dimmed" truncate title={job.createdBy}>
            {job.createdBy}
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <RowMenu job={job} />
      </Table.Td>
    </Table.Tr>
  )
}
