// One page of the ledger, put together from as many answers as it takes: each looks at so many rows and no more.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useCallback, useEffect, useState } from 'react'
import { getRecords, type RecordView } from '../../../client/index.ts'
import type { RecordQuery } from './filters.ts'

export const pageSize = 50
/** Answers that are asked for by themselves before the viewer is asked whether to go on. */
const stepsMax = 10

interface Part {
  readonly cursor: string | undefined
  readonly have: number
}

export interface RecordsShown {
  readonly records: readonly RecordView[]
  /** The cursor of the next page; null: this is the last. */
  readonly next: string | null
  /** Searching goes on by itself. */
  readonly searching: boolean
  /** Searched back to what landed then, and not asked further by itself. */
  readonly pausedAt: string | null
  readonly goOn: () => void
  /** Shown is what was asked for before. */
  readonly stale: boolean
  readonly pending: boolean
  readonly searchedTo: string | null
  readonly error: unknown
  readonly refetch: () => void
}

/** The records that fit, from the cursor on. */
export function useRecords(namespace: string, query: RecordQuery, cursor: string | undefined): RecordsShown {
  const key = JSON.stringify([namespace, query, cursor])
  const [patience, setPatience] = useState({ key, steps: stepsMax })
  const steps = patience.key === key ? patience.steps : stepsMax
  const first: Part = { cursor, have: 0 }
  const found = useInfiniteQuery({
    queryKey: ['getRecords', namespace, query, cursor ?? null],
    initialPageParam: first,
    queryFn: async ({ pageParam, signal }) => {
      const asked = { ...query, dialect: 'namespace' as const, limit: pageSize - pageParam.have }
      const place = pageParam.cursor === undefined ? {} : { cursor: pageParam.cursor }
      return (await getRecords({ path: { namespace }, query: { ...asked, ...place }, signal })).data
    },
    getNextPageParam: ({ next }, all): Part | undefined => {
      const have = all.reduce((sum, { records }) => sum + records.length, 0)
      return next === null || have >= pageSize ? undefined : { cursor: next, have }
    },
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => intervalFor(state.data?.pages.flatMap(({ records }) => records) ?? []),
  })
  const { data, hasNextPage, isFetching, isPlaceholderData, fetchNextPage } = found
  const parts = data?.pages.length ?? 0
  const mayGoOn = hasNextPage && !isPlaceholderData && parts < steps
  useEffect(() => {
    if (mayGoOn && !isFetching) void fetchNextPage()
  }, [mayGoOn, isFetching, fetchNextPage])
  const goOn = useCallback(() => setPatience({ key, steps: parts + stepsMax }), [key, parts])
  const last = data?.pages.at(-1)
  const records = data?.pages.flatMap((page) => page.records) ?? []
  return {
    records,
    next: records.length >= pageSize ? (last?.next ?? null) : null,
    searching: mayGoOn,
    pausedAt: hasNextPage && !mayGoOn && !isPlaceholderData ? (last?.searchedTo ?? last?.next ?? null) : null,
    goOn,
    stale: isPlaceholderData,
    pending: data === undefined && found.error === null,
    searchedTo: last?.searchedTo ?? null,
    error: found.error,
    refetch: () => void found.refetch(),
  }
}

/** What is being worked on moves soon, what waits moves at times, and what is settled not at all. */
function intervalFor(records: readonly RecordView[]): number | false {
  if (records.some(({ state }) => state === 'processing')) return 3_000
  return records.some(({ state }) => state === 'new' || state === 'retry') ? 10_000 : false
}
