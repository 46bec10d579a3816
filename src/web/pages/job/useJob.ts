// The job in the address, asked for again while something of it is under way, and what is done with it.
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useCallback } from 'react'
import { getJobOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { JobDetail } from '../../../client/index.ts'
import { paced } from '../../lib/live.ts'
import { useNamespace } from '../../lib/place.ts'

const moving = 2_000
/** A job that waits for its schedule begins by itself. */
const resting = 15_000

/** Its name, or its id (j12). */
export function useJobName(): string {
  return useParams({ strict: false, select: ({ job }) => job ?? '' })
}

/** Whether something of it is under way; what then changes is asked for again. */
export function isMoving({ state, activity }: JobDetail): boolean {
  if (state === 'sampling') return true
  return activity !== null && activity.what !== 'idle' && activity.what !== 'sleeping'
}

export function useJob(job: string): UseQueryResult<JobDetail, unknown> {
  const namespace = useNamespace()
  return useQuery({
    ...getJobOptions({ path: { namespace, job }, query: { dialect: 'namespace' } }),
    refetchInterval: ({ state: { data } }) => {
      if (data === undefined) return false
      if (isMoving(data)) return paced(moving)
      return data.state === 'active' ? paced(resting) : false
    },
  })
}

/** Asks anew for all that is shown, after something was done. */
export function useAnew(): () => Promise<void> {
  const queries = useQueryClient()
  return useCallback(() => queries.invalidateQueries(), [queries])
}

/** The address of a job's page. */
export function jobPage(namespace: string, job: string): string {
  return `/n/${namespace}/jobs/${encodeURIComponent(job)}`
}

/** Where a job is set up, step by step; `&step=` names one of them. */
export function editPage(namespace: string, job: Pick<JobDetail, 'id'>): string {
  return `/n/${namespace}/jobs/new?edit=${job.id}`
}

/** What If-Match says of a job that was looked at: it is only changed if nobody changed it meanwhile. */
export function asSeen({ version }: JobDetail): { readonly 'If-Match': string } {
  return { 'If-Match': `"v${version}"` }
}
