// What can be done with a job now: the one thing that comes next as a button, the rest in a menu; nothing that is not legal.
import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useState } from 'react'
import type { JobDetail } from '../../../client/index.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { useAsk } from '../../parts/asking.tsx'
import { Go, GoButton } from '../../parts/go.tsx'
import { download, templateOf, yamlOf } from './files.ts'
import { questionsOf } from './questions.tsx'
import { RunNow } from './runNow.tsx'
import { editPage, useAnew } from './useJob.ts'

type Verb = JobDetail['moves'][number]

/** Which of the legal verbs is the button; the others are in the menu. */
const first: readonly Verb[] = ['restore', 'resume', 'activate', 'run']

const labels: Readonly<Partial<Record<Verb, string>>> = {
  activate: 'Activate',
  resume: 'Resume',
  run: 'Run now',
  pause: 'Pause',
  archive: 'Archive',
  restore: 'Restore',
}

/** Verbs of this viewer: legal now, and theirs to do. */
function useVerbs({ moves }: JobDetail): readonly Verb[] {
  const mayEdit = useMay('edit_jobs')
  const mayRun = useMay('run')
  return moves.filter((verb) => (verb === 'run' ? mayRun : mayEdit))
}

export function Actions({ job }: { readonly job: JobDetail }) {
  const namespace = useNamespace()
  const ask = useAsk()
  const anew = useAnew()
  const verbs = useVerbs(job)
  const mayRun = useMay('run')
  const [running, setRunning] = useState(false)
  // Without a mapping there is nothing to activate: setting it up comes first.
  const able = verbs.filter((verb) => verb !== 'activate' || job.mapped)
  const main = first.find((verb) => able.includes(verb))
  const questions = questionsOf(namespace, job, anew)
  const act = (verb: Verb): void => {
    if (verb === 'run') setRunning(true)
    else ask(questions[verb as keyof typeof questions])
  }
  const edit = verbs.includes('edit')
  return (
    <>
      {edit && (
        <GoButton to={editPage(namespace, job)} variant={job.mapped ? 'default' : 'filled'}>
          {job.mapped ? 'Edit' : 'Set it up'}
        </GoButton>
      )}
      {main !== undefined && <Button onClick={() => act(main)}>{labels[main]}</Button>}
      <More
        job={job}
        verbs={able.filter((verb) => verb !== main)}
        act={act}
        lookAhead={mayRun && !verbs.includes('run') ? () => setRunning(true) : null}
      />
      <RunNow job={job} opened={running} close={() => setRunning(false)} />
    </>
  )
}

interface MoreProps {
  readonly job: JobDetail
  readonly verbs: readonly Verb[]
  readonly act: (verb: Verb) => void
  /** Opens the dry run of a job that cannot run for good; null: it can, or not even that is possible. */
  readonly lookAhead: (() => void) | null
}

function More({ job, verbs, act, lookAhead }: MoreProps) {
  const namespace = useNamespace()
  const others = verbs.filter((verb) => labels[verb] !== undefined && verb !== 'archive')
  const canLook = lookAhead !== null && job.mapped && job.state !== 'sampling' && job.state !== 'archived'
  return (
    <Menu position="bottom-end" width={230}>
      <Menu.Target>
        <ActionIcon variant="default" size="lg" aria-label="More actions">
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {others.map((verb) => (
          <Menu.Item key={verb} onClick={() => act(verb)}>
            {labels[verb]}…
          </Menu.Item>
        ))}
        {canLook && <Menu.Item onClick={lookAhead}>Dry run…</Menu.Item>}
        {(others.length > 0 || canLook) && <Menu.Divider />}
        <Menu.Item
          renderRoot={(props) => (
            <Go to={`/n/${namespace}/records?job=${encodeURIComponent(job.job)}`} {...props} />
          )}
        >
          Its records
        </Menu.Item>
        <Menu.Item onClick={() => void yamlOf(job).then((text) => download(`${job.job}.yaml`, text))}>
          Download as YAML
        </Menu.Item>
        {job.mapped && (
          <Menu.Item
            onClick={() =>
              void templateOf(namespace, job).then((text) => download(`${job.job}-template.csv`, text))
            }
          >
            Download a template file
          </Menu.Item>
        )}
        {verbs.includes('archive') && (
          <>
            <Menu.Divider />
            <Menu.Item onClick={() => act('archive')}>Archive…</Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
