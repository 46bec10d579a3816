// The run that the page shows, asked for again while it moves.
import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { getRunOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunView } from '../../../client/index.ts'
import { paced } from '../../lib/live.ts'
import { useNamespace } from '../../lib/place.ts'

const moving = 1_000
/** A run that waits for a person may be released by somebody else. */
const resting = 5_000

/** The run in the address, such as r1042. */
export function useRunName(): string {
  return useParams({ strict: false, select: ({ run }) => run ?? '' })
}

/** Milliseconds until a run is worth asking for again; false: nothing moves by itself any more. */
export function pace(view: RunView | undefined): number | false {
  if (view === undefined || view.run.settled) return false
  return paced(view.run.state === 'held' || view.run.state === 'retry_wait' ? resting : moving)
}

/** A run, in our words and in those of the namespace's dialect. */
export function useRun(run: string): UseQueryResult<RunView, unknown> {
  const namespace = useNamespace()
  return useQuery({
    ...getRunOptions({ path: { namespace, run }, query: { dialect: 'namespace' } }),
    refetchInterval: ({ state }) => pace(state.data),
  })
}
