// How many rows fixes would change: counted by the server over the whole error file, a moment after the last key.
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import type { Fixes } from '../../../core/fixes.ts'
import { postRunFixesCount, type FixesCount } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'

export interface Counted {
  /** Null while it is being counted, or where there is nothing to count. */
  readonly found: FixesCount | null
  readonly error: unknown
}

/** `fixes`: the same value as long as they are the same; null: nothing to count. */
export function useFixesCount(run: string, fixes: Fixes | null): Counted {
  const namespace = useNamespace()
  const [asked] = useDebouncedValue(fixes, 250)
  const { data, error } = useQuery({
    queryKey: ['fixes count', namespace, run, asked],
    queryFn: async ({ signal }) =>
      (await postRunFixesCount({ path: { namespace, run }, body: asked!, signal })).data,
    enabled: asked !== null,
    staleTime: 60_000,
    gcTime: 60_000,
  })
  const current = fixes !== null && asked === fixes
  return { found: current ? (data ?? null) : null, error: current ? error : null }
}
