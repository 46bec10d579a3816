// How far the files on their way are; over the corner of every page.
import { ActionIcon, Group, Paper, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { refusalOf } from '../../lib/queries.ts'
import type { SentFiles, UnderWay } from '../../lib/sentFiles.ts'
import { GoButton } from '../../parts/go.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { SendingBar } from '../../parts/sendingBar.tsx'
import { previewOf, useUnderWay, useUploads } from './uploads.tsx'

export function UploadsPanel() {
  const { files } = useUploads()
  const list = useUnderWay()
  if (list.length === 0) return null
  return (
    <Paper
      withBorder
      shadow="lg"
      p="md"
      radius="lg"
      component="section"
      aria-label="Files on their way"
      style={{
        position: 'fixed',
        right: 16,
        bottom: 16,
        width: 'min(400px, calc(100vw - 32px))',
        zIndex: 150,
      }}
    >
      <Stack gap="md" mah="60vh" style={{ overflowY: 'auto' }}>
        {list.map((one) => (
          <OnTheWay key={one.id} one={one} files={files} />
        ))}
      </Stack>
    </Paper>
  )
}

/** What is wrong with the file itself stays wrong. */
function mayHelp(refused: unknown): boolean {
  return !/^(file|container|resumable)\./.test(refusalOf(refused).problem.code)
}

interface OnTheWayProps {
  readonly one: UnderWay
  readonly files: SentFiles
}

function OnTheWay({ one, files }: OnTheWayProps) {
  const { id, file, progress, upload, refused, namespace } = one
  if (upload === null && refused === null)
    return (
      <SendingBar
        file={file}
        progress={progress}
        pause={() => files.pause(id)}
        goOn={() => files.goOn(id)}
        stop={() => files.dismiss(id)}
      />
    )
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} truncate title={file.name}>
          <bdi>{file.name}</bdi>
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={() => files.dismiss(id)}
          aria-label={`Close ${file.name}`}
        >
          <IconX size={16} />
        </ActionIcon>
      </Group>
      {refused !== null && (
        <ProblemAlert error={refused} again={mayHelp(refused) ? () => files.again(id) : undefined} />
      )}
      {upload !== null && (
        <GoButton
          to={previewOf(namespace, upload.id)}
          size="xs"
          variant="light"
          onClick={() => files.dismiss(id)}
        >
          Look at it and import
        </GoButton>
      )}
    </Stack>
  )
}
