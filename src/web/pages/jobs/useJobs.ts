// The jobs the address asks for: which view, filters and order, a page at a time.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { getJobsInfiniteOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { GetJobsData, JobView } from '../../../client/index.ts'
import { jobMachine, type JobState } from '../../../core/jobState.ts'
import { statesOf } from '../../../core/machine.ts'
import { one, useAddress, type Asked } from '../../lib/address.ts'
import { paced } from '../../lib/live.ts'
import { useNamespace } from '../../lib/place.ts'

type Query = NonNullable<GetJobsData['query']>
export type Sort = NonNullable<Query['sort']>

const all = statesOf(jobMachine)

/** What each view shows: jobs that run or will need somebody, everything, and what was taken out of the lists. */
export const views = {
  active: all.filter((state) => state !== 'completed' && state !== 'archived'),
  all,
  archived: ['archived'],
} as const satisfies Readonly<Record<string, readonly JobState[]>>
export type View = keyof typeof views

export interface Listed {
  readonly view: View
  readonly state: JobState | null
  readonly source: string | null
  readonly kind: 'one_time' | 'recurring' | null
  readonly text: string
  readonly sort: Sort
  readonly order: 'asc' | 'desc'
}

/** The order people expect first. */
export const usualOrder = { name: 'asc', next: 'asc', created: 'desc', updated: 'desc', ran: 'desc' } as const

/** What the address says; anything it cannot mean is as if it were not there. */
export function listedIn(asked: Asked): Listed {
  const view = among(one(asked, 'view'), Object.keys(views) as View[]) ?? 'active'
  const sort = among(one(asked, 'sort'), Object.keys(usualOrder) as Sort[]) ?? 'created'
  return {
    view,
    state: among(one(asked, 'state'), views[view]),
    source: one(asked, 'source') ?? null,
    kind: among(one(asked, 'kind'), ['one_time', 'recurring'] as const),
    text: one(asked, 'text') ?? '',
    sort,
    order: among(one(asked, 'order'), ['asc', 'desc'] as const) ?? usualOrder[sort],
  }
}

function among<T extends string>(value: string | undefined, known: readonly T[]): T | null {
  return known.find((one) => one === value) ?? null
}

/** Whether anything but the view narrows the list. */
export function isFiltered({ state, source, kind, text }: Listed): boolean {
  return state !== null || source !== null || kind !== null || text !== ''
}

const pageSize = 50
const moving = 2_000
/** Jobs begin by themselves. */
const resting = 20_000

/** Something of it is under way. */
export function isMoving({ state, activity }: JobView): boolean {
  if (state === 'sampling') return true
  return activity !== null && activity.what !== 'idle' && activity.what !== 'sleeping'
}

export function useJobs() {
  const namespace = useNamespace()
  const [asked, ask] = useAddress()
  const listed = listedIn(asked)
  const { view, state, source, kind, text, sort, order } = listed
  const query: Query = {
    state: state === null ? [...views[view]] : [state],
    ...(kind === null ? {} : { kind }),
    ...(source === null ? {} : { source: source as NonNullable<Query['source']> }),
    ...(text === '' ? {} : { text }),
    sort,
    order,
    limit: pageSize,
    dialect: 'namespace',
  }
  const pages = useInfiniteQuery({
    ...getJobsInfiniteOptions({ path: { namespace }, query }),
    initialPageParam: { path: { namespace } },
    getNextPageParam: ({ next }) => next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state: { data } }) => {
      const jobs = data?.pages.flatMap((page) => page.jobs) ?? []
      if (jobs.some(isMoving)) return paced(moving)
      return jobs.some((job) => job.state === 'active') ? resting : false
    },
  })
  const jobs = pages.data?.pages.flatMap((page) => page.jobs) ?? []
  return { listed, ask, pages, jobs }
}
