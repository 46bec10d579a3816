// What stands where records will be.
import { Skeleton, Stack } from '@mantine/core'

const lines = Array.from({ length: 12 }, (_, line) => line)

export function RecordsSkeleton() {
  return (
    <Stack gap={10} aria-busy aria-label="Loading">
      {lines.map((line) => (
        <Skeleton key={line} height={34} radius="sm" />
      ))}
    </Stack>
  )
}
