// The settings of the namespace: what they were when they were looked at, and changing them only if they still are.
import {
  useMutation,
  useQuery,
  useQueryClient,
  type UseMutationResult,
  type UseQueryResult,
} from '@tanstack/react-query'
import { getSettings, patchSettings, type SettingsView } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'

export interface Looked {
  readonly view: SettingsView
  /** The ETag of the answer. */
  readonly tag: string | null
}

export type Change = Readonly<Record<string, unknown>>

export function useSettings(): UseQueryResult<Looked, unknown> {
  const namespace = useNamespace()
  return useQuery({
    queryKey: ['settings', namespace],
    queryFn: async ({ signal }): Promise<Looked> => {
      const { data, response } = await getSettings({ path: { namespace }, signal })
      return { view: data, tag: response.headers.get('etag') }
    },
    // A form that is being filled in does not change under the hand.
    staleTime: 60_000,
  })
}

/** Saves a part. Refused where somebody else changed the settings since `tag`. */
export function useSave(tag: string | null): UseMutationResult<Looked, Error, Change> {
  const namespace = useNamespace()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (body: Change): Promise<Looked> => {
      const headers = tag === null ? {} : { 'if-match': tag }
      const { data, response } = await patchSettings({ path: { namespace }, body: { ...body }, headers })
      return { view: data, tag: response.headers.get('etag') }
    },
    onSuccess: async (looked) => {
      queries.setQueryData(['settings', namespace], looked)
      await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'settings' })
    },
    onError: () => queries.invalidateQueries({ queryKey: ['settings', namespace] }),
  })
}
