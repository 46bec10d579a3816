// The sample of a job: read when its columns are first looked at, and again with another file, encoding or delimiter.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { getJobSampleOptions, getJobSampleQueryKey } from '../../../client/@tanstack/react-query.gen.ts'
import { postJobSample, type JobSampleView } from '../../../client/index.ts'
import type { Dialect } from '../../../core/dialect.ts'
import { useNamespace } from '../../lib/place.ts'
import type { Draft } from './draft.ts'

/** How it is to be read; what is not said is detected. */
export interface SampleOrder {
  readonly upload?: string
  readonly dialect?: Partial<Dialect>
  /** False: without what is remembered of such files. */
  readonly memory?: boolean
}

export interface Sampling {
  readonly sample: JobSampleView | undefined
  /** It is being read, and a mapping proposed. */
  readonly busy: boolean
  readonly refused: unknown
  /** Why it could not be looked at again; the mapping stands all the same. */
  readonly unseen: unknown
  readonly read: (order?: SampleOrder) => void
}

export function useSample(draft: Draft): Sampling {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const { job, definition, setup } = draft
  const path = { namespace, job: job?.id ?? '' }
  const isMapped = definition.mapping.columns.length > 0
  const look = useQuery({
    ...getJobSampleOptions({ path }),
    enabled: job !== null && isMapped && (setup.source.kind !== 'upload' || job.sample !== null),
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const reading = useMutation({
    mutationFn: async (order: SampleOrder) => {
      // What was changed about the source counts.
      if (draft.changed) await draft.save()
      return (await postJobSample({ path, body: order })).data
    },
    onSuccess: ({ job: after, sample }) => {
      if (sample !== null) queries.setQueryData(getJobSampleQueryKey({ path }), sample)
      draft.take(after)
    },
  })
  const { mutate } = reading
  const begun = useRef(false)
  const isFirst = job?.state === 'draft' && !isMapped && setup.source.kind !== 'upload'
  useEffect(() => {
    if (!isFirst || begun.current) return
    begun.current = true
    mutate({})
  }, [isFirst, mutate])
  return {
    sample: look.data,
    busy:
      reading.isPending ||
      job?.state === 'sampling' ||
      (isFirst && reading.isIdle) ||
      (look.isFetching && look.data === undefined),
    refused: reading.error,
    unseen: look.error,
    read: (order = {}) => mutate(order),
  }
}
