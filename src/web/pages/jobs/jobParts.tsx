// What a row and a card of the list of jobs have in common: name with its provider, and how it stands.
import { Group, Stack, Text, Tooltip } from '@mantine/core'
import { IconFolder, IconPlugConnected, IconUpload, IconUsers, type Icon } from '@tabler/icons-react'
import type { JobView } from '../../../client/index.ts'
import { adviceHere } from '../../lib/advice.ts'
import { useNamespace } from '../../lib/place.ts'
import { Doing } from '../../parts/doing.tsx'
import { Go } from '../../parts/go.tsx'
import { StateBadge } from '../../parts/state.tsx'
import { jobPage } from '../job/useJob.ts'

const icons: Readonly<Record<string, Icon>> = { folder: IconFolder, upload: IconUpload, profiles: IconUsers }

/** Where its records come from. */
export function ProviderIcon({ provider: { kind, title } }: Pick<JobView, 'provider'>) {
  const Sign = icons[kind] ?? IconPlugConnected
  return (
    <Tooltip label={title}>
      <Sign
        size={20}
        stroke={1.6}
        role="img"
        aria-label={title}
        style={{ flexShrink: 0, color: 'var(--mantine-color-dimmed)', marginTop: 1 }}
      />
    </Tooltip>
  )
}

export function JobName({ job }: { readonly job: JobView }) {
  const namespace = useNamespace()
  return (
    <Group gap="sm" wrap="nowrap" align="flex-start" miw={0}>
      <ProviderIcon provider={job.provider} />
      <div style={{ minWidth: 0 }}>
        <div title={job.job} style={{ overflowWrap: 'anywhere' }}>
          <Go to={jobPage(namespace, job.job)} fw={600} lineClamp={2}>
            {job.job}
          </Go>
        </div>
        <Text size="xs" c="dimmed" truncate title={job.description === '' ? undefined : job.description}>
          {job.description === '' ? job.provider.title : job.description}
        </Text>
      </div>
    </Group>
  )
}

/** Its state, what it is doing, and what went wrong. */
export function JobStanding({ job }: { readonly job: JobView }) {
  const { state, word, activity, problem } = job
  return (
    <Stack gap={3} align="flex-start">
      <StateBadge of="job" state={state} word={word ?? undefined} />
      {problem !== null ? (
        <Tooltip label={`${problem.message} ${adviceHere(problem)}`} multiline maw={340}>
          <Text size="xs" c="dimmed" lineClamp={2} tabIndex={0}>
            {problem.message}
          </Text>
        </Tooltip>
      ) : (
        // Its next run stands in a column of its own.
        activity?.reason !== 'schedule' && (
          <Text size="xs" c="dimmed" component="div">
            <Doing activity={activity} />
          </Text>
        )
      )}
    </Stack>
  )
}
