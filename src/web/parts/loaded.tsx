// Shows what a query answered: a skeleton while it is asked for, the problem where it was refused.
import { Skeleton, Stack } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ProblemAlert } from './problem.tsx'

interface LoadedProps<T> {
  readonly query: UseQueryResult<T, unknown>
  readonly children: (data: T) => ReactNode
  /** How many lines of skeleton stand in its place. */
  readonly lines?: number
}

/** What was shown before stays while it is asked for again; a problem then stands above it. */
export function Loaded<T>({ query, children, lines = 4 }: LoadedProps<T>) {
  const { data, error, refetch } = query
  if (data === undefined && error === null)
    return (
      <Stack gap="sm" aria-busy aria-label="Loading">
        {Array.from({ length: lines }, (_, line) => (
          <Skeleton key={line} height={line === 0 ? 28 : 18} width={line === 0 ? '40%' : '100%'} />
        ))}
      </Stack>
    )
  return (
    <>
      {error !== null && <ProblemAlert error={error} again={() => void refetch()} />}
      {data !== undefined && children(data)}
    </>
  )
}
