// Files that were imported once, newest first.
import { Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRuns, type RunView } from '../../../client/index.ts'
import { paced } from '../../lib/live.ts'
import { useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { Page } from '../../parts/page.tsx'
import { ImportButton } from '../import/importButton.tsx'
import { UploadCards, UploadTable } from './uploadList.tsx'

export function UploadsPage() {
  const namespace = useNamespace()
  const pages = useInfiniteQuery({
    queryKey: ['uploads', namespace],
    queryFn: async ({ pageParam }) => {
      const cursor = pageParam === null ? {} : { cursor: pageParam }
      return (
        await getRuns({ path: { namespace }, query: { kind: 'one_time', dialect: 'namespace', ...cursor } })
      ).data
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    refetchInterval: ({ state }) => (state.data?.pages.some(isWorking) === true ? paced(2_000) : false),
  })
  return (
    <Page title="Uploads" about="Files that were imported once, and what became of their rows.">
      <Loaded query={pages} lines={8}>
        {({ pages: all }) => <List runs={all.flatMap((page) => page.runs)} />}
      </Loaded>
      <MoreButton of={pages}>Show more</MoreButton>
    </Page>
  )
}

function List({ runs }: { readonly runs: readonly RunView[] }) {
  if (runs.length === 0)
    return (
      <Empty title="No file was imported yet" action={<ImportButton label="Choose a file" size="md" />}>
        Drop one anywhere on this page, or choose it. You see what is in it before anything is written.
      </Empty>
    )
  return (
    <Stack>
      <UploadTable runs={runs} />
      <UploadCards runs={runs} />
    </Stack>
  )
}

function isWorking({ runs }: { readonly runs: readonly RunView[] }): boolean {
  return runs.some(({ run }) => !run.settled)
}
