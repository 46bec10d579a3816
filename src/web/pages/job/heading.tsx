// The name of a job with its state, and another name in place.
import { ActionIcon, Button, Group, Stack, Text, TextInput, Title, Tooltip } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent, type KeyboardEvent } from 'react'
import { patchJob, type JobDetail } from '../../../client/index.ts'
import { jobMachine } from '../../../core/jobState.ts'
import { useMay, useNamespace } from '../../lib/place.ts'
import { Doing } from '../../parts/doing.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { StateBadge } from '../../parts/state.tsx'
import './job.css'
import { asSeen, jobPage, useAnew } from './useJob.ts'

export function Heading({ job }: { readonly job: JobDetail }) {
  const [renaming, setRenaming] = useState(false)
  const mayEdit = useMay('edit_jobs')
  if (renaming) return <Rename job={job} close={() => setRenaming(false)} />
  return (
    <Stack gap={6} style={{ minWidth: 0 }}>
      <Group gap={6} align="center">
        <Title order={1} style={{ overflowWrap: 'anywhere' }}>
          {job.job}
        </Title>
        {mayEdit && job.moves.includes('rename') && (
          <Tooltip label="Rename">
            <ActionIcon variant="subtle" color="gray" onClick={() => setRenaming(true)} aria-label="Rename">
              <IconPencil size={18} />
            </ActionIcon>
          </Tooltip>
        )}
      </Group>
      <Group gap="xs" className="job-said">
        <StateBadge of="job" state={job.state} word={job.word ?? undefined} />
        <Text c="dimmed" component="span">
          {job.kind === 'recurring' ? 'Recurring import' : 'One-time import'}
        </Text>
        {job.activity !== null && job.activity.what !== 'idle' && (
          <Text c="dimmed" component="span" aria-live="polite">
            <Doing activity={job.activity} />
          </Text>
        )}
        {isQuiet(job) && (
          <Text c="dimmed" component="span">
            {quiet}
          </Text>
        )}
      </Group>
    </Stack>
  )
}

/** Where nothing is to be done, a word is enough; anything else stands below, larger. */
const quiet = jobMachine.states.active.next

/** A run that failed and tries again may well need somebody: its reason stands among the last runs. */
function isQuiet({ problem, next, activity }: JobDetail): boolean {
  return problem === null && next === quiet && activity?.reason !== 'retry'
}

interface RenameProps {
  readonly job: JobDetail
  readonly close: () => void
}

/** The version that is looked at goes along: who was slower is told, and loses nothing. */
function Rename({ job, close }: RenameProps) {
  const namespace = useNamespace()
  const go = useNavigate()
  const anew = useAnew()
  const [seen] = useState(job)
  const [name, setName] = useState(job.job)
  const rename = useMutation({
    mutationFn: () =>
      patchJob({ path: { namespace, job: seen.id }, body: { name: name.trim() }, headers: asSeen(seen) }),
    onSuccess: async ({ data }) => {
      await go({ to: jobPage(namespace, data.job), search: true as never, replace: true })
      close()
      await anew()
    },
  })
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    if (name.trim() === seen.job) close()
    else rename.mutate()
  }
  const leave = ({ key }: KeyboardEvent): void => {
    if (key === 'Escape') close()
  }
  return (
    <form onSubmit={submit} style={{ flexGrow: 1, maxWidth: 720 }}>
      <Stack gap="sm">
        <Group gap="xs" align="flex-end">
          <TextInput
            label="Name of the job"
            description="Its runs and records stay with it."
            value={name}
            onChange={({ currentTarget }) => setName(currentTarget.value)}
            onKeyDown={leave}
            maxLength={200}
            required
            data-autofocus
            autoFocus
            style={{ flexGrow: 1 }}
          />
          <Button type="submit" loading={rename.isPending} disabled={name.trim() === ''}>
            Rename
          </Button>
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
        </Group>
        {rename.error !== null && <ProblemAlert error={rename.error} />}
      </Stack>
    </form>
  )
}
