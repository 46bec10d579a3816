// The job that is being set up: as the server has it, with what was changed here and not saved yet.
import { useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useState } from 'react'
import { getJobOptions, getJobQueryKey } from '../../../client/@tanstack/react-query.gen.ts'
import { patchJob, postJobs, type JobDetail } from '../../../client/index.ts'
import { emptyDefinition, type ImportDefinition } from '../../../core/job.ts'
import { uploadSetup, type JobSetup } from '../../../core/jobSetup.ts'
import { refusalOf } from '../../lib/queries.ts'

/** What was changed since it was saved last; parts as a whole, as the API takes them. */
export interface Edits {
  /** The version of the job they were made on. */
  readonly base?: number
  readonly name?: string
  readonly setup?: Partial<JobSetup>
  readonly definition?: Partial<ImportDefinition>
}

export interface Draft {
  /** Null: it was never saved. */
  readonly job: JobDetail | null
  readonly name: string
  readonly setup: JobSetup
  readonly definition: ImportDefinition
  /** It is set up for the first time: nothing runs until it is activated. */
  readonly isNew: boolean
  readonly edits: Edits
  readonly changed: boolean
  /** Somebody else changed the job since the first of them. */
  readonly stale: boolean
  /** Puts the changes on top of what the job is now. */
  readonly rebase: () => void
  readonly edit: (edits: Edits) => void
  /** Takes the job as the API just answered it, in place of what was changed here. */
  readonly take: (job: JobDetail) => void
  /** Forgets what was changed here. */
  readonly discard: () => void
  /** Throws what the API refuses. */
  readonly save: () => Promise<JobDetail>
}

/** States in which a job is still being set up: it is saved step by step. */
const settingUp: readonly string[] = ['draft', 'sampling', 'sampling_failed']

function merge(before: Edits, { base, name, setup, definition }: Edits): Edits {
  return {
    ...before,
    ...(before.base === undefined && base !== undefined ? { base } : {}),
    ...(name === undefined ? {} : { name }),
    ...(setup === undefined ? {} : { setup: { ...before.setup, ...setup } }),
    ...(definition === undefined ? {} : { definition: { ...before.definition, ...definition } }),
  }
}

/** What was typed survives a reload of the page, in this window. */
function useKept(key: string): [Edits, (next: Edits | ((before: Edits) => Edits)) => void] {
  const [kept, setKept] = useState({ key, edits: read(key) })
  // Another job in the same window: its own edits.
  const edits = kept.key === key ? kept.edits : read(key)
  const set = useCallback(
    (next: Edits | ((before: Edits) => Edits)) =>
      setKept((before) => {
        const from = before.key === key ? before.edits : read(key)
        return { key, edits: typeof next === 'function' ? next(from) : next }
      }),
    [key],
  )
  useEffect(() => {
    if (kept.key !== key) return
    if (Object.keys(kept.edits).length === 0) sessionStorage.removeItem(key)
    else sessionStorage.setItem(key, JSON.stringify(kept.edits))
  }, [key, kept])
  return [edits, set]
}

function read(key: string): Edits {
  try {
    return JSON.parse(sessionStorage.getItem(key) ?? '{}') as Edits
  } catch {
    return {}
  }
}

/** `id`: of a job that was saved before; null: a new one. */
export function useDraft(
  namespace: string,
  id: string | null,
): { readonly query: UseQueryResult<JobDetail, unknown>; readonly draft: Draft } {
  const queries = useQueryClient()
  const path = useMemo(() => ({ namespace, job: id ?? '' }), [namespace, id])
  // Edits know the version they were made on: what others save meanwhile is shown, and not overwritten unseen.
  const query = useQuery({
    ...getJobOptions({ path }),
    enabled: id !== null,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnMount: 'always',
  })
  const job = query.data ?? null
  // By its id: an address may name it, and names change.
  const [edits, setEdits] = useKept(`sluice.newJob.${namespace}.${job?.id ?? 'new'}`)
  const take = useCallback(
    (taken: JobDetail) => {
      for (const one of new Set([taken.id, id ?? taken.id]))
        queries.setQueryData(getJobQueryKey({ path: { namespace, job: one } }), taken)
      setEdits({})
    },
    [queries, namespace, id, setEdits],
  )
  const { refetch } = query
  const save = useCallback(async () => {
    try {
      const saved = await send(namespace, job, edits)
      take(saved)
      return saved
    } catch (error) {
      if (refusalOf(error).problem.code === 'job.changed') await refetch()
      throw error
    }
  }, [namespace, job, edits, take, refetch])
  const draft: Draft = {
    job,
    name: edits.name ?? job?.job ?? '',
    setup: { ...(job?.setup ?? uploadSetup), ...edits.setup },
    definition: {
      ...(job?.definition ?? emptyDefinition),
      ...edits.definition,
    },
    isNew: job === null || settingUp.includes(job.state),
    edits,
    changed: Object.keys(edits).length > 0,
    stale: job !== null && edits.base !== undefined && edits.base !== job.version,
    rebase: () => setEdits((before) => ({ ...before, base: job?.version })),
    edit: (more) => setEdits((before) => merge(before, { ...more, base: job?.version })),
    take,
    discard: () => setEdits({}),
    save,
  }
  return { query, draft }
}

async function send(namespace: string, job: JobDetail | null, edits: Edits): Promise<JobDetail> {
  const { name, setup, definition } = edits
  if (job === null) {
    const body = { job: name ?? '', ...(setup === undefined ? {} : { setup }) }
    return (await postJobs({ path: { namespace }, body })).data
  }
  if (Object.keys(edits).length === 0) return job
  const headers = { 'if-match': `"v${edits.base ?? job.version}"` }
  const body = {
    ...(name === undefined || name === job.job ? {} : { name }),
    ...(setup === undefined ? {} : { setup }),
    ...(definition === undefined ? {} : { definition }),
  }
  return (await patchJob({ path: { namespace, job: job.id }, body, headers })).data
}
