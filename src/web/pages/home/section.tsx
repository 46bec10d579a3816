// One part of Home: a heading, a way to more, and what it shows.
import { Group, Paper, Stack, Title } from '@mantine/core'
import { useId, type ReactNode } from 'react'

interface SectionProps {
  readonly title: string
  /** Beside the heading: a link to more. */
  readonly more?: ReactNode
  readonly children: ReactNode
}

export function Section({ title, more, children }: SectionProps) {
  const id = useId()
  return (
    <Paper withBorder p="md" radius="lg" component="section" aria-labelledby={id}>
      <Stack gap="md">
        <Group justify="space-between" gap="sm">
          <Title order={2} id={id}>
            {title}
          </Title>
          {more}
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
