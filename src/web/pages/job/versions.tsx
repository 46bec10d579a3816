// The versions of a job: who made each and when, what differs between two, and bringing an old one back.
import { Badge, Button, Group, Paper, Stack, Text } from '@mantine/core'
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getJobVersions, type JobDetail, type JobVersions } from '../../../client/index.ts'
import { useAddress, one } from '../../lib/address.ts'
import { noun } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { When } from '../../parts/when.tsx'
import { Compared } from './compared.tsx'
import { useRestore } from './restore.tsx'

function useVersions(job: JobDetail) {
  const namespace = useNamespace()
  return useInfiniteQuery({
    queryKey: ['versions of a job', namespace, job.id, job.version],
    queryFn: async ({ pageParam }) => {
      const query = pageParam === null ? { limit: 20 } : { limit: 20, cursor: pageParam }
      return (await getJobVersions({ path: { namespace, job: job.id }, query })).data
    },
    initialPageParam: null as number | null,
    getNextPageParam: ({ next }: JobVersions) => next,
    placeholderData: keepPreviousData,
  })
}

export function Versions({ job }: { readonly job: JobDetail }) {
  const versions = useVersions(job)
  const [asked, ask] = useAddress()
  const to = numberIn(one(asked, 'to'), job.version)
  const from = numberIn(one(asked, 'from'), null)
  const compare = (before: number, after: number): void => ask({ from: String(before), to: String(after) })
  return (
    <Stack gap="lg">
      {from !== null && to !== null && (
        <Compared
          job={job}
          from={from}
          to={to}
          compare={compare}
          close={() => ask({ from: null, to: null })}
        />
      )}
      <Loaded query={versions}>
        {({ pages }) => (
          <Stack gap="sm">
            {pages
              .flatMap((page) => page.versions)
              .map((version) => (
                <Version key={version.version} job={job} version={version} compare={compare} />
              ))}
            <MoreButton of={versions}>Older versions</MoreButton>
          </Stack>
        )}
      </Loaded>
    </Stack>
  )
}

function numberIn(text: string | undefined, other: number | null): number | null {
  return text !== undefined && /^\d{1,6}$/.test(text) ? Number(text) : other
}

interface VersionProps {
  readonly job: JobDetail
  readonly version: JobVersions['versions'][number]
  readonly compare: (from: number, to: number) => void
}

function Version({ job, version: one, compare }: VersionProps) {
  const { version, createdAt, createdBy, changes, examples } = one
  const restore = useRestore(job)
  const isNewest = version === job.version
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-label={`Version ${version}`}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Stack gap={4} style={{ flex: '1 1 320px', minWidth: 0 }}>
          <Group gap="sm" align="baseline">
            <Text fw={600}>Version {version}</Text>
            {isNewest && (
              <Badge variant="light" tt="none">
                newest
              </Badge>
            )}
            <Text span size="sm" c="dimmed">
              <When at={createdAt} />
              {createdBy !== null && ` by ${createdBy}`}
            </Text>
          </Group>
          <Used version={one} />
          {version === 1 && <Text size="sm">The first one.</Text>}
          {examples.map((text) => (
            <Text key={text} size="sm" className="code">
              {text}
            </Text>
          ))}
          {changes > examples.length && (
            <Text size="sm" c="dimmed">
              and {noun(changes - examples.length, 'more change')}
            </Text>
          )}
        </Stack>
        <Group gap="xs">
          {version > 1 && (
            <Button size="xs" variant="default" onClick={() => compare(version - 1, version)}>
              What it changed
            </Button>
          )}
          {!isNewest && (
            <Button size="xs" variant="default" onClick={() => compare(version, job.version)}>
              Compare with the newest
            </Button>
          )}
          {!isNewest && restore !== null && (
            <Button size="xs" variant="default" onClick={() => restore(version)}>
              Bring back…
            </Button>
          )}
        </Group>
      </Group>
    </Paper>
  )
}

/** The runs that used it. */
function Used({ version: { runs, firstRun, lastRun } }: Pick<VersionProps, 'version'>) {
  const namespace = useNamespace()
  const page = (run: string): string => `/n/${namespace}/runs/${run}`
  return (
    <Text size="sm" c="dimmed">
      {runs === 0 ? 'No run used it.' : `${noun(runs, 'run')} used it: `}
      {firstRun !== null && <Go to={page(firstRun)}>{firstRun}</Go>}
      {lastRun !== null && lastRun !== firstRun && (
        <>
          {' to '}
          <Go to={page(lastRun)}>{lastRun}</Go>
        </>
      )}
    </Text>
  )
}
