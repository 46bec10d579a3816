// The foot of a form: saves it, or takes back what was typed; says what was saved, or why it was not.
import { Button, Group, Stack, Text } from '@mantine/core'
import { ProblemAlert } from '../../parts/problem.tsx'

interface SaveBarProps {
  readonly changed: boolean
  readonly saving: {
    readonly isPending: boolean
    readonly isSuccess: boolean
    readonly error: Error | null
  }
  /** What holds now, in a sentence. */
  readonly saved: string
  readonly discard: () => void
}

/** To stand in a form: its button submits. What was typed stays where it was refused. */
export function SaveBar({ changed, saving, saved, discard }: SaveBarProps) {
  return (
    <Stack gap="sm">
      {saving.error !== null && <ProblemAlert error={saving.error} />}
      <Group gap="xs">
        <Button type="submit" disabled={!changed} loading={saving.isPending}>
          Save
        </Button>
        {changed && (
          <Button variant="subtle" color="gray" onClick={discard}>
            Take back
          </Button>
        )}
        <Text size="sm" c="dimmed" role="status">
          {saving.isSuccess && !changed ? saved : ''}
        </Text>
      </Group>
    </Stack>
  )
}

/** Why the fields above cannot be changed. */
export function ReadOnly() {
  return (
    <Text size="sm" c="dimmed">
      Only owners and admins of this namespace change this; you can look.
    </Text>
  )
}
