// The failed rows of one cause, page by page.
import { useInfiniteQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { getRunRejects, type RejectPage } from '../../../client/index.ts'

export type RejectRow = RejectPage['rows'][number]

export function useRejects(namespace: string, run: string, code: string) {
  const pages = useInfiniteQuery({
    queryKey: ['rejects', namespace, run, code],
    queryFn: async ({ pageParam }) => {
      const cursor = pageParam === null ? {} : { cursor: Number(pageParam) }
      return (await getRunRejects({ path: { namespace, run }, query: { code, limit: 200, ...cursor } })).data
    },
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    // An error file never changes.
    staleTime: Infinity,
  })
  const columns = pages.data?.pages[0]?.columns ?? noColumns
  const read = pages.data?.pages
  // Each move in the grid draws it anew; a hundred thousand rows are put together only when more have come.
  const rows = useMemo(() => read?.flatMap((page) => page.rows) ?? noRows, [read])
  return { pages, columns, rows }
}

const noColumns: readonly string[] = []
const noRows: readonly RejectRow[] = []
