// What can be done with a job of the list: only what is legal now, and theirs to do who look.
import { ActionIcon, Menu } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconDotsVertical } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { getJobOptions } from '../../../client/@tanstack/react-query.gen.ts'
import type { JobDetail, JobView } from '../../../client/index.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { refusalOf } from '../../lib/queries.ts'
import { useAsk } from '../../parts/asking.tsx'
import { download, yamlOf } from '../job/files.ts'
import { questionsOf } from '../job/questions.tsx'
import { RunNow } from '../job/runNow.tsx'
import { editPage, jobPage, useAnew } from '../job/useJob.ts'

const asked = {
  activate: 'Activate…',
  pause: 'Pause…',
  resume: 'Resume…',
  restore: 'Restore…',
  archive: 'Archive…',
} as const
type AskedVerb = keyof typeof asked

/** Everything about the job of a row is asked for when something is done with it. */
function useActs(job: JobView) {
  const namespace = useNamespace()
  const queries = useQueryClient()
  const ask = useAsk()
  const anew = useAnew()
  const [running, setRunning] = useState<JobDetail | null>(null)
  const withDetail = async (act: (detail: JobDetail) => unknown): Promise<void> => {
    try {
      await act(
        await queries.fetchQuery({ ...getJobOptions({ path: { namespace, job: job.id } }), staleTime: 0 }),
      )
    } catch (error) {
      const { title, detail } = refusalOf(error).problem
      notifications.show({ color: 'red', title, message: detail })
    }
  }
  return {
    running,
    close: () => setRunning(null),
    run: () => withDetail(setRunning),
    askFor: (verb: AskedVerb) => withDetail((detail) => ask(questionsOf(namespace, detail, anew)[verb])),
    yaml: () => withDetail(async (detail) => download(`${detail.job}.yaml`, await yamlOf(detail))),
  }
}

export function RowMenu({ job }: { readonly job: JobView }) {
  const acts = useActs(job)
  return (
    <>
      <Menu position="bottom-end" width={210}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="lg" aria-label={`Actions of ${job.job}`}>
            <IconDotsVertical size={18} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Choices job={job} acts={acts} />
        </Menu.Dropdown>
      </Menu>
      {acts.running !== null && <RunNow job={acts.running} opened close={acts.close} />}
    </>
  )
}

interface ChoicesProps {
  readonly job: JobView
  readonly acts: ReturnType<typeof useActs>
}

function Choices({ job, acts }: ChoicesProps) {
  const namespace = useNamespace()
  const mayEdit = useMay('edit_jobs')
  const mayRun = useMay('run')
  const { moves } = job
  const verbs = (Object.keys(asked) as AskedVerb[]).filter((verb) => mayEdit && moves.includes(verb))
  return (
    <>
      <Place to={jobPage(namespace, job.job)}>View</Place>
      {mayRun && moves.includes('run') && <Menu.Item onClick={() => void acts.run()}>Run now…</Menu.Item>}
      {verbs
        .filter((verb) => verb !== 'archive')
        .map((verb) => (
          <Menu.Item key={verb} onClick={() => void acts.askFor(verb)}>
            {asked[verb]}
          </Menu.Item>
        ))}
      {mayEdit && moves.includes('edit') && <Place to={editPage(namespace, job)}>Edit</Place>}
      {job.lastRun !== null && <Place to={`/n/${namespace}/runs/${job.lastRun}`}>See its last run</Place>}
      <Menu.Item onClick={() => void acts.yaml()}>Download as YAML</Menu.Item>
      {verbs.includes('archive') && (
        <>
          <Menu.Divider />
          <Menu.Item onClick={() => void acts.askFor('archive')}>{asked.archive}</Menu.Item>
        </>
      )}
    </>
  )
}

function Place({ to, children }: { readonly to: string; readonly children: string }) {
  return <Menu.Item renderRoot={(props) => <Link to={to} {...props} />}>{children}</Menu.Item>
}
