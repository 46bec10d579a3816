// How far the files on their way are; over the corner of every page.
import { ActionIcon, Group, Paper, Progress, Stack, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { systemClock } from '../../../core/clock.ts'
import { bytes, duration } from '../../lib/numbers.ts'
import { GoButton } from '../../parts/go.tsx'
import { ProblemAlert } from '../../parts/problem.tsx'
import { previewOf, useUploads, type UnderWay } from './uploads.tsx'

export function UploadsPanel() {
  const { list, dismiss } = useUploads()
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
          <OnTheWay key={one.id} file={one} dismiss={() => dismiss(one.id)} />
        ))}
      </Stack>
    </Paper>
  )
}

interface OnTheWayProps {
  readonly file: UnderWay
  readonly dismiss: () => void
}

function OnTheWay({ file, dismiss }: OnTheWayProps) {
  const { name, bytes: size, sent, upload, refused, namespace } = file
  const share = size === 0 ? 100 : (100 * sent) / size
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap">
        <Text fw={600} truncate title={name}>
          {name}
        </Text>
        <ActionIcon
          variant="subtle"
          color="gray"
          onClick={dismiss}
          aria-label={upload === null && refused === null ? `Stop sending ${name}` : `Close ${name}`}
        >
          <IconX size={16} />
        </ActionIcon>
      </Group>
      {refused !== null && <ProblemAlert error={refused} />}
      {refused === null && upload === null && (
        <>
          <Progress value={share} aria-label={`Sending ${name}`} animated />
          <Text size="sm" c="dimmed" className="numbers">
            {progressText(file)}
          </Text>
        </>
      )}
      {upload !== null && (
        <GoButton to={previewOf(namespace, upload.id)} size="xs" variant="light">
          Look at it and import
        </GoButton>
      )}
    </Stack>
  )
}

function progressText({ sent, bytes: size, startedAt }: UnderWay): string {
  if (sent >= size) return 'Sent; the server is reading it …'
  const seconds = (systemClock.now() - startedAt) / 1_000
  if (sent === 0 || seconds < 1) return `${bytes(sent)} of ${bytes(size)}`
  const rate = sent / seconds
  return `${bytes(sent)} of ${bytes(size)} · ${bytes(rate)}/s · ${duration((size - sent) / rate)} left`
}
