// The file of a job that is given its files by hand: sent, and looked into.
import { Button, FileButton, Paper, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useSending } from '../../lib/useSending.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { FileParts } from '../../parts/reading/fileParts.tsx'
import { SendingBar } from '../../parts/sendingBar.tsx'
import { useTaker } from '../import/uploads.tsx'
import type { Sampling } from './useSample.ts'

interface GiveFileProps {
  readonly sampling: Sampling
  /** Beside other things: only the button. */
  readonly small?: boolean
}

export function GiveFile({ sampling, small = false }: GiveFileProps) {
  const { underWay, send, pause, goOn, stop } = useSending()
  const sending = useMutation({
    mutationFn: send,
    onSuccess: (upload) => {
      if (upload !== null && upload.container === null) sampling.read({ upload: upload.id })
    },
  })
  const { mutate, isPending, data: upload } = sending
  useTaker({ title: 'Drop to look into it', about: 'Its columns are proposed for this job.', take: mutate })
  const button = (
    <FileButton onChange={(chosen) => chosen !== null && mutate(chosen)}>
      {(props) => (
        <Button
          {...props}
          disabled={isPending}
          variant={small ? 'default' : 'filled'}
          size={small ? 'xs' : 'sm'}
          leftSection={<IconFileUpload size={16} aria-hidden />}
        >
          {small ? 'Another file' : 'Choose a file'}
        </Button>
      )}
    </FileButton>
  )
  return (
    <Stack gap="sm" style={small && underWay !== null ? { flex: '1 1 100%' } : undefined}>
      {small ? (
        button
      ) : (
        <Paper withBorder p="xl" radius="lg">
          <Stack align="center" ta="center" gap="xs">
            <Text fw={600}>Which file is it?</Text>
            <Text c="dimmed">
              Drop it here or choose it: CSV, JSON, Excel, Parquet or a zip. It is only looked at for now.
            </Text>
            {button}
          </Stack>
        </Paper>
      )}
      {underWay !== null && <SendingBar {...underWay} pause={pause} goOn={goOn} stop={stop} />}
      {sending.error !== null && <ProblemAlert error={sending.error} />}
      {sampling.refused !== null && !small && <ProblemAlert error={sampling.refused} />}
      {upload?.container != null && (
        <FileParts upload={upload} open={(part) => sampling.read({ upload: part })} />
      )}
    </Stack>
  )
}
