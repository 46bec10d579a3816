// How the job is: the problem it has, the next step, and what to look at.
import { Alert, Stack, Text } from '@mantine/core'
import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { JobDetail } from '../../../client/index.ts'
import { jobMachine } from '../../../core/jobState.ts'
import { adviceHere, withoutCommands } from '../../lib/advice.ts'
import { useNamespace } from '../../lib/place.ts'
import { Go } from '../../parts/go.tsx'
import { Awaiting } from './awaiting.tsx'
import { editPage } from './useJob.ts'

/** Nothing where all is well and nothing is to be done: the heading says that. */
export function Standing({ job }: { readonly job: JobDetail }) {
  return (
    <Stack gap="md" className="job-standing">
      {job.description !== '' && (
        <Text maw={760} style={{ whiteSpace: 'pre-line', overflowWrap: 'anywhere' }}>
          {job.description}
        </Text>
      )}
      <Awaiting job={job} />
      <NextStep job={job} />
      {job.warnings.map((warning) => (
        <Alert
          key={warning.code}
          color="orange"
          icon={<IconAlertTriangle aria-hidden />}
          title={warning.message}
        >
          {adviceHere(warning)}
        </Alert>
      ))}
      <OpenQuestions job={job} />
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
        {adviceHere({ code: problem.code, advice: next === quiet ? problem.advice : next })}
      </Alert>
    )
  if (next === quiet) return null
  return (
    <Alert color="blue" icon={<IconInfoCircle aria-hidden />} title="Next">
      {withoutCommands(next)}
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
