// The file of a job that is given its files by hand: sent, and looked into.
import { Button, FileButton, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { IconFileUpload } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { postUploadPartsMutation } from '../../../client/@tanstack/react-query.gen.ts'
import type { UploadView } from '../../../client/index.ts'
import { bytes } from '../../lib/numbers.ts'
import { useNamespace } from '../../lib/place.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { sendFile } from '../import/sending.ts'
import type { Sampling } from './useSample.ts'

interface GiveFileProps {
  readonly sampling: Sampling
  /** Beside other things: only the button. */
  readonly small?: boolean
}

export function GiveFile({ sampling, small = false }: GiveFileProps) {
  const namespace = useNamespace()
  const [sent, setSent] = useState(0)
  const sending = useMutation({
    mutationFn: (file: File) =>
      sendFile({ namespace, file, onProgress: setSent, signal: new AbortController().signal }),
    onSuccess: (upload) => {
      if (upload.container === null) sampling.read({ upload: upload.id })
    },
  })
  const { data: upload, variables: file } = sending
  const button = (
    <FileButton onChange={(chosen) => chosen !== null && sending.mutate(chosen)}>
      {(props) => (
        <Button
          {...props}
          loading={sending.isPending}
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
    <Stack gap="sm">
      {small ? (
        button
      ) : (
        <Paper withBorder p="xl" radius="lg">
          <Stack align="center" ta="center" gap="xs">
            <Text fw={600}>Which file is it?</Text>
            <Text c="dimmed">CSV, JSON, Excel, Parquet or a zip. It is only looked at for now.</Text>
            {button}
          </Stack>
        </Paper>
      )}
      {sending.isPending && file !== undefined && (
        <div role="status">
          <Progress
            value={file.size === 0 ? 100 : (100 * sent) / file.size}
            aria-label={`Sending ${file.name}`}
          />
          <Text size="sm" c="dimmed" className="numbers">
            {bytes(sent)} of {bytes(file.size)}
          </Text>
        </div>
      )}
      {sending.error !== null && <ProblemAlert error={sending.error} />}
      {sampling.refused !== null && !small && <ProblemAlert error={sampling.refused} />}
      {upload?.container != null && <Parts upload={upload} sampling={sampling} />}
    </Stack>
  )
}

function Parts({ upload, sampling }: { readonly upload: UploadView; readonly sampling: Sampling }) {
  const namespace = useNamespace()
  const unpack = useMutation({
    ...postUploadPartsMutation(),
    onSuccess: ({ id }) => sampling.read({ upload: id }),
  })
  return (
    <Stack gap="xs">
      <Text>{upload.fileName} holds several parts. Which one is it?</Text>
      {unpack.error !== null && <ProblemAlert error={unpack.error} />}
      <Group gap="xs">
        {upload.container!.parts.map(({ name, empty }) => (
          <Button
            key={name}
            variant="default"
            disabled={empty}
            loading={unpack.isPending && unpack.variables.body.name === name}
            onClick={() => unpack.mutate({ path: { namespace, upload: upload.id }, body: { name } })}
          >
            {name}
          </Button>
        ))}
      </Group>
    </Stack>
  )
}
