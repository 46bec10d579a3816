// Every run of the namespace, newest first, with what comes next by schedule.
import { Group, Select, Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRuns, type RunPage } from '../../../client/index.ts'
import { statesOf } from '../../../core/machine.ts'
import { runMachine } from '../../../core/run.ts'
import { one, useAddress } from '../../lib/address.ts'
import { paced } from '../../lib/live.ts'
import { useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Go, GoButton } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { Page } from '../../parts/page.tsx'
import { When } from '../../parts/when.tsx'
import { jobPage } from './links.ts'
import { RunCards, RunTable } from './runList.tsx'
import { pace } from './useRun.ts'

const states = statesOf(runMachine)

export function RunsPage() {
  const namespace = useNamespace()
  const [asked, ask] = useAddress()
  const state = states.find((name) => name === one(asked, 'state'))
  const job = one(asked, 'job')
  const query = useRuns(namespace, { state, job })
  return (
    <Page
      title="Runs"
      about="Every time records were moved: imports, retries, undos and dry runs, newest first."
    >
      <Group gap="sm">
        <Select
          aria-label="State"
          placeholder="Any state"
          clearable
          w={220}
          data={states.map((value) => ({ value, label: runMachine.states[value].label }))}
          value={state ?? null}
          onChange={(value) => ask({ state: value })}
        />
        {job !== undefined && (
          <Text>
            Only of <Go to={jobPage(namespace, job)}>{job}</Go>.{' '}
            <Go to={`/n/${namespace}/runs`}>Show all jobs</Go>
          </Text>
        )}
      </Group>
      <Loaded query={query} lines={8}>
        {({ pages }) => (
          <Stack>
            <List pages={pages} narrowed={state !== undefined || job !== undefined} />
            <MoreButton of={query}>Older runs</MoreButton>
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

interface Narrowed {
  readonly state: (typeof states)[number] | undefined
  readonly job: string | undefined
}

function useRuns(namespace: string, { state, job }: Narrowed) {
  const path = { namespace }
  return useInfiniteQuery({
    // The name by which news of runs find it (lib/live.ts).
    queryKey: ['getRuns', namespace, state, job],
    queryFn: async ({ pageParam, signal }) => {
      const query = { state, job, limit: 30, cursor: pageParam, dialect: 'namespace' } as const
      return (await getRuns({ path, query, signal })).data
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state: { data } }) =>
      data?.pages.some(({ runs }) => runs.some((view) => pace(view) !== false)) === true
        ? paced(2_000)
        : false,
  })
}

function List({ pages, narrowed }: { readonly pages: readonly RunPage[]; readonly narrowed: boolean }) {
  const namespace = useNamespace()
  const runs = pages.flatMap((page) => page.runs)
  const planned = pages[0]?.planned ?? []
  if (runs.length === 0 && planned.length === 0) return <Nothing narrowed={narrowed} namespace={namespace} />
  return (
    <>
      {planned.length > 0 && (
        <Text c="dimmed">
          Next:{' '}
          {planned.map(({ job, dueAt }, i) => (
            <span key={`${job}${dueAt}`}>
              {i > 0 && ', '}
              <Go to={jobPage(namespace, job)}>{job}</Go> <When at={dueAt} ago />
            </span>
          ))}
        </Text>
      )}
      <RunTable runs={runs} />
      <RunCards runs={runs} />
    </>
  )
}

function Nothing({ narrowed, namespace }: { readonly narrowed: boolean; readonly namespace: string }) {
  if (narrowed)
    return (
      <Empty title="No such run" action={<GoButton to={`/n/${namespace}/runs`}>Show all runs</GoButton>}>
        Nothing here is in this state just now.
      </Empty>
    )
  return (
    <Empty
      title="Nothing has run yet"
      action={<GoButton to={`/n/${namespace}/import`}>Import a file</GoButton>}
    >
      Drop a file anywhere on this page, or import one from the command line: <code>sluice import FILE</code>.
    </Empty>
  )
}
