// Run now: with the file of a job that is given its files, for good or as a dry run.
import { Button, Checkbox, FileInput, Group, Modal, Progress, Radio, Stack, Text } from '@mantine/core'
import { IconFile } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState, type FormEvent } from 'react'
import { postJobRun, type JobDetail } from '../../../client/index.ts'
import { bytes } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { sendFile } from '../import/sending.ts'

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
  const gone = useRef(new AbortController())
  const [sent, setSent] = useState<number | null>(null)
  useEffect(() => {
    const { current } = gone
    return () => current.abort()
  }, [])
  const order = useMutation({
    mutationFn: async ({ file, ...how }: { file: File | null; again: boolean; dryRun: boolean }) => {
      const { signal } = gone.current
      const upload =
        file === null ? {} : { upload: (await sendFile({ namespace, file, onProgress: setSent, signal })).id }
      const { data } = await postJobRun({ path: { namespace, job: job.id }, body: { ...how, ...upload } })
      return data.run
    },
    onSettled: () => setSent(null),
    onSuccess: async (run) => {
      close()
      if (run !== null) await go({ to: '/n/$namespace/runs/$run', params: { namespace, run } })
    },
  })
  return { order, sent }
}

function Order({ job, close }: Omit<RunNowProps, 'opened'>) {
  const canRun = job.moves.includes('run')
  const [how, setHow] = useState(canRun ? 'import' : 'dry')
  const [again, setAgain] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const { order, sent } = useOrder({ job, close })
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
        {sent !== null && file !== null && <Sent sent={sent} of={file.size} />}
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

function Sent({ sent, of }: { readonly sent: number; readonly of: number }) {
  return (
    <Stack gap={4} aria-live="polite">
      <Progress value={of === 0 ? 100 : (100 * sent) / of} aria-label="Sending the file" />
      <Text size="sm" c="dimmed" className="numbers">
        {bytes(sent)} of {bytes(of)} sent
      </Text>
    </Stack>
  )
}
