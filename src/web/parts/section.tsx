// A part of a page that stands for itself: a heading, what it is about, and what is in it.
import { Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface SectionProps {
  readonly title: string
  readonly about?: ReactNode
  readonly action?: ReactNode
  readonly children?: ReactNode
}

export function Section({ title, about, action, children }: SectionProps) {
  return (
    <Paper withBorder p={{ base: 'md', sm: 'lg' }} radius="lg" component="section" aria-label={title}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="sm">
          <Stack gap={4} flex="1 1 240px">
            <Title order={2}>{title}</Title>
            {about !== undefined && (
              <Text c="dimmed" size="sm" component="div" maw={620}>
                {about}
              </Text>
            )}
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Paper>
  )
}
