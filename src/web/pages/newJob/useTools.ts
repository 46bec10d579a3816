// Loads what maps the sample in the browser; pages work without it until it is there.
import { useQuery } from '@tanstack/react-query'
import type * as Tools from './tools.ts'

/** Null: not loaded yet. */
export function useTools(): typeof Tools | null {
  const { data } = useQuery({
    queryKey: ['mappingTools'],
    queryFn: () => import('./tools.ts'),
    staleTime: Number.POSITIVE_INFINITY,
  })
  return data ?? null
}
