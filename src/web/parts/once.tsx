// What is shown this once: a token, a link, a signing secret; with a button that copies it.
import { Alert, Button, CopyButton, Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import type { ReactNode } from 'react'

interface OnceProps {
  readonly title: string
  /** What is shown. */
  readonly value: string
  /** What to do with it. */
  readonly children: ReactNode
  /** Called when the person has it; it is then gone. */
  readonly done: () => void
}

export function Once({ title, value, children, done }: OnceProps) {
  return (
    <Alert color="green" title={title} role="status">
      <Stack gap="sm">
        <Text size="sm" component="div">
          {children}
        </Text>
        <div className="once">{value}</div>
        <Group gap="xs">
          <CopyButton value={value}>
            {({ copied, copy }) => (
              <Button
                size="xs"
                onClick={copy}
                leftSection={
                  copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />
                }
              >
                {copied ? 'Copied' : 'Copy'}
              </Button>
            )}
          </CopyButton>
          <Button size="xs" variant="default" onClick={done}>
            I have it
          </Button>
        </Group>
      </Stack>
    </Alert>
  )
}
