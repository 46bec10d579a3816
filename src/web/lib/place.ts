// Which namespace a page is about, and who looks at it.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { getMeOptions } from '../../client/@tanstack/react-query.gen.ts'
import type { Me } from '../../client/index.ts'
import type { Right } from '../../core/access.ts'

const kept = 'sluice.namespace'

/** The namespace that was last looked at in this browser. */
export function lastNamespace(): string {
  return localStorage.getItem(kept) ?? 'main'
}

export function keepNamespace(namespace: string): void {
  localStorage.setItem(kept, namespace)
}

/** The namespace in the address. Only in pages below /n/…. */
export function useNamespace(): string {
  return useParams({ strict: false, select: ({ namespace }) => namespace ?? 'main' })
}

/** Who looks, and what they may where. */
export function useMe(): UseQueryResult<Me, unknown> {
  return useQuery({ ...getMeOptions(), staleTime: 30_000 })
}

/** Whether the viewer has a right in this namespace; false until it is known. The server decides in any case. */
export function useMay(right: Right): boolean {
  const namespace = useNamespace()
  const { data } = useMe()
  return data?.namespaces.find((one) => one.namespace === namespace)?.rights.includes(right) ?? false
}
