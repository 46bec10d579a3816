// Run now: with the file of a job that is given its files, for good or as a dry run.
import { Button, Checkbox, FileInput, Group, Modal, Radio, Stack } from '@mantine/core'
import { IconFile } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState, type FormEvent } from 'react'
import { postJobRun, type JobDetail } from '../../../client/index.ts'
import { useNamespace } from '../../lib/place.ts'
import { useSending } from '../../lib/useSending.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { SendingBar } from '../../parts/sendingBar.tsx'

interface RunNowProps {
  readonly job: JobDetail
  readonly opened: boolean
  readonly close: () => void
}

export function RunNow({ job, opened, close }: RunNowProps) {
  return (
    <Modal opened={opened} onClose={close} title={`Run ${job.job}`} centered size="lg">
      {/* Opened anew, it knows nothing of the last time. */}
      {opened && <Order job={job} close={close} />}
    </Modal>
  )
}

/** Sends the file, then starts the run, and goes to its page. */
function useOrder({ job, close }: Omit<RunNowProps, 'opened'>) {
  const namespace = useNamespace()
  const go = useNavigate()
  const sending = useSending()
  const order = useMutation({
    mutationFn: async ({ file, ...how }: { file: File | null; again: boolean; dryRun: boolean }) => {
      const sent = file === null ? null : await sending.send(file)
      // It was stopped: nothing is to be run.
      if (file !== null && sent === null) return undefined
      const upload = sent === null ? {} : { upload: sent.id }
      const { data } = await postJobRun({ path: { namespace, job: job.id }, body: { ...how, ...upload } })
      return data.run
    },
    onSuccess: async (run) => {
      if (run === undefined) return
      close()
      if (run !== null) await go({ to: '/n/$namespace/runs/$run', params: { namespace, run } })
    },
  })
  return { order, sending }
}

function Order({ job, close }: Omit<RunNowProps, 'opened'>) {
  const canRun = job.moves.includes('run')
  const [how, setHow] = useState(canRun ? 'import' : 'dry')
  const [again, setAgain] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const { order, sending } = useOrder({ job, close })
  const { underWay, pause, goOn, stop } = sending
  const givesFile = job.setup.source.kind === 'upload'
  const submit = (submitted: FormEvent): void => {
    submitted.preventDefault()
    order.mutate({ file, again: again && how === 'import', dryRun: how === 'dry' })
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        {givesFile && (
          <FileInput
            label="File"
            description="Read and mapped as the job is set up."
            placeholder="Choose a file"
            leftSection={<IconFile size={16} aria-hidden />}
            value={file}
            onChange={setFile}
            required
            clearable
          />
        )}
        <How how={how} setHow={setHow} canRun={canRun} />
        {how === 'import' && (
          <Checkbox
            checked={again}
            onChange={({ currentTarget }) => setAgain(currentTarget.checked)}
            label="Also what was processed before"
            description={
              givesFile
                ? 'Imports the file even though the very same was imported already.'
                : 'Reads the newest file even though it was processed already.'
            }
          />
        )}
        {underWay !== null && <SendingBar {...underWay} pause={pause} goOn={goOn} stop={stop} />}
        {order.error !== null && <ProblemAlert error={order.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Cancel
          </Button>
          <Button type="submit" loading={order.isPending} disabled={givesFile && file === null}>
            {how === 'dry' ? 'Start a dry run' : 'Run now'}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface HowProps {
  readonly how: string
  readonly setHow: (how: string) => void
  /** It can be run for good. */
  readonly canRun: boolean
}

function How({ how, setHow, canRun }: HowProps) {
  return (
    <Radio.Group value={how} onChange={setHow} label="How">
      <Stack gap="xs" mt={6}>
        <Radio
          value="import"
          label="For good"
          description="Profiles are written; the run can be undone."
          disabled={!canRun}
        />
        <Radio
          value="dry"
          label="Dry run"
          description="Decides everything, writes nothing, and shows what would happen."
        />
      </Stack>
    </Radio.Group>
  )
}
