// What stands in the place of a page that could not be shown; nothing else of the app is lost by it.
import { Button, Code, Group, Stack, Text, Title } from '@mantine/core'
import type { ErrorComponentProps } from '@tanstack/react-router'
import { useEffect } from 'react'
import { GoButton } from '../parts/go.tsx'

export function Broken({ error }: ErrorComponentProps) {
  useEffect(() => {
    document.title = 'This page could not be shown · Sluice'
  }, [])
  return (
    <Stack role="alert" align="flex-start" maw={620} mx="auto" py="xl">
      <Title order={1}>This page could not be shown</Title>
      <Text>
        The connection may have been lost, or there is a newer Sluice since you opened it: then loading the
        page again is all it takes. Nothing that was imported or saved is touched by it.
      </Text>
      <Group>
        <Button onClick={() => window.location.reload()}>Load it again</Button>
        <GoButton to="/" variant="default">
          To the start
        </GoButton>
      </Group>
      <Text size="sm" c="dimmed">
        If it stays like this, tell who looks after the installation what is written here:{' '}
        <Code style={{ overflowWrap: 'anywhere' }}>
          {error instanceof Error ? error.message : String(error)}
        </Code>
      </Text>
    </Stack>
  )
}
