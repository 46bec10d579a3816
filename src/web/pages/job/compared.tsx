// Two versions of a job side by side.
import { CloseButton, Group, NativeSelect, Paper, Stack, Text, Title } from '@mantine/core'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { getJobDiffOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { JobDetail } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'
import { Loaded } from '../../parts/loaded.tsx'
import { Changes } from './changes.tsx'

interface ComparedProps {
  readonly job: JobDetail
  readonly from: number
  readonly to: number
  readonly compare: (from: number, to: number) => void
  readonly close: () => void
}

export function Compared({ job, from, to, compare, close }: ComparedProps) {
  const namespace = useNamespace()
  const diff = useQuery({
    ...getJobDiffOptions({ path: { namespace, job: job.id }, query: { from, to } }),
    placeholderData: keepPreviousData,
  })
  const versions = Array.from({ length: job.version }, (_, at) => {
    const version = job.version - at
    return { value: String(version), label: `Version ${version}` }
  })
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="differences">
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="flex-start">
          <Group gap="sm">
            <Title order={2} id="differences">
              Differences
            </Title>
            <NativeSelect
              aria-label="From"
              size="xs"
              value={String(from)}
              data={versions}
              onChange={({ currentTarget }) => compare(Number(currentTarget.value), to)}
            />
            <Text>to</Text>
            <NativeSelect
              aria-label="To"
              size="xs"
              value={String(to)}
              data={versions}
              onChange={({ currentTarget }) => compare(from, Number(currentTarget.value))}
            />
          </Group>
          <CloseButton aria-label="Close the differences" onClick={close} />
        </Group>
        <Loaded query={diff}>
          {({ changes }) =>
            changes.length === 0 ? (
              <Text c="dimmed">They say the same.</Text>
            ) : (
              <Changes changes={changes} before={`Version ${from}`} after={`Version ${to}`} />
            )
          }
        </Loaded>
      </Stack>
    </Paper>
  )
}
