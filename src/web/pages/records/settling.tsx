// What became of records that wait for an answer from outside (AL-D01): asked of whoever knows.
import { Radio, Stack, Textarea } from '@mantine/core'
import { useState } from 'react'

/** As the API takes it. */
export type Said =
  | { readonly state: 'finished'; readonly outcome: 'delivered' | 'removed' }
  | { readonly state: 'failed'; readonly detail?: string }

export const delivered: Said = { state: 'finished', outcome: 'delivered' }

const answers = {
  delivered: { label: 'Delivered', about: 'The destination took the data.' },
  removed: { label: 'Removed', about: 'The destination took the person out.' },
  failed: { label: 'Failed', about: 'The destination refused. What failed can be retried.' },
} as const
type Answer = keyof typeof answers

interface SettlingProps {
  readonly many: number
  readonly tell: (said: Said) => void
}

export function Settling({ many, tell }: SettlingProps) {
  const [answer, setAnswer] = useState<Answer>('delivered')
  const [why, setWhy] = useState('')
  const choose = (next: Answer, detail: string): void => {
    setAnswer(next)
    setWhy(detail)
    tell(saidBy(next, detail.trim()))
  }
  return (
    <Stack gap="sm">
      <Radio.Group
        label={`What became of ${many === 1 ? 'it' : 'them'}?`}
        description="It is written down as it is said here, and not asked again."
        value={answer}
        onChange={(next) => choose(next, why)}
      >
        <Stack gap="xs" mt="sm">
          {(Object.keys(answers) as Answer[]).map((name) => (
            <Radio key={name} value={name} label={answers[name].label} description={answers[name].about} />
          ))}
        </Stack>
      </Radio.Group>
      {answer === 'failed' && (
        <Textarea
          label="What the destination said"
          description="It stands with the records, for whoever mends them."
          maxLength={2_000}
          autosize
          minRows={2}
          maxRows={8}
          value={why}
          onChange={({ currentTarget }) => choose('failed', currentTarget.value)}
        />
      )}
    </Stack>
  )
}

function saidBy(answer: Answer, detail: string): Said {
  if (answer !== 'failed') return { state: 'finished', outcome: answer }
  return detail === '' ? { state: 'failed' } : { state: 'failed', detail }
}
