// The frame of a page: where one is, what it is about, and what can be done.
import { Anchor, Breadcrumbs, Group, Stack, Text, Title } from '@mantine/core'
import { Link } from '@tanstack/react-router'
import { useEffect, type ReactNode } from 'react'

interface PageProps {
  readonly title: string
  /** Instead of the title as text, for example with a badge. */
  readonly heading?: ReactNode
  readonly about?: ReactNode
  /** Pages above this one. */
  readonly above?: readonly { readonly label: string; readonly to: string }[]
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** Sets the document's title too. */
export function Page({ title, heading, about, above = [], actions, children }: PageProps) {
  useEffect(() => {
    document.title = `${title} · Sluice`
  }, [title])
  return (
    <Stack gap="lg" maw={1400} mx="auto">
      <Stack gap={4}>
        {above.length > 0 && (
          <Breadcrumbs separatorMargin={6}>
            {above.map(({ label, to }) => (
              <Anchor key={to} size="sm" renderRoot={(props) => <Link to={to} {...props} />}>
                {label}
              </Anchor>
            ))}
            <span />
          </Breadcrumbs>
        )}
        <Group justify="space-between" align="flex-start" gap="sm">
          {heading ?? (
            <Title order={1} lineClamp={3} title={title} style={{ overflowWrap: 'anywhere' }}>
              <bdi>{title}</bdi>
            </Title>
          )}
          {actions !== undefined && <Group gap="xs">{actions}</Group>}
        </Group>
        {about !== undefined && (
          <Text c="dimmed" maw={760} component="div">
            {about}
          </Text>
        )}
      </Stack>
      {children}
    </Stack>
  )
}
