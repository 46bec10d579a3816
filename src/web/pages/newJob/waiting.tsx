// Something is being done that takes a moment; told to screen readers as well.
import { Group, Loader, Skeleton, Stack, Text } from '@mantine/core'
import type { ReactNode } from 'react'

export function Waiting({ children }: { readonly children: ReactNode }) {
  return (
    <Stack>
      <Group gap="sm" role="status">
        <Loader size="sm" aria-hidden />
        <Text>{children}</Text>
      </Group>
      {[0, 1, 2, 3, 4].map((line) => (
        <Skeleton key={line} height={40} />
      ))}
    </Stack>
  )
}
