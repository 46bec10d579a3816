// A heading with how many there are beside it.
import { Group, Text, Title } from '@mantine/core'

export function Heading({
  id,
  title,
  about,
}: {
  readonly id: string
  readonly title: string
  readonly about: string
}) {
  return (
    <Group justify="space-between" gap="sm" align="baseline">
      <Title order={2} id={id}>
        {title}
      </Title>
      <Text size="sm" c="dimmed">
        {about}
      </Text>
    </Group>
  )
}
