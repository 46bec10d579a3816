// Every run of the namespace, newest first, with what comes next by schedule.
import { Stack, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRuns, type RunPage } from '../../../client/index.ts'
import { useAddress } from '../../lib/address.ts'
import { paced } from '../../lib/live.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Go, GoButton } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { Page } from '../../parts/page.tsx'
import { When } from '../../parts/when.tsx'
import { ImportButton } from '../import/importButton.tsx'
import { jobPage } from './links.ts'
import { isNarrowed, RunFilters, runFilterIn, type RunFilter } from './runFilters.tsx'
import { RunCards, RunTable } from './runList.tsx'
import { pace } from './useRun.ts'

export function RunsPage() {
  const namespace = useNamespace()
  const [asked, ask] = useAddress()
  const filter = runFilterIn(asked)
  const query = useRuns(namespace, filter)
  return (
    <Page
      title="Runs"
      about="Every time records were moved: imports, retries, undos and dry runs, newest first."
    >
      <RunFilters filter={filter} ask={ask} />
      <Loaded query={query} lines={8}>
        {({ pages }) => (
          <Stack>
            <List pages={pages} narrowed={isNarrowed(filter)} />
            <MoreButton of={query}>Older runs</MoreButton>
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

function useRuns(namespace: string, { state, job, kind }: RunFilter) {
  const path = { namespace }
  return useInfiniteQuery({
    // The name by which news of runs find it (lib/live.ts).
    queryKey: ['getRuns', namespace, state, job, kind],
    queryFn: async ({ pageParam, signal }) => {
      const query = { state, job, kind, limit: 30, cursor: pageParam, dialect: 'namespace' } as const
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
          {planned.map(({ job, dueAt, zone }, i) => (
            <span key={`${job}${dueAt}`}>
              {i > 0 && ', '}
              <Go to={jobPage(namespace, job)}>{job}</Go> <When at={dueAt} zone={zone} ago />
            </span>
          ))}
        </Text>
      )}
      {runs.length === 0 ? (
        <Text>Nothing has run yet.</Text>
      ) : (
        <>
          <RunTable runs={runs} />
          <RunCards runs={runs} />
        </>
      )}
    </>
  )
}

function Nothing({ narrowed, namespace }: { readonly narrowed: boolean; readonly namespace: string }) {
  const mayImport = useMay('import')
  if (narrowed)
    return (
      <Empty title="No such run" action={<GoButton to={`/n/${namespace}/runs`}>Show all runs</GoButton>}>
        Nothing here is like this just now.
      </Empty>
    )
  return (
    <Empty title="Nothing has run yet" action={mayImport && <ImportButton label="Choose a file" size="md" />}>
      {mayImport
        ? 'Drop a file anywhere on this page: you see what is in it before anything is written.'
        : 'What is imported here, and what became of every record, will stand on this page.'}
    </Empty>
  )
}
