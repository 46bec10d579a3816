// What a list says when there is nothing in it: what belongs here, and what to do first.
import { Paper, Stack, Text, Title } from '@mantine/core'
import type { ReactNode } from 'react'

interface EmptyProps {
  readonly title: string
  readonly children: ReactNode
  /** A button or link that does the first step. */
  readonly action?: ReactNode
}

export function Empty({ title, children, action }: EmptyProps) {
  return (
    <Paper withBorder p="xl" radius="lg">
      <Stack align="center" gap="xs" maw={520} mx="auto" py="lg" ta="center">
        <Title order={2}>{title}</Title>
        <Text c="dimmed" component="div">
          {children}
        </Text>
        {action !== undefined && <div style={{ marginTop: 12 }}>{action}</div>}
      </Stack>
    </Paper>
  )
}
