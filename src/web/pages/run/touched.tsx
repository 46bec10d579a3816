// The people a run created or changed, in the order of the file, a page at a time.
import { Stack, Table, Text } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getRunProfilesQueryKey } from '../../../client/@tanstack/react-query.gen.ts'
import { getRunProfiles, type RunView, type TouchedView } from '../../../client/index.ts'
import { Go } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { pace } from './useRun.ts'

const pageSize = 10

export function Touched({ view }: { readonly view: RunView }) {
  const path = { namespace: view.run.namespace, run: view.run.id }
  const query = useInfiniteQuery({
    queryKey: ['touched', ...getRunProfilesQueryKey({ path }), view.run.settled],
    queryFn: async ({ pageParam, signal }) =>
      (await getRunProfiles({ path, query: { cursor: pageParam, limit: pageSize }, signal })).data,
    initialPageParam: 0,
    getNextPageParam: ({ next }) => next,
    // Only until the first of them are there: what follows is asked for by whoever wants to see it.
    refetchInterval: ({ state }) => (pace(view) !== false && isEmpty(state.data?.pages) ? 3_000 : false),
  })
  return (
    <Loaded query={query}>
      {({ pages }) => (
        <Stack>
          <People pages={pages} namespace={path.namespace} />
          <MoreButton of={query}>Show more</MoreButton>
        </Stack>
      )}
    </Loaded>
  )
}

function isEmpty(pages: readonly TouchedView[] | undefined): boolean {
  return pages === undefined || pages.every(({ profiles }) => profiles.length === 0)
}

function People({
  pages,
  namespace,
}: {
  readonly pages: readonly TouchedView[]
  readonly namespace: string
}) {
  const people = pages.flatMap(({ profiles }) => profiles)
  if (people.length === 0)
    return (
      <Text c="dimmed">
        {pages.at(-1)?.live === true
          ? 'It has not changed anybody yet.'
          : 'It created nobody and changed nobody.'}
      </Text>
    )
  return (
    <Table.ScrollContainer minWidth={0}>
      <Table verticalSpacing={6}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Profile</Table.Th>
            <Table.Th>What</Table.Th>
            <Table.Th ta="right">Record</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {people.map(({ profile, what, identifier, record, exists }) => (
            <Table.Tr key={`${profile} ${record}`}>
              <Table.Td className="run-value">
                {exists ? (
                  <Go to={`/n/${namespace}/profiles/${profile}`}>{identifier ?? `profile ${profile}`}</Go>
                ) : (
                  <Text span c="dimmed">
                    {identifier ?? `profile ${profile}`} (gone since)
                  </Text>
                )}
              </Table.Td>
              <Table.Td>{what}</Table.Td>
              <Table.Td ta="right" className="numbers">
                <Go to={`/n/${namespace}/records/${record}`}>{record}</Go>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  )
}
