// The facts of a job one looks for first.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { JobDetail } from '../../../client/index.ts'
import { scheduleSentence } from '../../../core/schedule/words.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { When } from '../../parts/when.tsx'
import './job.css'
import { sourceText } from './setupWords.ts'
import { jobPage } from './useJob.ts'

/** Where its records come from, when it runs, and who made and changed it. */
export function Facts({ job }: { readonly job: JobDetail }) {
  return (
    <dl className="job-facts">
      <Fact label="Source">{sourceText(job.setup.source, job.provider.title)}</Fact>
      <Fact label="Runs">
        <Rhythm job={job} />
      </Fact>
      <Fact label="Next run">{job.nextRun === null ? '–' : <When at={job.nextRun} zone={job.zone} />}</Fact>
      <Fact label="Last updated">
        <When at={job.updatedAt} ago />
        {job.updatedBy !== null && <By who={job.updatedBy} />}
      </Fact>
      <Fact label="Created">
        <When at={job.createdAt} />
        {job.createdBy !== null && <By who={job.createdBy} />}
      </Fact>
    </dl>
  )
}

/** When it runs, in words: its schedule, the job it follows, or the files it waits for. */
function Rhythm({ job: { setup, zone, kind } }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const { schedule, after, source } = setup
  const says = [
    ...(schedule === null ? [] : [scheduleSentence(schedule, zone)]),
    ...(source.kind === 'folder' && source.onArrival ? ['when a file arrives'] : []),
  ]
  if (after !== null)
    return (
      <>
        {says.map((one) => `${one}; `)}after <Go to={jobPage(namespace, after)}>{after}</Go>
      </>
    )
  if (says.length > 0) return <>{says.join('; ')}</>
  return <>{kind === 'one_time' ? 'Once' : 'When it is started'}</>
}

function By({ who }: { readonly who: string }) {
  return (
    <Text size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
      by {who}
    </Text>
  )
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div style={{ minWidth: 0 }}>
      <Text component="dt" size="sm" c="dimmed">
        {label}
      </Text>
      <Text component="dd" m={0} style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  )
}
