// The job as `sluice job export` writes it: to read, to copy, to keep under version control.
import { Button, Code, CopyButton, Group, Modal, ScrollArea, Stack, Text } from '@mantine/core'
import { IconCheck, IconCode, IconCopy } from '@tabler/icons-react'
import { useState } from 'react'
import type { Draft } from './draft.ts'

/** With what was changed and not saved yet. */
export function YamlButton({ draft }: { readonly draft: Draft }) {
  const [text, setText] = useState<string | null>(null)
  const open = async (): Promise<void> => setText(await yamlOf(draft))
  return (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<IconCode size={16} aria-hidden />}
        onClick={() => void open()}
      >
        As YAML
      </Button>
      <Modal opened={text !== null} onClose={() => setText(null)} title="This job as a file" size="xl">
        <Stack>
          <Text size="sm" c="dimmed">
            The same as <Code>sluice job export</Code> writes; <Code>sluice job apply</Code> reads it. Secrets
            are not in it.
          </Text>
          <ScrollArea.Autosize mah="60vh" type="auto">
            <Code block tabIndex={0} aria-label="The job as YAML">
              {text}
            </Code>
          </ScrollArea.Autosize>
          <Group justify="flex-end">
            <CopyButton value={text ?? ''}>
              {({ copied, copy }) => (
                <Button
                  onClick={copy}
                  leftSection={
                    copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
                  }
                >
                  {copied ? 'Copied' : 'Copy as YAML'}
                </Button>
              )}
            </CopyButton>
          </Group>
        </Stack>
      </Modal>
    </>
  )
}

async function yamlOf({ job, name, setup, definition }: Draft): Promise<string> {
  const { activeInFile, jobFileOf, jobsToYaml } = await import('../../../core/jobFile.ts')
  const active = job === null ? null : activeInFile(job.kind, job.state)
  return jobsToYaml([jobFileOf(name, active, setup, definition)])
}
