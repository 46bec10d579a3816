// How the job is: the problem it has, the next step, what to look at, and the facts one looks for first.
import { Alert, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { JobDetail } from '../../../client/index.ts'
import { jobMachine } from '../../../core/jobState.ts'
import { scheduleSentence } from '../../../core/schedule/words.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { When } from '../../parts/when.tsx'
import { sourceText } from './setupWords.ts'
import { editPage, jobPage } from './useJob.ts'

export function Standing({ job }: { readonly job: JobDetail }) {
  return (
    <Stack gap="md">
      {job.description !== '' && (
        <Text maw={760} style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {job.description}
        </Text>
      )}
      <NextStep job={job} />
      {job.warnings.map(({ code, message, advice }) => (
        <Alert key={code} color="orange" icon={<IconAlertTriangle aria-hidden />} title={message}>
          {advice}
        </Alert>
      ))}
      <OpenQuestions job={job} />
      <Facts job={job} />
    </Stack>
  )
}

const quiet = jobMachine.states.active.next

/** In words what a person does next (BC-10); silent where nothing is to be done. */
function NextStep({ job: { next, problem, state } }: { readonly job: JobDetail }) {
  if (problem !== null)
    return (
      <Alert
        color="red"
        icon={<IconAlertTriangle aria-hidden />}
        title={problem.message}
        role={state === 'halted' || state === 'sampling_failed' ? 'alert' : undefined}
      >
        {next === quiet ? problem.advice : next}
      </Alert>
    )
  if (next === quiet) return <Text c="dimmed">{next}</Text>
  return (
    <Alert color="blue" icon={<IconInfoCircle aria-hidden />} title="Next">
      {next}
    </Alert>
  )
}

function OpenQuestions({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const questions = job.sample?.questions ?? []
  if (questions.length === 0) return null
  return (
    <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title="The sample left questions open">
      <Stack gap={6}>
        {questions.map(({ question }) => (
          <Text key={question}>{question}</Text>
        ))}
        {job.moves.includes('edit') && (
          <Go to={`${editPage(namespace, job)}&step=columns`}>Answer them in the mapping</Go>
        )}
      </Stack>
    </Alert>
  )
}

function Facts({ job }: { readonly job: JobDetail }) {
  return (
    <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="lg" verticalSpacing="md" component="dl" m={0}>
      <Fact label="Type">{job.kind === 'recurring' ? 'Recurring import' : 'One-time import'}</Fact>
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
    </SimpleGrid>
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
