// What applying a typed job would do, and the button that does it.
import { Button, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { Changes } from './changes.tsx'
import type { TextPlan } from './plans.ts'

interface PlanViewProps {
  readonly plan: TextPlan
  readonly busy: boolean
  readonly apply: () => void
}

const endings = {
  activate: 'It is activated, and its first run starts at once.',
  resume: 'It is resumed.',
  pause: 'It is paused; a run under way finishes.',
} as const

export function PlanView({ plan, busy, apply }: PlanViewProps) {
  const { seen, name, isNew, changes, move, note } = plan
  const nothing = !isNew && name === null && move === null
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby="plan" aria-live="polite">
      <Stack gap="sm">
        <Title order={2} id="plan">
          {nothing ? 'Nothing would change' : 'What would change'}
        </Title>
        {nothing && <Text c="dimmed">The text says the same as the job as it is.</Text>}
        {changes.length > 0 && (
          <Changes
            changes={changes}
            before={`Version ${seen.version}`}
            after={`Version ${seen.version + 1}`}
          />
        )}
        {name !== null && (
          <Text>
            It is renamed from {seen.job} to {name}.
          </Text>
        )}
        {move !== null && <Text>{endings[move]}</Text>}
        {note !== null && <Text c="dimmed">As for being active: {note}.</Text>}
        {isNew && <Text c="dimmed">A run under way keeps the version it began with.</Text>}
        {!nothing && (
          <Group justify="flex-end">
            <Button loading={busy} onClick={apply}>
              {isNew ? `Save as version ${seen.version + 1}` : 'Apply'}
            </Button>
          </Group>
        )}
      </Stack>
    </Paper>
  )
}
