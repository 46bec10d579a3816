// How a job is paused: with a run under way, whether that finishes.
import { Radio, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { JobDetail } from '../../../client/index.ts'
import { isMoving } from './useJob.ts'

type How = 'finish' | 'stop'

interface PauseHowProps {
  readonly job: JobDetail
  readonly choose: (how: How) => void
}

export function PauseHow({ job, choose }: PauseHowProps) {
  const [how, setHow] = useState<How>('finish')
  const change = (next: string): void => {
    setHow(next as How)
    choose(next as How)
  }
  return (
    <Stack gap="sm">
      <Text>Nothing of it starts by itself until it is resumed; its schedule stays.</Text>
      {isMoving(job) && (
        <Radio.Group value={how} onChange={change} label="A run of it is under way">
          <Stack gap={6} mt={6}>
            <Radio value="finish" label="Let it finish" />
            <Radio value="stop" label="Stop it: what was written stays, and can be undone" />
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  )
}
