// That the numbers add up: seen at once, and checked again from three sides on demand.
import { Alert, Button, Group, List, Text, Tooltip } from '@mantine/core'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { postRunVerifyMutation } from '../../../client/@tanstack/react-query.gen.ts'
import type { RunView } from '../../../client/index.ts'
import { ProblemAlert } from '../../parts/problem.tsx'

interface VerifyProps {
  readonly view: RunView
  /** Whether the numbers shown add up. */
  readonly sound: boolean
}

const sides = 'The landing, the batches and the ledger are counted apart from each other, and must agree.'

export function Verify({ view: { run }, sound }: VerifyProps) {
  const verify = useMutation(postRunVerifyMutation())
  const check = (): void => verify.mutate({ path: { namespace: run.namespace, run: run.id } })
  const ended = run.state === 'completed' || run.state === 'completed_with_errors'
  return (
    <>
      <Group gap="xs">
        <Tooltip label={sides} multiline maw={300}>
          <Group gap={4} wrap="nowrap" role="status">
            {sound && verify.data?.sound !== false ? (
              <IconCircleCheck size={18} color="var(--mantine-color-green-filled)" aria-hidden />
            ) : (
              <IconAlertTriangle size={18} color="var(--mantine-color-red-filled)" aria-hidden />
            )}
            <Text size="sm">{statusText(sound, ended, verify.data?.sound)}</Text>
          </Group>
        </Tooltip>
        {run.settled && (
          <Button size="compact-sm" variant="subtle" onClick={check} loading={verify.isPending}>
            {verify.data === undefined ? 'Check now' : 'Check again'}
          </Button>
        )}
      </Group>
      {verify.error !== null && <ProblemAlert error={verify.error} />}
      {verify.data?.sound === false && (
        <Alert color="red" title="The three sides do not agree" role="alert" w="100%">
          <List>
            {verify.data.faults.map(({ kind, sentence }) => (
              <List.Item key={`${kind}${sentence}`}>{sentence}</List.Item>
            ))}
          </List>
        </Alert>
      )}
    </>
  )
}

function statusText(sound: boolean, ended: boolean, checked: boolean | undefined): string {
  if (!sound || checked === false) return 'Does not add up'
  if (checked === true) return 'Adds up: checked just now from three sides'
  return ended ? 'Adds up: checked from three sides' : 'Adds up'
}
