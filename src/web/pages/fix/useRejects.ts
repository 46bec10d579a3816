// The failed rows of one cause: read where one looks, and forgotten behind, so that a hundred thousand cost what twenty do.
import { useQueries, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useThrottledValue } from '@mantine/hooks'
import { getRunRejects, type RejectPage } from '../../../client/index.ts'

export type RejectRow = RejectPage['rows'][number]

/** Whose rows: `count` of them failed with `code` and are not mended yet. */
export interface RejectList {
  readonly namespace: string
  readonly run: string
  readonly code: string
  readonly count: number
}

export interface Rejects {
  /** Empty until the first rows are there. */
  readonly columns: readonly string[]
  /** Null while it is being read. */
  readonly row: (index: number) => RejectRow | null
  readonly error: unknown
  readonly again: () => void
}

const pageRows = 200
/** Rows are read so far ahead of what can be seen. */
const ahead = 60
/** A scroll bar that is dragged passes many pages: at most five a second are asked for. */
const lookEvery = 200
const keptFor = 10_000

interface Looked {
  readonly first: number
  readonly last: number
  /** The row that has the focus, wherever one looks. */
  readonly focused: number
}

const beginning: Looked = { first: 0, last: 0, focused: 0 }

/** The rows that are looked at; the others are read when they are. */
export function useRejects(list: RejectList, { first, last, focused } = beginning): Rejects {
  const client = useQueryClient()
  const near = pageOf(Math.max(0, first - ahead))
  const far = pageOf(Math.max(0, Math.min(list.count - 1, last + ahead)))
  const looked = useThrottledValue(`${near}-${far}`, lookEvery)
  const pages = pagesOf(looked, pageOf(focused))
  const found = useQueries({
    queries: pages.map((page) => ({
      queryKey: keyOf(list, page),
      queryFn: ({ signal }: { readonly signal: AbortSignal }) => readPart(client, list, page, signal),
      // An error file never changes.
      staleTime: Infinity,
      gcTime: keptFor,
      structuralSharing: false as const,
    })),
  })
  const failed = found.find(({ error }) => error !== null)
  return {
    columns: found[0]?.data?.columns ?? noColumns,
    row: (index) => found[pages.indexOf(pageOf(index))]?.data?.rows[index % pageRows] ?? null,
    error: failed?.error ?? null,
    again: () => void failed?.refetch(),
  }
}

const noColumns: readonly string[] = []

function pageOf(index: number): number {
  return Math.floor(index / pageRows)
}

/** The first page is always among them: it names the columns. */
function pagesOf(looked: string, focused: number): number[] {
  const [near = 0, far = near] = looked.split('-').map(Number)
  return [...new Set([0, focused, ...Array.from({ length: far - near + 1 }, (_, i) => near + i)])]
}

function keyOf({ namespace, run, code, count }: RejectList, page: number): readonly unknown[] {
  return ['rejects', namespace, run, code, count, page]
}

interface Part {
  readonly columns: readonly string[]
  readonly rows: readonly RejectRow[]
  /** Where the next part begins in the error file; null: there is none. */
  readonly next: string | null
}

/** Reads a part from the end of the nearest one before it that is still there, passing over what lies between. */
async function readPart(
  client: QueryClient,
  list: RejectList,
  page: number,
  signal: AbortSignal,
): Promise<Part> {
  const { namespace, run, code } = list
  let { cursor, skip } = beginOf(client, list, page)
  const rows: RejectRow[] = []
  for (;;) {
    const from = cursor === null ? {} : { cursor: Number(cursor) }
    const query = { code, open: 'true', limit: pageRows - rows.length, skip, ...from }
    const { data } = await getRunRejects({ path: { namespace, run }, query, signal })
    rows.push(...data.rows)
    skip -= data.skipped
    cursor = data.next
    if (cursor === null || rows.length >= pageRows) return { columns: data.columns, rows, next: cursor }
  }
}

function beginOf(client: QueryClient, list: RejectList, page: number) {
  for (let before = page - 1; before >= 0; before--) {
    const next = client.getQueryData<Part>(keyOf(list, before))?.next
    if (next !== undefined && next !== null)
      return { cursor: next as string | null, skip: (page - before - 1) * pageRows }
  }
  return { cursor: null, skip: page * pageRows }
}
