// People that fit, put together from as many answers as it takes: each takes a tenth of a second and says how far it got.
import { keepPreviousData, useInfiniteQuery, useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useEffect } from 'react'
import { getProfilesCountOptions } from '../../../client/@tanstack/react-query.gen.ts'
import { getProfiles, type Count, type ProfileView } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'

export const pageSize = 50
/** Answers that are asked for by themselves; then the viewer is asked whether to go on. */
const stepsMax = 40

export interface ProfileSearch {
  readonly text: string
  readonly where: readonly string[]
  /** After this id. */
  readonly cursor: number | undefined
}

export interface ProfilesShown {
  readonly profiles: readonly ProfileView[]
  readonly next: number | null
  readonly searching: boolean
  readonly paused: boolean
  readonly pending: boolean
  readonly stale: boolean
  readonly error: unknown
  readonly goOn: () => void
  readonly refetch: () => void
}

interface Part {
  readonly cursor: number | undefined
  readonly have: number
}

export function useProfiles({ text, where, cursor }: ProfileSearch): ProfilesShown {
  const namespace = useNamespace()
  const firsts = useFirsts(text, where, cursor)
  const first: Part = { cursor, have: 0 }
  const found = useInfiniteQuery({
    queryKey: ['profiles', namespace, text, where, cursor ?? null],
    initialPageParam: first,
    queryFn: async ({ pageParam: { cursor: after, have }, signal }) => {
      const query = {
        quick: 'true',
        limit: pageSize - have,
        where: [...where],
        ...(text === '' ? {} : { text }),
        ...(after === undefined ? {} : { cursor: after }),
      }
      return (await getProfiles({ path: { namespace }, query, signal })).data
    },
    getNextPageParam: ({ next }, all): Part | undefined => {
      const have = all.reduce((sum, { profiles }) => sum + profiles.length, 0)
      return next === null || have >= pageSize ? undefined : { cursor: next, have }
    },
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  })
  const { data, hasNextPage, isFetching, isPlaceholderData, fetchNextPage } = found
  const parts = data?.pages.length ?? 0
  const goesOn = hasNextPage && !isPlaceholderData && parts % stepsMax !== 0
  useEffect(() => {
    if (goesOn && !isFetching) void fetchNextPage()
  }, [goesOn, isFetching, fetchNextPage])
  const others = data?.pages.flatMap(({ profiles }) => profiles) ?? []
  const known = new Set(firsts.map(({ id }) => id))
  return {
    profiles: [...firsts, ...others.filter(({ id }) => !known.has(id))],
    next: others.length >= pageSize ? (data?.pages.at(-1)?.next ?? null) : null,
    searching: goesOn,
    paused: hasNextPage && !goesOn && !isPlaceholderData,
    pending: data === undefined && found.error === null,
    stale: isPlaceholderData,
    error: found.error,
    goOn: () => void fetchNextPage(),
    refetch: () => void found.refetch(),
  }
}

const none: readonly ProfileView[] = []

/** Whose identifier begins with the text: an index knows them at once, however many people there are. */
function useFirsts(
  text: string,
  where: readonly string[],
  cursor: number | undefined,
): readonly ProfileView[] {
  const namespace = useNamespace()
  const enabled = text !== '' && where.length === 0 && cursor === undefined
  const { data } = useQuery({
    queryKey: ['profilesStarting', namespace, text],
    queryFn: async ({ signal }) => {
      const query = { starts: text, limit: 5 }
      return (await getProfiles({ path: { namespace }, query, signal })).data.profiles
    },
    enabled,
    staleTime: 10_000,
  })
  return enabled ? (data ?? none) : none
}

/** How many fit; it may take seconds where every profile must be looked at. */
export function useCount({ text, where }: ProfileSearch, enabled: boolean): UseQueryResult<Count, unknown> {
  const namespace = useNamespace()
  const query = { where: [...where], ...(text === '' ? {} : { text }) }
  return useQuery({
    ...getProfilesCountOptions({ path: { namespace }, query }),
    enabled,
    staleTime: 30_000,
    retry: false,
  })
}
