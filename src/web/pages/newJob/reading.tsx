// How the sample was read, in one line; all of it can be changed, or another file given.
import { Button, Collapse, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { IconRefresh } from '@tabler/icons-react'
import { noun } from '../../lib/numbers.ts'
import { dialectText } from '../../parts/reading/dialect.ts'
import { DialectForm } from '../../parts/reading/dialectForm.tsx'
import { ReadingButton } from '../../parts/reading/readingButton.tsx'
import type { Draft } from './draft.ts'
import { GiveFile } from './giveFile.tsx'
import type { Sampling } from './useSample.ts'

interface ReadingProps {
  readonly draft: Draft
  readonly sampling: Sampling
}

export function Reading({ draft, sampling }: ReadingProps) {
  const what = draft.job?.problem?.details['what']
  const failed = draft.job?.state === 'sampling_failed'
  const [opened, { toggle }] = useDisclosure(failed && (what === 'encoding' || what === 'delimiters'))
  const { sample } = sampling
  return (
    <Stack gap="sm">
      <Group gap="xs" justify="space-between" align="flex-start">
        <div style={{ flex: '1 1 280px', minWidth: 0 }}>
          {sample !== undefined && (
            <>
              <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
                {sample.file}
              </Text>
              <Text size="sm" c="dimmed">
                {`${sample.whole ? '' : 'the first '}${noun(sample.records, 'record')} looked at`}
                {sample.bad > 0 && `, ${noun(sample.bad, 'record')} cannot be read`} ·{' '}
                {dialectText(sample.dialect)}
              </Text>
            </>
          )}
        </div>
        <Group gap="xs">
          <ReadingButton opened={opened} toggle={toggle} />
          <GiveFile sampling={sampling} small />
          {draft.setup.source.kind !== 'upload' && (
            <Button
              size="xs"
              variant="default"
              leftSection={<IconRefresh size={16} aria-hidden />}
              onClick={() => sampling.read()}
            >
              Read it again
            </Button>
          )}
        </Group>
      </Group>
      <Collapse expanded={opened}>
        <DialectForm dialect={draft.definition.dialect} read={(dialect) => sampling.read({ dialect })} />
      </Collapse>
    </Stack>
  )
}
