// How far a file on its way is, and the buttons that pause and stop it.
import { ActionIcon, Group, Progress, Stack, Text, Tooltip } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconX } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { bytes, duration } from '../lib/numbers.ts'
import type { Phase, Progress as Sent } from '../lib/sendFile.ts'

interface SendingBarProps {
  readonly file: Pick<File, 'name' | 'size'>
  readonly progress: Sent
  readonly pause: () => void
  readonly goOn: () => void
  readonly stop: () => void
}

const words: Readonly<Record<Phase, string>> = {
  waiting: 'Waits for its turn',
  sending: 'Sending',
  paused: 'Paused',
  lost: 'Connection lost; goes on when it is back',
  reading: 'Sent; the server is reading it …',
}

const colours: Partial<Record<Phase, string>> = { lost: 'orange', paused: 'gray', waiting: 'gray' }

export function SendingBar({ file, progress, pause, goOn, stop }: SendingBarProps) {
  const { name, size } = file
  const { phase, sent } = progress
  return (
    <Stack gap={6}>
      <Group justify="space-between" wrap="nowrap" gap="xs">
        <Text fw={600} truncate title={name}>
          <bdi>{name}</bdi>
        </Text>
        <Group gap={4} wrap="nowrap">
          {phase === 'paused' ? (
            <Act label={`Go on sending ${name}`} act={goOn}>
              <IconPlayerPlay size={16} />
            </Act>
          ) : (
            phase !== 'reading' && (
              <Act label={`Pause sending ${name}`} act={pause}>
                <IconPlayerPause size={16} />
              </Act>
            )
          )}
          <Act label={`Stop sending ${name}`} act={stop}>
            <IconX size={16} />
          </Act>
        </Group>
      </Group>
      <Progress
        value={size === 0 ? 100 : (100 * sent) / size}
        aria-label={`Sending ${name}`}
        color={colours[phase]}
        animated={phase === 'sending' || phase === 'reading'}
      />
      <div>
        {/* Only what changes seldom is read out. */}
        <Text size="sm" role="status" c={phase === 'lost' ? 'var(--mantine-color-text)' : 'dimmed'}>
          {words[phase]}
          {progress.before > 0 && phase === 'sending' && `; ${bytes(progress.before)} had arrived before`}
        </Text>
        {phase !== 'reading' && (
          <Text size="sm" c="dimmed" className="numbers">
            {howFar(progress, size)}
          </Text>
        )}
      </div>
    </Stack>
  )
}

interface ActProps {
  readonly label: string
  readonly act: () => void
  readonly children: ReactNode
}

function Act({ label, act, children }: ActProps) {
  return (
    <Tooltip label={label} multiline maw={280} events={{ hover: true, focus: true, touch: false }}>
      <ActionIcon variant="subtle" color="gray" onClick={act} aria-label={label}>
        {children}
      </ActionIcon>
    </Tooltip>
  )
}

/** `120 MB of 200 MB · 40 MB/s · 2 s left` */
function howFar({ sent, rate }: Sent, size: number): string {
  const parts = [`${bytes(sent)} of ${bytes(size)}`]
  if (rate !== null && rate > 0) parts.push(`${bytes(rate)}/s`, `${duration((size - sent) / rate)} left`)
  return parts.join(' · ')
}
