// What is asked before a job is switched on or off: what will happen, in words.
import { Text } from '@mantine/core'
import {
  postJobActivate,
  postJobArchive,
  postJobPause,
  postJobRestore,
  postJobResume,
  type JobDetail,
} from '../../../client/index.ts'
import { jobMachine } from '../../../core/jobState.ts'
import { told } from './told.tsx'
import type { Question } from '../../parts/asking.tsx'
import { PauseHow } from './pauseHow.tsx'

type Asked = 'activate' | 'pause' | 'resume' | 'archive' | 'restore'

/** One question a verb. `anew`: asks for everything again when it is done. */
export function questionsOf(
  namespace: string,
  job: JobDetail,
  anew: () => Promise<void>,
): Readonly<Record<Asked, Question>> {
  const path = { namespace, job: job.id }
  // The choice is made in the question, after it was opened.
  const how = { running: 'finish' as 'finish' | 'stop' }
  return {
    activate: {
      title: `Activate ${job.job}?`,
      body: <Text>{activateText(job)}</Text>,
      yes: 'Activate',
      act: async () => {
        const { data } = await postJobActivate({ path, body: {} })
        told(namespace, activatedText(data.job), data.run)
        await anew()
      },
    },
    pause: {
      title: `Pause ${job.job}?`,
      body: <PauseHow job={job} choose={(running) => (how.running = running)} />,
      yes: 'Pause',
      act: async () => {
        await postJobPause({ path, body: how })
        await anew()
      },
    },
    resume: {
      title: `Resume ${job.job}?`,
      body: <Text>{resumeText(job)}</Text>,
      yes: 'Resume',
      act: async () => {
        const { data } = await postJobResume({ path, body: {} })
        told(namespace, 'It is switched on again.', data.run)
        await anew()
      },
    },
    ...shelfQuestions(path, job, anew),
  }
}

/** Out of the lists, and back. */
function shelfQuestions(
  path: { readonly namespace: string; readonly job: string },
  { job: name }: JobDetail,
  anew: () => Promise<void>,
): Readonly<Record<'archive' | 'restore', Question>> {
  return {
    archive: {
      title: `Archive ${name}?`,
      body: (
        <Text>
          It leaves the lists and gives its name free. Its runs, records and profiles stay, and it can be
          restored.
        </Text>
      ),
      yes: 'Archive',
      act: async () => {
        await postJobArchive({ path, body: {} })
        await anew()
      },
    },
    restore: {
      title: `Restore ${name}?`,
      body: <Text>It is back in the lists. Nothing runs until it is resumed or activated.</Text>,
      yes: 'Restore',
      act: async () => {
        await postJobRestore({ path, body: {} })
        await anew()
      },
    },
  }
}

/** Of a job that needs two it may be a request only. */
function activatedText({ awaiting }: JobDetail): string {
  return awaiting === null ? 'It is switched on.' : 'It waits for somebody else to approve it.'
}

function activateText({ setup: { source, schedule } }: JobDetail): string {
  if (source.kind === 'upload' && schedule === null)
    return 'It is switched on, and imports the file it was sampled from.'
  if (schedule?.start !== null && schedule?.start !== undefined)
    return 'It is switched on, and runs by its schedule as soon as that begins.'
  return jobMachine.moves.activate.doc
}

function resumeText({ state, problem, setup }: JobDetail): string {
  const made =
    setup.schedule?.missed === 'run_once'
      ? 'If it was due in the meantime, one run makes up for all of them.'
      : 'What was due in the meantime is not made up.'
  if (state === 'halted' && problem !== null)
    return `Its last problem was: ${problem.message} Where a run of it was halted midway, it goes on. ${made}`
  return `Switch it on again. ${made}`
}
