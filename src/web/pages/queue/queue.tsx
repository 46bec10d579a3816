// The queue: what works in each lane, what waits there in which order and for what, and what rests (BL-14, BL-28).
import { Group, Stack } from '@mantine/core'
import { useInfiniteQuery } from '@tanstack/react-query'
import { getQueueInfiniteOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { QueuePage as QueueAnswer } from '../../../client/index.ts'
import { paced } from '../../lib/live.ts'
import { noun } from '../../lib/numbers.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Empty } from '../../parts/empty.tsx'
import { GoButton } from '../../parts/go.tsx'
import { Loaded } from '../../parts/loaded.tsx'
import { MoreButton } from '../../parts/moreButton.tsx'
import { Page } from '../../parts/page.tsx'
import { ImportButton } from '../import/importButton.tsx'
import { Lane } from './lane.tsx'
import { Resting } from './resting.tsx'

const moving = 2_000
/** Runs begin by themselves. */
const resting = 10_000

function useQueue() {
  const namespace = useNamespace()
  return useInfiniteQuery({
    ...getQueueInfiniteOptions({ path: { namespace }, query: { limit: 100 } }),
    initialPageParam: { path: { namespace } },
    getNextPageParam: ({ next }) => next ?? undefined,
    refetchInterval: ({ state: { data } }) =>
      paced((data?.pages[0]?.lanes.length ?? 0) > 0 ? moving : resting),
  })
}

export function QueuePage() {
  const queue = useQueue()
  const [first] = queue.data?.pages ?? []
  return (
    <Page title="Queue" about={first === undefined ? undefined : summaryOf(first)}>
      <Loaded query={queue} lines={6}>
        {({ pages }) => <Lanes pages={pages} />}
      </Loaded>
      <MoreButton of={queue}>Show more that wait</MoreButton>
    </Page>
  )
}

function summaryOf({ lanes, resting: outside }: QueueAnswer): string {
  const working = lanes.filter(({ running }) => running !== null).length
  const waiting = lanes.reduce((all, lane) => all + lane.waiting, 0)
  if (working + waiting + outside.length === 0) return 'Runs of one lane go one after another.'
  const rest =
    outside.length === 0
      ? ''
      : `, ${outside.length === 1 ? 'one run out of its lane' : `${noun(outside.length, 'run')} out of their lanes`}`
  return `${working === 0 ? 'Nothing' : noun(working, 'run')} under way, ${noun(waiting, 'run')} waiting${rest}.`
}

function Lanes({ pages }: { readonly pages: readonly QueueAnswer[] }) {
  const [first] = pages
  const waiting = pages.flatMap((page) => page.waiting)
  if (first === undefined) return null
  if (first.lanes.length === 0 && first.resting.length === 0) return <Nothing />
  return (
    <Stack gap="lg">
      {first.lanes.map((lane) => (
        <Lane key={lane.lane} lane={lane} waiting={waiting.filter((run) => run.lane === lane.lane)} />
      ))}
      {first.resting.length > 0 && <Resting runs={first.resting} />}
    </Stack>
  )
}

function Nothing() {
  const namespace = useNamespace()
  const mayImport = useMay('import')
  return (
    <Empty
      title="Nothing runs, and nothing waits"
      action={
        <Group justify="center">
          {mayImport && <ImportButton />}
          <GoButton to={`/n/${namespace}/jobs`} variant="default">
            Jobs
          </GoButton>
        </Group>
      }
    >
      When several imports come at once, they wait here for their turn, each with its place and what it waits
      for.
    </Empty>
  )
}
