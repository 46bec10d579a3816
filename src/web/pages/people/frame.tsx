// The frame of pages for people who are not signed in yet.
import { Center, Paper, Stack, Title } from '@mantine/core'
import { useEffect, type ReactNode } from 'react'

interface FrameProps {
  readonly title: string
  readonly children: ReactNode
}

export function Frame({ title, children }: FrameProps) {
  useEffect(() => {
    document.title = `${title} · Sluice`
  }, [title])
  return (
    <Center mih="100vh" p="md" component="main">
      <Paper withBorder p="xl" radius="lg" w="100%" maw={440}>
        <Stack>
          <Title order={1}>{title}</Title>
          {children}
        </Stack>
      </Paper>
    </Center>
  )
}
