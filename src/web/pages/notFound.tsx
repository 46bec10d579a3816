// An address that leads nowhere: in the frame of the app where it names a namespace.
import { Center, Stack, Text, Title } from '@mantine/core'
import { useEffect } from 'react'
import { GoButton } from '../parts/go.tsx'

export function NotFound() {
  useEffect(() => {
    document.title = 'Nothing here · Sluice'
  }, [])
  return (
    <Center mih="60vh" p="md">
      <Stack align="center" gap="xs" ta="center">
        <Title order={1}>There is nothing at this address</Title>
        <Text c="dimmed">
          What it named may have been archived, removed by retention, or lie in another namespace.
        </Text>
        <GoButton to="/" mt="sm">
          To the start
        </GoButton>
      </Stack>
    </Center>
  )
}

/** Outside the frame of the app. */
export function NotFoundAlone() {
  return (
    <main>
      <NotFound />
    </main>
  )
}
