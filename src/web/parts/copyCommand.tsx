// The same thing as a command, to copy.
import { ActionIcon, Code, CopyButton, Group, Tooltip } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'

/** `command` is one line for a shell. */
export function CopyCommand({ command }: { readonly command: string }) {
  return (
    <Group gap={4} wrap="nowrap">
      <Code style={{ overflowWrap: 'anywhere' }}>{command}</Code>
      <CopyButton value={command}>
        {({ copied, copy }) => (
          <Tooltip label={copied ? 'Copied' : 'Copy as a command'}>
            <ActionIcon variant="subtle" color="gray" onClick={copy} aria-label="Copy as a command">
              {copied ? <IconCheck size={16} /> : <IconCopy size={16} />}
            </ActionIcon>
          </Tooltip>
        )}
      </CopyButton>
    </Group>
  )
}

/** The words of a command in a namespace: what is typed goes to main unless it says otherwise. */
export function commandOf(namespace: string, words: string): string {
  return `sluice ${words}${namespace === 'main' ? '' : ` --namespace ${namespace}`}`
}
