// What a job is doing just now, in words: running, number 2 in the queue, tries again in 15 minutes.
import type { JobView } from '../../client/index.ts'
import { restingFor, waitedFor } from '../../core/jobActivity.ts'
import { When } from './when.tsx'

/** Nothing where there is nothing to say. */
export function Doing({ activity }: Pick<JobView, 'activity'>) {
  if (activity === null || activity.what === 'idle') return null
  const { what, position, percent, until, reason } = activity
  if (what === 'queued') return <>{position === null ? 'queued' : `number ${position} in the queue`}</>
  if (what === 'running' && percent !== null) return <>running, {percent} %</>
  if (what !== 'sleeping') return <>{what}</>
  const waited = reason === null ? undefined : waitedFor[reason]
  if (waited !== undefined) return <>waiting for {waited}</>
  if (reason === 'schedule')
    return (
      <>
        next run <When at={until} ago />
      </>
    )
  if (reason === 'retry')
    return until === null ? (
      <>waits to try again</>
    ) : (
      <>
        tries again <When at={until} ago />
      </>
    )
  return (
    <>
      {reason === null ? 'sleeping' : `waits: ${restingFor(reason)}`}
      {until !== null && (
        <>
          , goes on <When at={until} ago />
        </>
      )}
    </>
  )
}
