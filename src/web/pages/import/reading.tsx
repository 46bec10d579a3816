// How the file was read, in one line; everything about it can be said otherwise.
import { Collapse, Group, Stack, Text } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { dialectSchema, type Dialect } from '../../../core/dialect.ts'
import { ProblemAlert } from '../../parts/problem.tsx'
import { dialectText } from '../../parts/reading/dialect.ts'
import { DialectForm } from '../../parts/reading/dialectForm.tsx'
import { ReadingButton } from '../../parts/reading/readingButton.tsx'
import { ImportButton } from './importButton.tsx'
import type { PreviewState } from './usePreview.ts'

interface ReadingProps {
  readonly state: PreviewState
  readonly dialect: Dialect
}

export function Reading({ state, dialect }: ReadingProps) {
  const [opened, { toggle }] = useDisclosure()
  const busy = state.inspection.isFetching
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Text>{dialectText(dialect)}</Text>
        <ReadingButton opened={opened} toggle={toggle} />
        {busy && (
          <Text size="sm" c="dimmed" role="status">
            Reading it again …
          </Text>
        )}
      </Group>
      <Collapse expanded={opened}>
        <DialectForm dialect={dialect} busy={busy} read={state.read} />
      </Collapse>
    </Stack>
  )
}

/** It could not be read at all: why, and what can be said about it; or another file. */
export function Unread({ state }: { readonly state: PreviewState }) {
  const { inspection, hints, read } = state
  const [opened, { toggle }] = useDisclosure(Object.keys(hints).length > 0)
  const dialect = dialectSchema.parse({ format: 'csv', encoding: 'utf-8', ...hints })
  return (
    <Stack>
      <ProblemAlert error={inspection.error} />
      <Group gap="sm">
        <ImportButton label="Choose another file" size="xs" />
        <ReadingButton opened={opened} toggle={toggle} />
      </Group>
      <Collapse expanded={opened}>
        <DialectForm dialect={dialect} busy={inspection.isFetching} read={read} />
      </Collapse>
    </Stack>
  )
}
